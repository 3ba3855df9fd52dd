// Phase 3a: probes of what is not known yet, on every node that can answer. Source: resmgr spec 2(a) stage 8.
#include <algorithm>

#include "resmgr/scheduler/phases.hpp"

namespace relevo::scheduler {
namespace {

/// Is a probe of it there forbidden by a constraint (resource-discovery=never)?
bool is_hidden(const Question& question, const model::Resource& resource, const model::Node& node) {
  for (const model::Location& location : question.state.locations)
    if (location.discovery == "never" && location.resource == resource.id && location.scores.contains(node.uname))
      return true;
  return false;
}

bool can_answer(const model::Node& node) { return node.online && !node.unclean && !node.pending; }

}  // namespace

void add_probes(const Question& question, Actions& actions) {
  if (!question.state.options.enable_startup_probes) return;
  for (ResourceIndex r = 0; r < question.state.resources.size(); ++r) {
    const model::Resource& resource = question.resource(r);
    if (resource.orphan || !resource.supported) continue;
    for (NodeIndex n = 0; n < question.state.nodes.size(); ++n) {
      const model::Node& node = question.node(n);
      if (!can_answer(node) || resource.known_on.contains(node.uname) || is_hidden(question, resource, node)) continue;
      const auto& active = resource.active_on;
      const bool runs = std::find(active.begin(), active.end(), node.uname) != active.end();
      Step probe;
      probe.resource = r;
      probe.node = n;
      probe.task = "monitor";
      probe.expected_rc = runs ? model::ocf::ok : model::ocf::not_running;
      probe.required = true;
      probe.reason = "its state on " + node.uname + " is not known";
      actions.add(std::move(probe));
    }
  }
}

}  // namespace relevo::scheduler
