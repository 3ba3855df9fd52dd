// Node states, transient attributes and fail counts of a simulated status, see history.hpp.
#include <fmt/format.h>

#include "common/base/text.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/policy/simulate/history.hpp"

namespace relevo::policy {
namespace {

pugi::xml_node child_or_new(pugi::xml_node parent, const char* name) {
  const auto found = parent.child(name);
  return found ? found : parent.append_child(name);
}

pugi::xml_node with_id(pugi::xml_node parent, const char* name, const std::string& id) {
  if (const auto found = parent.child(name)) return found;
  auto made = parent.append_child(name);
  made.append_attribute("id") = id.c_str();
  return made;
}

void add_one(pugi::xml_node cib, const char* name) {
  xml::set_attribute(cib, name, std::to_string(cib.attribute(name).as_llong(0) + 1));
}

/// Ids may not hold some characters that names of attributes may.
std::string as_id(std::string text) {
  for (auto& c : text)
    if (c == '#' || c == ':' || c == '"' || c == '\'' || c == ' ' || c == '/') c = '.';
  return text;
}

}  // namespace

StatusWriter::StatusWriter(pugi::xml_node cib, const Injections& injections) : cib_(cib), injections_(injections) {
  for (auto state : cib.child("status").children("node_state")) states_.emplace(state.attribute("uname").as_string(), state);
}

void StatusWriter::count() { add_one(cib_, "num_updates"); }

void StatusWriter::count_configuration() {
  add_one(cib_, "epoch");
  xml::set_attribute(cib_, "num_updates", "0");
}

pugi::xml_node StatusWriter::status() { return child_or_new(cib_, "status"); }

pugi::xml_node StatusWriter::configured_node(const std::string& name) {
  auto nodes = child_or_new(child_or_new(cib_, "configuration"), "nodes");
  auto node = nodes.find_child_by_attribute("node", "uname", name.c_str());
  if (node || injections_.node_up.empty()) return node;
  node = nodes.append_child("node");
  node.append_attribute("id") = name.c_str();
  node.append_attribute("uname") = name.c_str();
  count_configuration();
  return node;
}

pugi::xml_node StatusWriter::node_state(const std::string& name, const std::string& id) {
  const auto node = configured_node(name);
  if (const auto found = states_.find(name); found != states_.end()) return found->second;
  std::string known = id;
  if (known.empty()) known = node ? node.attribute("id").as_string() : name;
  auto state = status().append_child("node_state");
  state.append_attribute("id") = known.c_str();
  state.append_attribute("uname") = name.c_str();
  states_.emplace(name, state);
  count();
  return state;
}

pugi::xml_node StatusWriter::set_node_state(const std::string& name, bool up, const char* origin) {
  auto state = node_state(name, {});
  bool changed = xml::set_attribute(state, "in_ccm", up ? "true" : "false");
  changed |= xml::set_attribute(state, "crmd", up ? "online" : "offline");
  changed |= xml::set_attribute(state, "join", up ? "member" : "down");
  changed |= xml::set_attribute(state, "expected", up ? "member" : "down");
  changed |= xml::set_attribute(state, "crm-debug-origin", origin);
  if (changed) count();
  return state;
}

void StatusWriter::forget(pugi::xml_node node_state) {
  histories_.erase(node_state.internal_object());
  for (const char* part : {"lrm", "transient_attributes"})
    if (node_state.remove_child(part)) count();
}

std::string StatusWriter::set_transient(pugi::xml_node node_state, const std::string& name, const std::string& value) {
  const std::string node_id = node_state.attribute("id").as_string();
  auto block = with_id(with_id(node_state, "transient_attributes", node_id), "instance_attributes", node_id);
  const auto id = as_id(fmt::format("{}-{}", block.attribute("id").as_string(), name));
  auto pair = block.find_child_by_attribute("nvpair", "id", id.c_str());
  if (!pair) {
    pair = block.append_child("nvpair");
    pair.append_attribute("id") = id.c_str();
  }
  xml::set_attribute(pair, "name", name);
  const auto next = std::to_string(parse_int(pair.attribute("value").as_string("0")).value_or(0) + 1);
  xml::set_attribute(pair, "value", value == "value++" ? next : value);
  return fmt::format("  * Injecting attribute {}={} into /node_state '{}'", name, value, node_id);
}

std::vector<std::string> StatusWriter::count_failure(pugi::xml_node node_state, const std::string& rsc, const std::string& task,
                                                     std::chrono::milliseconds interval, int rc) {
  constexpr int not_running = 7;
  if (rc == 0 || (rc == not_running && interval.count() == 0)) return {};
  const auto what = fmt::format("{}#{}_{}", rsc, task, interval.count());
  return {set_transient(node_state, "fail-count-" + what, "value++"),
          set_transient(node_state, "last-failure-" + what, std::to_string(injections_.at.seconds))};
}

}  // namespace relevo::policy
