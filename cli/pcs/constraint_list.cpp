// Printing constraints; see constraint_list.hpp.
#include "cli/pcs/constraint_list.hpp"

#include <ctime>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/pcs/session.hpp"
#include "common/base/text.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/rules/date.hpp"

namespace relevo::cli::pcs {
namespace {

std::string id_suffix(const pugi::xml_node& node, bool full) {
  return full ? fmt::format(" (id:{})", xml::attribute_or(node, "id")) : std::string{};
}

std::string expression_text(const pugi::xml_node& e) {
  const std::string_view name = e.name();
  std::vector<std::string> parts;
  const auto add = [&](const char* attribute) {
    if (const auto value = xml::attribute(e, attribute)) parts.emplace_back(*value);
  };
  if (name == "date_expression") {
    parts.emplace_back("date");
    add("operation");
    add("start");
    add("end");
  } else {
    add("attribute");
    add("operation");
    add("type");
    add("value");
  }
  return join(parts, " ");
}

void print_rule(const pugi::xml_node& rule, bool full, bool expired, int indent) {
  std::vector<std::string> head;
  for (const auto* attribute : {"boolean-op", "score", "score-attribute"})
    if (const auto value = xml::attribute(rule, attribute)) head.push_back(fmt::format("{}={}", attribute, *value));
  fmt::print("{:{}}Rule{}: {}{}\n", "", indent, expired ? " (expired)" : "", join(head, " "), id_suffix(rule, full));
  for (auto e = xml::first_element(rule); e; e = xml::next_element(e)) {
    if (std::string_view(e.name()) == "rule")
      print_rule(e, full, false, indent + 2);
    else
      fmt::print("{:{}}Expression: {}{}\n", "", indent + 2, expression_text(e), id_suffix(e, full));
  }
}

/// Whether the rule can never hold again: an "and" of expressions of which one ended in the past.
bool is_expired(const pugi::xml_node& rule) {
  if (xml::attribute_or(rule, "boolean-op", "and") != "and") return false;
  for (const auto& e : rule.children("date_expression")) {
    const auto operation = xml::attribute_or(e, "operation");
    const auto end = xml::attribute(e, "end");
    if (!end || (operation != "lt" && operation != "in_range")) continue;
    const auto at = rules::parse_date(*end);
    if (at && at->seconds <= std::time(nullptr)) return true;
  }
  return false;
}

void print_node_line(const pugi::xml_node& c, bool full) {
  const auto role = xml::attribute(c, "role");
  fmt::print("      Node: {} (score:{}){}{}\n", xml::attribute_or(c, "node"), xml::attribute_or(c, "score"),
             role ? fmt::format(" (role:{})", *role) : "", id_suffix(c, full));
}

void print_resource(const std::string& resource, const std::vector<pugi::xml_node>& constraints, const Arguments& arguments) {
  std::vector<pugi::xml_node> enabled, disabled, ruled;
  for (const auto& c : constraints) {
    if (const auto rule = c.child("rule")) {
      if (arguments.all || !is_expired(rule)) ruled.push_back(c);
    } else {
      (xml::attribute_or(c, "score").starts_with('-') ? disabled : enabled).push_back(c);
    }
  }
  if (enabled.empty() && disabled.empty() && ruled.empty()) return;
  fmt::print("  Resource: {}\n", resource);
  if (!enabled.empty()) fmt::print("    Enabled on:\n");
  for (const auto& c : enabled) print_node_line(c, arguments.full);
  if (!disabled.empty()) fmt::print("    Disabled on:\n");
  for (const auto& c : disabled) print_node_line(c, arguments.full);
  for (const auto& c : ruled) {
    const bool expired = is_expired(c.child("rule"));
    fmt::print("    Constraint{}: {}\n", expired ? " (expired)" : "", xml::attribute_or(c, "id"));
    print_rule(c.child("rule"), arguments.full, expired, 6);
  }
}

void print_order(const pugi::xml_node& c, bool full) {
  fmt::print("  {} {} then {} {} (kind:{}){}\n", xml::attribute_or(c, "first-action", "start"), xml::attribute_or(c, "first"),
             xml::attribute_or(c, "then-action", xml::attribute_or(c, "first-action", "start")),
             xml::attribute_or(c, "then"), xml::attribute_or(c, "kind", "Mandatory"), id_suffix(c, full));
}

void print_colocation(const pugi::xml_node& c, bool full) {
  fmt::print("  {} with {} (score:{}){}\n", xml::attribute_or(c, "rsc"), xml::attribute_or(c, "with-rsc"),
             xml::attribute_or(c, "score", "0"), id_suffix(c, full));
}

nlohmann::json to_json(const pugi::xml_node& node) {
  nlohmann::json out{{"kind", node.name()}};
  for (const auto& attribute : node.attributes()) out[attribute.name()] = attribute.value();
  for (auto child = xml::first_element(node); child; child = xml::next_element(child)) out["children"].push_back(to_json(child));
  return out;
}

}  // namespace

Status print_constraints(const Arguments& arguments, bool only_location) {
  auto session = Session::open(arguments);
  if (!session) return pass(session.error());
  const auto constraints = session->document().section("constraints");
  if (arguments.json) {
    auto list = nlohmann::json::array();
    for (auto c = xml::first_element(constraints); c; c = xml::next_element(c)) list.push_back(to_json(c));
    fmt::print("{}\n", list.dump(2));
    return {};
  }
  std::map<std::string, std::vector<pugi::xml_node>> by_resource;
  for (const auto& c : constraints.children("rsc_location"))
    by_resource[std::string(xml::attribute_or(c, "rsc", xml::attribute_or(c, "rsc-pattern")))].push_back(c);
  fmt::print("Location Constraints:\n");
  for (const auto& [resource, list] : by_resource) print_resource(resource, list, arguments);
  if (only_location) return {};
  fmt::print("Ordering Constraints:\n");
  for (const auto& c : constraints.children("rsc_order")) print_order(c, arguments.full);
  fmt::print("Colocation Constraints:\n");
  for (const auto& c : constraints.children("rsc_colocation")) print_colocation(c, arguments.full);
  fmt::print("Ticket Constraints:\n");
  return {};
}

}  // namespace relevo::cli::pcs
