// Elements of the graph read, and put in order, see read_graph.hpp. Source: resmgr spec 2(a) stage 12.
#include "resmgr/scheduler/read_graph.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "common/base/text.hpp"
#include "common/xml/tree.hpp"

namespace relevo::scheduler {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view meta_prefix = "CRM_meta_";

/// An action as it stands in the graph: what it waits for is still named by the graph's own numbers.
struct Element {
  Action action;
  std::string key;  ///< for people
  int id = 0;
  std::vector<int> inputs;
};

ActionKind kind_of(const pugi::xml_node& xml) {
  const std::string_view element = xml.name();
  const auto task = xml::attribute_or(xml, "operation");
  if (element == "pseudo_event") return ActionKind::pseudo;
  if (task == "stonith") return ActionKind::fence;
  if (task == "do_shutdown") return ActionKind::shutdown;
  if (task == "clear_failcount") return ActionKind::clear_failures;
  if (task == "lrm_delete" || task == "delete") return ActionKind::forget;
  return task == "cancel" ? ActionKind::cancel : ActionKind::resource;
}

void add_attribute(Action& action, std::string_view name, std::string_view value) {
  if (name.starts_with(meta_prefix))
    action.meta.emplace(name.substr(meta_prefix.size()), value);
  else if (name != "crm_feature_set")
    action.parameters.emplace(name, value);
}

milliseconds time_in(const Action& action, const char* name, milliseconds otherwise) {
  const auto found = action.meta.find(name);
  const auto value = found == action.meta.end() ? std::nullopt : parse_int(found->second);
  return value && *value >= 0 ? milliseconds(*value) : otherwise;
}

void read_attributes(const pugi::xml_node& xml, Action& action) {
  for (const auto& each : xml.attributes()) add_attribute(action, each.name(), each.value());
  // Names that no attribute of XML may have stand in elements of their own.
  for (const auto& each : xml.children("param"))
    add_attribute(action, xml::attribute_or(each, "name"), xml::attribute_or(each, "value"));
  action.interval = time_in(action, "interval", milliseconds(0));
  action.timeout = time_in(action, "timeout", action.timeout);
  action.start_delay = time_in(action, "start_delay", milliseconds(0));
  const auto expected = action.meta.find("op_target_rc");
  if (expected != action.meta.end()) action.expected_rc = static_cast<int>(parse_int(expected->second).value_or(0));
  if (const auto on_fail = action.meta.find("on_fail"); on_fail != action.meta.end()) action.on_fail = on_fail->second;
}

Element read_element(const pugi::xml_node& xml) {
  Element element;
  Action& action = element.action;
  element.id = xml.attribute("id").as_int();
  element.key = xml::attribute_or(xml, "operation_key");
  action.kind = kind_of(xml);
  action.task = xml::attribute_or(xml, "operation");
  action.node = xml::attribute_or(xml, "on_node");
  if (const auto primitive = xml.child("primitive")) {
    action.resource = xml::attribute_or(primitive, "id");
    action.instance = xml::attribute_or(primitive, "long-id", action.resource);
    action.klass = xml::attribute_or(primitive, "class");
    action.provider = xml::attribute_or(primitive, "provider");
    action.type = xml::attribute_or(primitive, "type");
  }
  read_attributes(xml.child("attributes"), action);
  if (action.kind == ActionKind::pseudo) action.parameters.clear();
  if (xml.attribute("router_node") && action.kind != ActionKind::pseudo) {
    action.runnable = false;
    action.reason = "connections to remote nodes are not supported yet";
  }
  return element;
}

std::vector<Element> read_elements(const pugi::xml_node& graph) {
  std::vector<Element> all;
  for (const auto& synapse : graph.children("synapse")) {
    const auto xml = synapse.child("action_set").first_child();
    if (!xml) continue;
    all.push_back(read_element(xml));
    all.back().action.priority = synapse.attribute("priority").as_int(0);
    for (const auto& trigger : synapse.child("inputs").children("trigger"))
      all.back().inputs.push_back(trigger.first_child().attribute("id").as_int());
  }
  // In the order in which they were planned: the graph itself tells the latest first.
  std::sort(all.begin(), all.end(), [](const Element& a, const Element& b) { return a.id < b.id; });
  return all;
}

/// Places of elements, each behind those that it waits for; what waits in a circle is left out.
std::vector<std::size_t> sorted(const std::vector<Element>& all, const std::map<int, std::size_t>& place) {
  std::vector<std::size_t> missing(all.size(), 0);
  std::vector<std::vector<std::size_t>> followers(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const int input : all[i].inputs) {
      const auto found = place.find(input);
      if (found == place.end()) continue;
      ++missing[i];
      followers[found->second].push_back(i);
    }
  }
  std::set<std::size_t> ready;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (missing[i] == 0) ready.insert(i);
  std::vector<std::size_t> order;
  while (!ready.empty()) {
    const std::size_t next = *ready.begin();
    ready.erase(ready.begin());
    order.push_back(next);
    for (const std::size_t follower : followers[next])
      if (--missing[follower] == 0) ready.insert(follower);
  }
  return order;
}

void drop(Element& element, std::string why, std::vector<std::string>& warnings) {
  warnings.push_back(fmt::format("{} cannot be carried out: {}", element.key, why));
  element.action.runnable = false;
  element.action.reason = std::move(why);
}

void drop_what_waits_for_nothing(std::vector<Element>& all, const std::map<int, std::size_t>& place,
                                 std::vector<std::string>& warnings) {
  for (Element& element : all) {
    const auto is_missing = [&](int input) { return !place.contains(input); };
    if (std::any_of(element.inputs.begin(), element.inputs.end(), is_missing))
      drop(element, "it waits for something that is left to the administrator", warnings);
  }
}

}  // namespace

std::vector<Action> read_graph(pugi::xml_node graph, const std::function<std::string(std::size_t)>& reason_of,
                               std::vector<std::string>& warnings) {
  std::vector<Element> all = read_elements(graph);
  for (Element& element : all)
    if (element.action.reason.empty()) element.action.reason = reason_of(static_cast<std::size_t>(element.id));
  std::map<int, std::size_t> place;
  for (std::size_t i = 0; i < all.size(); ++i) place.emplace(all[i].id, i);
  drop_what_waits_for_nothing(all, place, warnings);
  std::vector<Action> actions;
  std::map<int, ActionId> ids;
  for (const std::size_t i : sorted(all, place)) {
    Action& action = all[i].action;
    action.id = static_cast<ActionId>(actions.size());
    for (const int input : all[i].inputs)
      if (const auto found = ids.find(input); found != ids.end()) action.after.push_back(found->second);
    ids.emplace(all[i].id, action.id);
    actions.push_back(std::move(action));
  }
  for (Element& element : all) {
    if (ids.contains(element.id)) continue;
    drop(element, "it waits, over others, for itself", warnings);
    element.action.id = static_cast<ActionId>(actions.size());
    actions.push_back(std::move(element.action));
  }
  return actions;
}

}  // namespace relevo::scheduler
