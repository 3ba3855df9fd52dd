// Phase 4: what may not be done now: without quorum, while a lost node's guard runs, before an unclean node is fenced.
// Source: resmgr spec 2(a) stages 8 and 10.
#include <fmt/core.h>

#include "resmgr/scheduler/phases.hpp"

namespace relevo::scheduler {
namespace {

using model::QuorumPolicy;
using model::Requires;

void forbid(Step& step, std::string why) {
  if (step.runnable) step.why_not = std::move(why);
  step.runnable = false;
}

/// Why a start is not allowed for lack of quorum, or empty.
std::string quorum_objection(const Question& question, const model::Resource& resource) {
  const model::Options& options = question.state.options;
  if (options.have_quorum || resource.requires_what == Requires::nothing) return {};
  switch (options.no_quorum_policy) {
    case QuorumPolicy::ignore:
      return {};
    case QuorumPolicy::freeze:
      return resource.active() ? "" : "no quorum";
    default:
      return "no quorum";  // demote too: a primitive has no lower role that it could keep
  }
}

/// A node where it ran, or may run, and that nobody can be sure about; empty when there is none.
std::string fencing_objection(const Question& question, const model::Resource& resource) {
  if (!question.state.options.stonith_enabled || resource.is_stonith()) return {};
  for (const model::Node& node : question.state.nodes) {
    if (!node.unclean) continue;
    const bool concerns = resource.requires_what >= Requires::fencing || !resource.known_on.contains(node.uname);
    if (concerns && resource.requires_what != Requires::nothing)
      return fmt::format("{} must be fenced first, and this version cannot fence yet", node.uname);
  }
  return {};
}

std::string guard_objection(const Question& question, const model::Resource& resource) {
  for (const std::string& node : resource.lost_on)
    if (question.options.guarded_nodes.contains(node)) return fmt::format("guard time after losing {}", node);
  return {};
}

std::string start_objection(const Question& question, const Step& step) {
  const model::Resource& resource = question.resource(*step.resource);
  const model::Node& node = question.node(step.node);
  if (!node.available()) return unavailable(node);
  if (std::string why = quorum_objection(question, resource); !why.empty()) return why;
  // What runs somewhere is not taken down because another node is lost.
  if (resource.active()) return {};
  if (std::string why = fencing_objection(question, resource); !why.empty()) return why;
  return guard_objection(question, resource);
}

/// A blocked resource cannot be stopped: its node cannot leave.
std::string shutdown_objection(const Question& question, NodeIndex n) {
  const std::string& name = question.node(n).uname;
  for (const model::Resource& resource : question.state.resources)
    for (const std::string& node : resource.active_on)
      if (node == name && resource.blocked && !resource.maintenance && !question.node(n).maintenance)
        return fmt::format("{} is blocked there", resource.id);
  return {};
}

}  // namespace

void restrain(const Question& question, Actions& actions) {
  for (Step& step : actions.steps) {
    if (step.kind == ActionKind::shutdown)
      if (std::string why = shutdown_objection(question, step.node); !why.empty()) forbid(step, why);
    if (!step.resource) continue;
    const model::Resource& resource = question.resource(*step.resource);
    // Watching what nobody may start is not worth a new monitor either.
    if (step.kind == ActionKind::resource && step.interval.count() > 0 && !question.is_managed(resource) &&
        step.expected_rc == model::ocf::ok)
      if (std::string why = quorum_objection(question, resource); !why.empty()) forbid(step, why);
    if (step.task == "start")
      if (std::string why = start_objection(question, step); !why.empty()) forbid(step, why);
    const model::Node& node = question.node(step.node);
    if (!node.online || node.unclean) forbid(step, unavailable(node));
  }
}

std::vector<std::string> warnings(const Question& question) {
  std::vector<std::string> all;
  const model::Options& options = question.state.options;
  if (options.stonith_enabled && !question.state.has_fence_device && !question.state.resources.empty()) {
    all.emplace_back("Resource start-up disabled since no STONITH resources have been defined");
    all.emplace_back("Either configure some or disable STONITH with the stonith-enabled option");
    all.emplace_back("NOTE: Clusters with shared data need STONITH to ensure data integrity");
  }
  for (const model::Node& node : question.state.nodes) {
    if (!node.unclean) continue;
    if (question.can_fence)
      all.push_back(
          fmt::format("node {} must be fenced ({}), and this version cannot fence yet: what it may run stays blocked",
                      node.uname, node.unclean_reason));
    else
      all.push_back(fmt::format("node {} is unclean: {}", node.uname, node.unclean_reason));
  }
  for (const model::Resource& resource : question.state.resources)
    if (resource.active_on.size() > 1 && resource.supported)
      all.push_back(fmt::format("resource {} is active on {} nodes", resource.id, resource.active_on.size()));
  for (const model::Colocation& each : question.state.colocations)
    all.push_back(fmt::format("colocation '{}' is not supported yet: it is left out", each.id));
  for (const model::Ordering& each : question.state.orderings)
    all.push_back(fmt::format("order '{}' is not supported yet: it is left out", each.id));
  all.insert(all.end(), question.state.unsupported.begin(), question.state.unsupported.end());
  all.insert(all.end(), question.state.warnings.begin(), question.state.warnings.end());
  return all;
}

}  // namespace relevo::scheduler
