// Showing and changing the set-up of resources; see resource_config.hpp.
#include "cli/pcs/resource_config.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/pcs/lookup.hpp"
#include "cli/pcs/session.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/cib/edit.hpp"

namespace relevo::cli::pcs {
namespace {

void print_nvset(const pugi::xml_node& set, const char* title, int indent) {
  if (!set) return;
  std::map<std::string, std::string> values;
  for (const auto& pair : set.children("nvpair"))
    values.emplace(xml::attribute_or(pair, "name"), xml::attribute_or(pair, "value"));
  fmt::print("{:{}}{}: {}\n", "", indent, title, xml::attribute_or(set, "id"));
  for (const auto& [name, value] : values) fmt::print("{:{}}{}={}\n", "", indent + 2, name, value);
}

void print_operations(const pugi::xml_node& primitive, int indent) {
  const auto operations = primitive.child("operations");
  if (!xml::first_element(operations)) return;
  fmt::print("{:{}}Operations:\n", "", indent);
  std::vector<pugi::xml_node> sorted(operations.children("op").begin(), operations.children("op").end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    return xml::attribute_or(a, "name") < xml::attribute_or(b, "name");
  });
  for (const auto& op : sorted) {
    fmt::print("{:{}}{}: {}\n", "", indent + 2, xml::attribute_or(op, "name"), xml::attribute_or(op, "id"));
    for (const auto& attribute : op.attributes()) {
      const std::string_view name = attribute.name();
      if (name != "id" && name != "name") fmt::print("{:{}}{}={}\n", "", indent + 4, name, attribute.value());
    }
  }
}

void print_resource(const pugi::xml_node& node, int indent) {
  const std::string_view kind = node.name();
  if (kind != "primitive") {
    fmt::print("{:{}}{}: {}\n", "", indent, kind == "group" ? "Group" : kind == "bundle" ? "Bundle" : "Clone", xml::attribute_or(node, "id"));
    print_nvset(node.child("meta_attributes"), "Meta Attributes", indent + 2);
    for (auto child = xml::first_element(node); child; child = xml::next_element(child))
      if (child.child("operations") || std::string_view(child.name()) == "primitive" || std::string_view(child.name()) == "group")
        print_resource(child, indent + 2);
    return;
  }
  const auto provider = xml::attribute(node, "provider");
  fmt::print("{:{}}Resource: {} (class={}{} type={})\n", "", indent, xml::attribute_or(node, "id"), xml::attribute_or(node, "class"),
             provider ? fmt::format(" provider={}", *provider) : "", xml::attribute_or(node, "type"));
  print_nvset(node.child("instance_attributes"), "Attributes", indent + 2);
  print_nvset(node.child("meta_attributes"), "Meta Attributes", indent + 2);
  print_operations(node, indent + 2);
}

nlohmann::json values_of(const pugi::xml_node& set) {
  nlohmann::json values = nlohmann::json::object();
  for (const auto& pair : set.children("nvpair"))
    values[std::string(xml::attribute_or(pair, "name"))] = std::string(xml::attribute_or(pair, "value"));
  return values;
}

nlohmann::json to_json(const pugi::xml_node& node) {
  nlohmann::json out{{"id", std::string(xml::attribute_or(node, "id"))},
                     {"kind", node.name()},
                     {"class", std::string(xml::attribute_or(node, "class"))},
                     {"provider", std::string(xml::attribute_or(node, "provider"))},
                     {"type", std::string(xml::attribute_or(node, "type"))},
                     {"attributes", values_of(node.child("instance_attributes"))},
                     {"meta", values_of(node.child("meta_attributes"))},
                     {"operations", nlohmann::json::array()}};
  for (const auto& op : node.child("operations").children("op")) {
    nlohmann::json entry = nlohmann::json::object();
    for (const auto& attribute : op.attributes()) entry[attribute.name()] = attribute.value();
    out["operations"].push_back(std::move(entry));
  }
  return out;
}

}  // namespace

Status resource_config(Arguments arguments) {
  auto session = Session::open(arguments);
  if (!session) return pass(session.error());
  std::vector<pugi::xml_node> chosen;
  for (const auto& id : arguments.words) {
    auto found = find_resource(session->document(), id);
    if (!found) return pass(found.error());
    chosen.push_back(*found);
  }
  if (arguments.empty()) {
    const auto resources = session->document().section("resources");
    for (auto r = xml::first_element(resources); r; r = xml::next_element(r)) chosen.push_back(r);
  }
  if (!arguments.json) {
    for (const auto& node : chosen) print_resource(node, 0);
    return {};
  }
  auto list = nlohmann::json::array();
  for (const auto& node : chosen) list.push_back(to_json(node));
  fmt::print("{}\n", list.dump(2));
  return {};
}

Status resource_update(Arguments arguments) {
  const auto id = arguments.take();
  auto pairs = parse_pairs(arguments.words);
  if (!pairs) return pass(pairs.error());
  if (id.empty() || pairs->empty()) return fail(ErrorKind::invalid, "usage: resource update RESOURCE NAME=VALUE...");
  auto session = Session::open(arguments);
  if (!session) return pass(session.error());
  if (auto found = find_resource(session->document(), id); !found) return pass(found.error());
  auto edit = cib::edit::set_instance_attributes(session->document(), id, *pairs);
  if (edit.empty()) return {};
  return session->commit(std::move(edit), arguments);
}

}  // namespace relevo::cli::pcs
