// The transition graph: a synapse for each action that is worth carrying out. Source: resmgr spec 2(a) stage 12.
#include "resmgr/policy/graph/graph.hpp"

#include <algorithm>

#include "common/base/assert.hpp"
#include "common/xml/writer.hpp"
#include "resmgr/policy/actions/actions.hpp"
#include "resmgr/policy/graph/element.hpp"
#include "resmgr/policy/graph/select.hpp"
#include "resmgr/policy/set/actions.hpp"
#include "resmgr/policy/set/values.hpp"

namespace relevo::policy {
namespace {

/// Writes synapses, each action's only once.
class GraphWriter {
 public:
  GraphWriter(WorkingSet& set, xml::Writer& out) : set_(set), out_(out), attributes_(set) {}

  void add(Action& action) {
    if (!action.dedup) {
      merge_inputs(action);
      action.dedup = true;
    }
    if (action.dumped || !belongs_in_graph(set_, action)) return;
    action.dumped = true;
    open_synapse(action);
    out_.open("action_set");
    write_action(attributes_, action, out_);
    out_.close();
    out_.open("inputs");
    for (Dependency& input : action.before) {
      if (!counts(set_, action, input)) continue;
      input.state = Link::dumped;
      out_.open("trigger");
      write_reference(*input.action, out_);
      out_.close();
    }
    out_.close();
    out_.close();
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
  void open_synapse(const Action& action) {
    out_.open("synapse");
    out_.attribute("id", count_++);
    const int priority = std::max(action.rsc == nullptr ? 0 : action.rsc->priority, action.priority);
    if (priority > 0) out_.attribute("priority", priority);
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
  xml::Writer& out_;
  AttributeWriter attributes_;
  unsigned count_ = 0;
};

std::string option(const WorkingSet& set, std::string_view name, std::string_view otherwise) {
  const std::string* value = find(set.options.set, name);
  return std::string(value == nullptr ? otherwise : *value);
}

void write_header(const WorkingSet& set, xml::Writer& out, int transition_id) {
  const auto put = [&](std::string_view name, const std::string& value) { out.attribute(name, value); };
  put("cluster-delay", option(set, "cluster-delay", "60s"));
  put("stonith-timeout", option(set, "stonith-timeout", "60s"));
  put("failed-stop-offset", "INFINITY");
  put("failed-start-offset", set.options.start_failure_is_fatal ? "INFINITY" : "1");
  put("batch-limit", set.options.batch_limit);
  out.attribute("transition_id", transition_id);
  const std::string& limit = set.options.migration_limit;
  if (leading_int(limit).value_or(0) > 0) put("migration-limit", limit);
  if (set.recheck_by) put("recheck-by", std::to_string(set.recheck_by->seconds));
}

void add_maintenance_update(WorkingSet& set) {
  if (changed_maintenance(set).empty()) return;
  pseudo_action(set, nullptr, "maintenance_nodes", "maintenance_nodes", false).print_always = true;
}

}  // namespace

std::string graph_text(WorkingSet& set, int transition_id) {
  xml::Writer out;
  write_graph(set, transition_id, out);
  return out.take();
}

void write_graph(WorkingSet& set, int transition_id, xml::Writer& out) {
  // Looking for what there is to tell settles roles, and the nodes of actions that were made without one.
  static_cast<void>(summary(set));
  out.open("transition_graph");
  write_header(set, out, transition_id);
  GraphWriter writer(set, out);
  for (Resource* rsc : set.resources) writer.add(*rsc);
  add_maintenance_update(set);
  writer.add_all(set.actions);
  out.close();
}

pugi::xml_document make_graph(WorkingSet& set, int transition_id) {
  const std::string text = graph_text(set, transition_id);
  pugi::xml_document document;
  const auto parsed = document.load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8);
  RELEVO_ASSERT(parsed.status == pugi::status_ok);
  return document;
}

}  // namespace relevo::policy
