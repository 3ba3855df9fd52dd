// An action's element and what is in it but the attributes, see element.hpp. Source: resmgr spec 2(a) stage 12.
#include "resmgr/policy/graph/element.hpp"

#include "resmgr/policy/graph/routing.hpp"
#include "resmgr/policy/set/actions.hpp"

namespace relevo::policy {
namespace {

struct Kind {
  const char* element = "rsc_op";
  bool names_node = true;
};

Kind kind_of(const Action& action) {
  // A guest is fenced by stopping its container: an event for the books only, but one of a node.
  if (action.task == "stonith") return {action.pseudo ? "pseudo_event" : "crm_event", true};
  if (action.task == "do_shutdown" || action.task == "clear_failcount" || action.task == "lrm_delete")
    return {"crm_event", true};
  if (action.pseudo) return {"pseudo_event", false};
  return {"rsc_op", true};
}

void put(pugi::xml_node element, const char* name, std::string_view value) {
  element.append_attribute(name).set_value(std::string(value).c_str());
}

void write_keys(const Action& action, pugi::xml_node element) {
  put(element, "operation_key", public_key(action));
  if (action.rsc != nullptr && !action.rsc->history_name.empty()) put(element, "internal_operation_key", action.key);
}

void write_node(const Action& action, pugi::xml_node element) {
  put(element, "on_node", action.node->name);
  put(element, "on_node_uuid", action.node->id);
  if (const Node* router = router_of(action)) put(element, "router_node", router->name);
}

pugi::xml_node write_names(const Action& action, pugi::xml_node parent) {
  const Kind kind = kind_of(action);
  pugi::xml_node element = parent.append_child(kind.element);
  if (action.task == "lrm_delete") put(element, "mode", "cib");
  element.append_attribute("id").set_value(action.id);
  put(element, "operation", action.task);
  write_keys(action, element);
  if (kind.names_node && action.node != nullptr) write_node(action, element);
  return element;
}

/// Does carrying it out keep the resource's lock? While the node leaves only a stop does.
bool keeps_lock(const Action& action) {
  if (action.node == nullptr || action.rsc->lock_node != action.node) return false;
  return !action.node->shutdown || action.task == "stop";
}

/// Which names the executor knows it by: its own, and the one by which the history does.
void write_resource_ids(const Resource& rsc, pugi::xml_node element) {
  if (rsc.removed && !rsc.history_name.empty()) {
    // With the number: there may be more than one left on a node, and the right one has to be met.
    put(element, "id", rsc.history_name);
    put(element, "long-id", rsc.id);
  } else if (!rsc.unique) {
    const std::string_view configured = rsc.xml.attribute("id").value();
    put(element, "id", configured);
    put(element, "long-id", !rsc.history_name.empty() && rsc.history_name != configured ? rsc.history_name : rsc.id);
  } else {
    put(element, "id", rsc.id);
  }
}

void write_resource(const Action& action, pugi::xml_node element) {
  const Resource& rsc = *action.rsc;
  if (keeps_lock(action))
    element.append_attribute("shutdown-lock").set_value(static_cast<long long>(rsc.lock_time.seconds));
  pugi::xml_node child = element.append_child(rsc.xml ? rsc.xml.name() : "primitive");
  write_resource_ids(rsc, child);
  if (!rsc.klass.empty()) put(child, "class", rsc.klass);
  if (!rsc.provider.empty()) put(child, "provider", rsc.provider);
  if (!rsc.type.empty()) put(child, "type", rsc.type);
}

void write_downed(const WorkingSet& set, const Action& action, pugi::xml_node element) {
  const auto down = taken_down_by(set, action);
  if (down.empty()) return;
  pugi::xml_node list = element.append_child("downed");
  for (const std::string_view id : down) put(list.append_child("node"), "id", id);
}

void write_maintenance(const WorkingSet& set, pugi::xml_node element) {
  pugi::xml_node list = element.append_child("maintenance");
  for (const Node* node : changed_maintenance(set)) {
    pugi::xml_node entry = list.append_child("node");
    put(entry, "id", node->id);
    put(entry, "node_in_maintenance", node->maintenance ? "1" : "0");
  }
}

std::chrono::milliseconds interval_in(const Action& action) {
  const auto told = action.meta.find("interval");
  if (told == action.meta.end()) return action.interval;
  std::int64_t value = 0;
  for (const char c : told->second) {
    if (c < '0' || c > '9' || value > 1'000'000'000'000) return action.interval;
    value = value * 10 + (c - '0');
  }
  return std::chrono::milliseconds(value);
}

std::string_view meta_of(const Action& action, std::string_view name) {
  const auto at = action.meta.find(name);
  return at == action.meta.end() ? std::string_view() : std::string_view(at->second);
}

}  // namespace

std::string public_key(const Action& action) {
  if (action.rsc == nullptr || action.rsc->history_name.empty()) return action.key;
  const std::string_view name = action.rsc->history_name;
  if (action.task == "notify")
    return notify_key(name, meta_of(action, "notify_type"), meta_of(action, "notify_operation"));
  return op_key(name, action.cancel_task.empty() ? action.task : action.cancel_task, interval_in(action));
}

void write_reference(const Action& action, pugi::xml_node parent) { write_names(action, parent); }

void write_action(WorkingSet& set, const Action& action, pugi::xml_node parent) {
  pugi::xml_node element = write_names(action, parent);
  if (action.rsc != nullptr && !action.pseudo) write_resource(action, element);
  write_attributes(set, action, element);
  if (kind_of(action).names_node) write_downed(set, action, element);
  if (action.pseudo && action.task == "maintenance_nodes") write_maintenance(set, element);
}

std::vector<const Node*> changed_maintenance(const WorkingSet& set) {
  std::vector<const Node*> changed;
  for (const Node* node : set.nodes) {
    if (node->is_remote() && node->maintenance != node->remote_maintenance) changed.push_back(node);
  }
  return changed;
}

}  // namespace relevo::policy
