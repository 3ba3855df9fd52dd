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

void write_keys(const Action& action, xml::Writer& out) {
  const bool has_other_name = action.rsc != nullptr && !action.rsc->history_name.empty();
  if (!has_other_name) return out.attribute("operation_key", action.key);
  out.attribute("operation_key", public_key(action));
  out.attribute("internal_operation_key", action.key);
}

void write_node(const Action& action, xml::Writer& out) {
  out.attribute("on_node", action.node->name);
  out.attribute("on_node_uuid", action.node->id);
  if (const Node* router = router_of(action)) out.attribute("router_node", router->name);
}

/// Leaves the element open.
void write_names(const Action& action, xml::Writer& out) {
  const Kind kind = kind_of(action);
  out.open(kind.element);
  if (action.task == "lrm_delete") out.attribute("mode", "cib");
  out.attribute("id", action.id);
  out.attribute("operation", action.task);
  write_keys(action, out);
  if (kind.names_node && action.node != nullptr) write_node(action, out);
}

/// Does carrying it out keep the resource's lock? While the node leaves only a stop does.
bool keeps_lock(const Action& action) {
  if (action.node == nullptr || action.rsc->lock_node != action.node) return false;
  return !action.node->shutdown || action.task == "stop";
}

/// Which names the executor knows it by: its own, and the one by which the history does.
void write_resource_ids(const Resource& rsc, xml::Writer& out) {
  if (rsc.removed && !rsc.history_name.empty()) {
    // With the number: there may be more than one left on a node, and the right one has to be met.
    out.attribute("id", rsc.history_name);
    out.attribute("long-id", rsc.id);
  } else if (!rsc.unique) {
    const std::string_view configured = rsc.xml.attribute("id").value();
    out.attribute("id", configured);
    out.attribute("long-id", !rsc.history_name.empty() && rsc.history_name != configured ? rsc.history_name : rsc.id);
  } else {
    out.attribute("id", rsc.id);
  }
}

void write_resource(const Action& action, xml::Writer& out) {
  const Resource& rsc = *action.rsc;
  if (keeps_lock(action))
    out.attribute("shutdown-lock", rsc.lock_time.seconds);
  out.open(rsc.xml ? rsc.xml.name() : "primitive");
  write_resource_ids(rsc, out);
  if (!rsc.klass.empty()) out.attribute("class", rsc.klass);
  if (!rsc.provider.empty()) out.attribute("provider", rsc.provider);
  if (!rsc.type.empty()) out.attribute("type", rsc.type);
  out.close();
}

void write_downed(const WorkingSet& set, const Action& action, xml::Writer& out) {
  const auto down = taken_down_by(set, action);
  if (down.empty()) return;
  out.open("downed");
  for (const std::string_view id : down) {
    out.open("node");
    out.attribute("id", id);
    out.close();
  }
  out.close();
}

void write_maintenance(const WorkingSet& set, xml::Writer& out) {
  out.open("maintenance");
  for (const Node* node : changed_maintenance(set)) {
    out.open("node");
    out.attribute("id", node->id);
    out.attribute("node_in_maintenance", node->maintenance ? "1" : "0");
    out.close();
  }
  out.close();
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

void write_reference(const Action& action, xml::Writer& out) {
  write_names(action, out);
  out.close();
}

void write_action(AttributeWriter& attributes, const Action& action, xml::Writer& out) {
  write_names(action, out);
  if (action.rsc != nullptr && !action.pseudo) write_resource(action, out);
  attributes.write(action, out);
  if (kind_of(action).names_node) write_downed(attributes.set(), action, out);
  if (action.pseudo && action.task == "maintenance_nodes") write_maintenance(attributes.set(), out);
  out.close();
}

std::vector<const Node*> changed_maintenance(const WorkingSet& set) {
  std::vector<const Node*> changed;
  for (const Node* node : set.nodes) {
    if (node->is_remote() && node->maintenance != node->remote_maintenance) changed.push_back(node);
  }
  return changed;
}

}  // namespace relevo::policy
