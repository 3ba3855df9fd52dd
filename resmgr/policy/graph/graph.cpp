// The transition graph: a synapse for each action that is worth carrying out. Source: resmgr spec 2(a) stage 12.
#include "resmgr/policy/graph/graph.hpp"

#include <algorithm>

#include "resmgr/policy/actions/actions.hpp"
#include "resmgr/policy/graph/element.hpp"
#include "resmgr/policy/graph/select.hpp"
#include "resmgr/policy/set/actions.hpp"
#include "resmgr/policy/set/values.hpp"

namespace relevo::policy {
namespace {

/// As configured: of an instance that may be promoted the priority holds by now how much it should be.
int priority_of(const WorkingSet& set, const Resource& rsc) {
  if (!rsc.is_clone_instance() || !rsc.parent->promotable) return rsc.priority;
  const std::string* configured = find(rsc.meta, "priority");
  return configured == nullptr ? 0 : score_of(set, *configured);
}

/// Writes synapses, each action's only once.
class Writer {
 public:
  Writer(WorkingSet& set, pugi::xml_node graph) : set_(set), graph_(graph) {}

  void add(Action& action) {
    if (!action.dedup) {
      merge_inputs(action);
      action.dedup = true;
    }
    if (action.dumped || !belongs_in_graph(set_, action)) return;
    action.dumped = true;
    pugi::xml_node synapse = new_synapse(action);
    write_action(set_, action, synapse.append_child("action_set"));
    pugi::xml_node inputs = synapse.append_child("inputs");
    for (Dependency& input : action.before) {
      if (!counts(set_, action, input)) continue;
      input.state = Link::dumped;
      write_reference(*input.action, inputs.append_child("trigger"));
    }
  }

  /// The latest first: what has been added last to a resource stands first in the graph.
  void add_all(const std::vector<Action*>& actions) {
    for (std::size_t i = actions.size(); i-- > 0;) add(*actions[i]);
  }

  void add(Resource& rsc) {
    if (rsc.is(Variant::bundle)) {
      add_bundle(rsc);
    } else {
      if (rsc.is(Variant::clone)) add_clone_first(rsc);
      add_all(rsc.actions);
      for (Resource* child : rsc.children) add(*child);
    }
  }

 private:
  pugi::xml_node new_synapse(const Action& action) {
    pugi::xml_node synapse = graph_.append_child("synapse");
    synapse.append_attribute("id").set_value(count_++);
    const int priority = std::max(action.rsc == nullptr ? 0 : priority_of(set_, *action.rsc), action.priority);
    if (priority > 0) synapse.append_attribute("priority").set_value(priority);
    return synapse;
  }

  /// Only now is it known what the instances do, so what they are told of each other can be said.
  void add_clone_first(Resource& clone) {
    for (Action* action : clone.actions) static_cast<void>(action_state(set_, *action, nullptr));
    create_notifications(set_, clone);
    for (Resource* child : clone.children) add(*child);
  }

  void add_bundle(Resource& bundle) {
    if (!bundle.bundle) return;
    if (bundle.bundle->child != nullptr) add(*bundle.bundle->child);
    for (const Replica& replica : bundle.bundle->replica) {
      for (Resource* part : {replica.ip, replica.container, replica.remote}) {
        if (part != nullptr) add(*part);
      }
    }
  }

  WorkingSet& set_;
  pugi::xml_node graph_;
  unsigned count_ = 0;
};

std::string option(const WorkingSet& set, std::string_view name, std::string_view otherwise) {
  const std::string* value = find(set.options.set, name);
  return std::string(value == nullptr ? otherwise : *value);
}

void write_header(const WorkingSet& set, pugi::xml_node graph, int transition_id) {
  const auto put = [&](const char* name, const std::string& value) {
    graph.append_attribute(name).set_value(value.c_str());
  };
  put("cluster-delay", option(set, "cluster-delay", "60s"));
  put("stonith-timeout", option(set, "stonith-timeout", "60s"));
  put("failed-stop-offset", "INFINITY");
  put("failed-start-offset", set.options.start_failure_is_fatal ? "INFINITY" : "1");
  put("batch-limit", set.options.batch_limit);
  graph.append_attribute("transition_id").set_value(transition_id);
  const std::string& limit = set.options.migration_limit;
  const bool positive = !limit.empty() && limit.front() != '0' &&
                        std::all_of(limit.begin(), limit.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (positive) put("migration-limit", limit);
  if (set.recheck_by) put("recheck-by", std::to_string(set.recheck_by->seconds));
}

/// Where a resource is active it is started at least, also when planning its recovery has taken the role away.
void settle_roles(WorkingSet& set) {
  for (Resource& rsc : set.all_resources) {
    if (rsc.is(Variant::primitive) && !rsc.running_on.empty() && rsc.role == Role::stopped) rsc.role = Role::started;
  }
}

void add_maintenance_update(WorkingSet& set) {
  if (changed_maintenance(set).empty()) return;
  pseudo_action(set, nullptr, "maintenance_nodes", "maintenance_nodes", false).print_always = true;
}

}  // namespace

pugi::xml_document make_graph(WorkingSet& set, int transition_id) {
  pugi::xml_document document;
  pugi::xml_node graph = document.append_child("transition_graph");
  write_header(set, graph, transition_id);
  settle_roles(set);
  Writer writer(set, graph);
  for (Resource* rsc : set.resources) writer.add(*rsc);
  add_maintenance_update(set);
  writer.add_all(set.actions);
  return document;
}

}  // namespace relevo::policy
