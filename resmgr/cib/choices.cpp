// The choices between attributes and children that a table of names cannot say; see validate.hpp.
#include <array>

#include "common/xml/tree.hpp"
#include "resmgr/cib/validate.hpp"

namespace relevo::cib {
namespace {

bool has(const pugi::xml_node& node, std::string_view name) { return xml::attribute(node, name).has_value(); }
bool holds(const pugi::xml_node& node, std::string_view name) { return !xml::child(node, name).empty(); }

std::string id_or_reference(const pugi::xml_node& node) {
  return has(node, "id") != has(node, "id-ref") ? "" : "it needs either 'id' or 'id-ref'";
}

std::string pair(const pugi::xml_node& node) {
  if (auto why = id_or_reference(node); !why.empty()) return why;
  return has(node, "id") && xml::attribute_or(node, "name").empty() ? "attribute 'name' is missing" : "";
}

std::string primitive(const pugi::xml_node& node) {
  if (has(node, "template"))
    return has(node, "class") || has(node, "type") || has(node, "provider")
               ? "'template' excludes 'class', 'provider' and 'type'" : "";
  if (!has(node, "class") || !has(node, "type")) return "it needs 'class' and 'type', or 'template'";
  if (xml::attribute_or(node, "class") == "ocf" && !has(node, "provider"))
    return "class 'ocf' needs 'provider', such as 'heartbeat'";
  return "";
}

std::string rsc_template(const pugi::xml_node& node) {
  return xml::attribute_or(node, "class") == "ocf" && !has(node, "provider")
             ? "class 'ocf' needs 'provider', such as 'heartbeat'" : "";
}

std::string clone(const pugi::xml_node& node) {
  return holds(node, "primitive") != holds(node, "group") ? "" : "it needs exactly one <primitive> or <group>";
}

std::string bundle(const pugi::xml_node& node) {
  const int containers = holds(node, "docker") + holds(node, "podman") + holds(node, "rkt");
  return containers == 1 ? "" : "it needs exactly one of <docker>, <podman>, <rkt>";
}

std::string port_mapping(const pugi::xml_node& node) {
  return has(node, "port") != has(node, "range") ? "" : "it needs either 'port' or 'range'";
}

std::string storage_mapping(const pugi::xml_node& node) {
  return has(node, "source-dir") != has(node, "source-dir-root") ? "" : "it needs either 'source-dir' or 'source-dir-root'";
}

std::string operation(const pugi::xml_node& node) {
  if (auto why = id_or_reference(node); !why.empty()) return why;
  if (!has(node, "id")) return "";
  if (!has(node, "name")) return "attribute 'name' is missing";
  if (!has(node, "interval")) return "attribute 'interval' is missing";
  return has(node, "start-delay") && has(node, "interval-origin") ? "'start-delay' excludes 'interval-origin'" : "";
}

std::string location(const pugi::xml_node& node) {
  if (has(node, "rsc") + has(node, "rsc-pattern") + holds(node, "resource_set") != 1)
    return "it needs exactly one of 'rsc', 'rsc-pattern' and <resource_set>";
  if (holds(node, "rule")) return has(node, "node") ? "a <rule> excludes 'node'" : "";
  if (!has(node, "node")) return "it needs 'node' and 'score', or a <rule>";
  return has(node, "score") || has(node, "score-attribute") ? "" : "attribute 'score' is missing";
}

/// A pair of attributes, or resource sets.
std::string pair_or_sets(const pugi::xml_node& node, const char* one, const char* two) {
  if (holds(node, "resource_set"))
    return has(node, one) || has(node, two) ? fmt::format("<resource_set> excludes '{}' and '{}'", one, two) : "";
  return has(node, one) && has(node, two) ? "" : fmt::format("it needs '{}' and '{}', or <resource_set>", one, two);
}

std::string colocation(const pugi::xml_node& node) { return pair_or_sets(node, "rsc", "with-rsc"); }

std::string order(const pugi::xml_node& node) {
  if (has(node, "kind") && has(node, "score")) return "'kind' excludes 'score'";
  return pair_or_sets(node, "first", "then");
}

std::string ticket(const pugi::xml_node& node) {
  return has(node, "rsc") != holds(node, "resource_set") ? "" : "it needs either 'rsc' or <resource_set>";
}

std::string resource_set(const pugi::xml_node& node) {
  if (auto why = id_or_reference(node); !why.empty()) return why;
  return has(node, "id") && !holds(node, "resource_ref") ? "<resource_ref> is missing in it" : "";
}

std::string rule(const pugi::xml_node& node) {
  if (auto why = id_or_reference(node); !why.empty()) return why;
  if (has(node, "score") && has(node, "score-attribute")) return "'score' excludes 'score-attribute'";
  return has(node, "id") && !xml::first_element(node) ? "it needs an expression or a <rule>" : "";
}

std::string expression(const pugi::xml_node& node) {
  const auto op = xml::attribute_or(node, "operation");
  const bool unary = op == "defined" || op == "not_defined";
  return unary || has(node, "value") ? "" : fmt::format("operation '{}' needs 'value'", op);
}

std::string date_expression(const pugi::xml_node& node) {
  const auto op = xml::attribute_or(node, "operation", "in_range");
  if (op == "gt") return has(node, "start") ? "" : "operation 'gt' needs 'start'";
  if (op == "lt") return has(node, "end") ? "" : "operation 'lt' needs 'end'";
  if (op == "date_spec") return holds(node, "date_spec") ? "" : "operation 'date_spec' needs <date_spec>";
  return has(node, "start") || has(node, "end") ? "" : "operation 'in_range' needs 'start' or 'end'";
}

std::string fencing_level(const pugi::xml_node& node) {
  const bool by_attribute = has(node, "target-attribute");
  if (by_attribute != has(node, "target-value")) return "'target-attribute' and 'target-value' belong together";
  return has(node, "target") + has(node, "target-pattern") + by_attribute == 1
             ? "" : "it needs exactly one of 'target', 'target-pattern', and 'target-attribute' with 'target-value'";
}

std::string permission(const pugi::xml_node& node) {
  return has(node, "xpath") + has(node, "reference") + has(node, "object-type") == 1
             ? "" : "it needs exactly one of 'xpath', 'reference' and 'object-type'";
}

using Check = std::string (*)(const pugi::xml_node&);
constexpr std::array<std::pair<std::string_view, Check>, 19> checks{{
    {"nvset", id_or_reference}, {"nvpair", pair}, {"primitive", primitive}, {"template", rsc_template},
    {"clone", clone}, {"bundle", bundle}, {"port-mapping", port_mapping}, {"storage-mapping", storage_mapping},
    {"op", operation}, {"rsc_location", location}, {"rsc_colocation", colocation}, {"rsc_order", order},
    {"rsc_ticket", ticket}, {"resource_set", resource_set}, {"rule", rule}, {"expression", expression},
    {"date_expression", date_expression}, {"fencing-level", fencing_level}, {"acl_permission", permission}}};

}  // namespace

std::string choice_fault(std::string_view type, const pugi::xml_node& node) {
  for (const auto& [name, check] : checks)
    if (type == name) return check(node);
  return "";
}

}  // namespace relevo::cib
