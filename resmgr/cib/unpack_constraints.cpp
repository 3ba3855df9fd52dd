// Constraints: locations with their rules evaluated for every node, colocations and orders between two resources.
#include <algorithm>
#include <tuple>

#include "common/base/text.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/cib/unpack_context.hpp"

namespace relevo::cib {
namespace {

using model::Score;

std::string id_of(const pugi::xml_node& xml) { return std::string(xml::attribute_or(xml, "id")); }

void leave_out(UnpackContext& context, const char* kind, const pugi::xml_node& xml, const std::string& why) {
  context.state.unsupported.push_back(fmt::format("{} '{}': {}: it is left out", kind, id_of(xml), why));
}

bool is_known(UnpackContext& context, std::string_view id) {
  return context.resource(id) || context.state.collection(id);
}

/// Started and Unpromoted hold for any active role; Promoted matters only for promotion.
model::Role role_filter(const pugi::xml_node& xml, const pugi::xml_node& rule) {
  const auto role = model::parse_role(xml::attribute_or(rule, "role", xml::attribute_or(xml, "role")));
  return role == model::Role::promoted || role == model::Role::stopped ? *role : model::Role::unknown;
}

Score score_of(UnpackContext& context, const pugi::xml_node& xml, std::string_view text) {
  if (const auto score = model::parse_score(text)) return *score;
  context.warn(fmt::format("constraint '{}': '{}' is not a score; 0 is used", id_of(xml), text));
  return Score();
}

/// A rule's score on a node: its own, or the value of the node's attribute that it names.
Score rule_score(UnpackContext& context, const pugi::xml_node& rule, const model::Node& node) {
  const auto attribute = xml::attribute(rule, "score-attribute");
  if (!attribute) return score_of(context, rule, xml::attribute_or(rule, "score", "0"));
  const std::string value = node.attribute(std::string(*attribute));
  return value.empty() ? Score(-Score::infinity) : score_of(context, rule, value);
}

void add_rule(UnpackContext& context, model::Location location, const pugi::xml_node& xml, const pugi::xml_node& rule) {
  location.rule = id_of(rule);
  location.role = role_filter(xml, rule);
  const model::Resource* resource = context.resource(location.resource);
  for (const model::Node& node : context.state.nodes)
    if (rule_holds(context, rule, {.node = &node, .resource = resource}))
      location.scores[node.uname] = rule_score(context, rule, node);
  context.state.locations.push_back(std::move(location));
}

void add_location(UnpackContext& context, const pugi::xml_node& xml, std::string resource) {
  if (!is_known(context, resource))
    return context.warn(fmt::format("constraint '{}' names resource '{}', which does not exist", id_of(xml), resource));
  model::Location location;
  location.id = id_of(xml);
  location.resource = std::move(resource);
  location.discovery = xml::attribute_or(xml, "resource-discovery");
  bool has_rule = false;
  for (const pugi::xml_node& each : xml.children("rule")) {
    has_rule = true;
    if (const pugi::xml_node rule = resolve(context, each)) add_rule(context, location, xml, rule);
  }
  if (has_rule) return;
  location.role = role_filter(xml, {});
  const std::string node(xml::attribute_or(xml, "node"));
  if (!context.state.node(node))
    return context.warn(fmt::format("constraint '{}' names node '{}', which does not exist", location.id, node));
  location.scores[node] = score_of(context, xml, xml::attribute_or(xml, "score", "0"));
  context.state.locations.push_back(std::move(location));
}

void read_location(UnpackContext& context, const pugi::xml_node& xml) {
  if (xml::attribute(xml, "rsc-pattern"))
    return leave_out(context, "location", xml, "patterns of resources are not supported yet");
  if (const auto resource = xml::attribute(xml, "rsc")) return add_location(context, xml, std::string(*resource));
  for (const pugi::xml_node& each : xml.children("resource_set")) {
    const pugi::xml_node set = resolve(context, each);
    for (const pugi::xml_node& reference : set.children("resource_ref")) add_location(context, xml, id_of(reference));
  }
}

bool is_plain_role(const pugi::xml_node& xml, const char* name) {
  const auto role = xml::attribute(xml, name);
  return !role || equals_ignoring_case(*role, "Started");
}

void read_colocation(UnpackContext& context, const pugi::xml_node& xml) {
  if (xml.child("resource_set")) return leave_out(context, "colocation", xml, "resource sets are not supported yet");
  if (!is_plain_role(xml, "rsc-role") || !is_plain_role(xml, "with-rsc-role"))
    return leave_out(context, "colocation", xml, "roles are not supported yet");
  if (xml::attribute(xml, "node-attribute"))
    return leave_out(context, "colocation", xml, "node-attribute is not supported yet");
  model::Colocation colocation;
  colocation.id = id_of(xml);
  colocation.dependent = xml::attribute_or(xml, "rsc");
  colocation.with = xml::attribute_or(xml, "with-rsc");
  colocation.score = score_of(context, xml, xml::attribute_or(xml, "score", "0"));
  if (!is_known(context, colocation.dependent) || !is_known(context, colocation.with))
    return context.warn(fmt::format("colocation '{}' names a resource that does not exist", colocation.id));
  if (colocation.score.value != 0) context.state.colocations.push_back(std::move(colocation));
}

std::optional<model::Ordering::Kind> kind_of(const pugi::xml_node& xml) {
  using Kind = model::Ordering::Kind;
  const std::string kind = to_lower(xml::attribute_or(xml, "kind"));
  if (kind == "optional") return Kind::optional;
  if (kind == "serialize") return Kind::serialize;
  if (kind == "mandatory") return Kind::mandatory;
  if (!kind.empty()) return std::nullopt;
  // Without a kind an old score decides: 0 means advisory.
  const auto score = model::parse_score(xml::attribute_or(xml, "score", "INFINITY"));
  return score && score->value == 0 ? Kind::optional : Kind::mandatory;
}

void read_order(UnpackContext& context, const pugi::xml_node& xml) {
  if (xml.child("resource_set")) return leave_out(context, "order", xml, "resource sets are not supported yet");
  const auto kind = kind_of(xml);
  if (!kind) return leave_out(context, "order", xml, "its kind is not one of Mandatory, Optional, Serialize");
  model::Ordering order;
  order.id = id_of(xml);
  order.first = xml::attribute_or(xml, "first");
  order.then = xml::attribute_or(xml, "then");
  order.first_action = xml::attribute_or(xml, "first-action", "start");
  order.then_action = xml::attribute_or(xml, "then-action", order.first_action);
  order.kind = *kind;
  const bool by_default = *kind != model::Ordering::Kind::serialize;
  order.symmetrical = parse_bool(xml::attribute_or(xml, "symmetrical")).value_or(by_default);
  const auto plain = [](const std::string& action) { return action == "start" || action == "stop"; };
  if (!plain(order.first_action) || !plain(order.then_action))
    return leave_out(context, "order", xml, "only start and stop are supported yet");
  if (!is_known(context, order.first) || !is_known(context, order.then))
    return context.warn(fmt::format("order '{}' names a resource that does not exist", order.id));
  context.state.orderings.push_back(std::move(order));
}

}  // namespace

void unpack_constraints(UnpackContext& context) {
  for (const pugi::xml_node& xml : context.section("constraints").children()) {
    const std::string_view name = xml.name();
    if (name == "rsc_location")
      read_location(context, xml);
    else if (name == "rsc_colocation")
      read_colocation(context, xml);
    else if (name == "rsc_order")
      read_order(context, xml);
    else if (name == "rsc_ticket")
      leave_out(context, "ticket constraint", xml, "tickets are not supported yet");
  }
  // The order in which they were written means nothing.
  const auto by_id = [](const auto& a, const auto& b) { return std::tie(a.id) < std::tie(b.id); };
  std::stable_sort(context.state.locations.begin(), context.state.locations.end(), by_id);
  std::stable_sort(context.state.colocations.begin(), context.state.colocations.end(), by_id);
  std::stable_sort(context.state.orderings.begin(), context.state.orderings.end(), by_id);
}

}  // namespace relevo::cib
