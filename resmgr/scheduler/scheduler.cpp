// The plan of the policy engine, in the words of whoever carries it out or shows it. Nothing is decided here.
#include <algorithm>
#include <map>

#include "common/base/text.hpp"
#include "resmgr/policy/engine.hpp"
#include "resmgr/policy/graph/graph.hpp"
#include "resmgr/scheduler/hold.hpp"
#include "resmgr/scheduler/read_graph.hpp"
#include "resmgr/scheduler/scheduler.hpp"

namespace relevo::scheduler {
namespace {

using std::chrono::milliseconds;

/// The first line of the summary of each resource: one that stops on several nodes has more.
using Lines = std::map<std::string, policy::SummaryLine>;

Placement placement_of(const policy::Resource& rsc, const Lines& lines) {
  Placement placement;
  placement.resource = rsc.id;
  if (!rsc.running_on.empty()) placement.from = rsc.running_on.front()->name;
  const bool stays = rsc.next_role != policy::Role::stopped;
  if (rsc.assigned_to != nullptr && stays) placement.to = rsc.assigned_to->name;
  for (const policy::Resource* parent = rsc.parent; parent != nullptr; parent = parent->parent)
    placement.inside.push_back(parent->id);
  const auto line = lines.find(rsc.id);
  placement.verdict = line == lines.end() ? "Leave" : line->second.verb;
  if (line == lines.end()) return placement;
  placement.reason = line->second.reason;
  placement.details = line->second.details;
  placement.blocked = line->second.blocked;
  return placement;
}

std::vector<Placement> placements_of(policy::WorkingSet& set) {
  Lines lines;
  for (auto& line : policy::summary(set)) lines.emplace(line.rsc, line);
  std::vector<Placement> placements;
  for (const policy::Resource& rsc : set.all_resources) {
    const bool gone = rsc.removed && rsc.running_on.empty();
    if (rsc.is(policy::Variant::primitive) && !gone) placements.push_back(placement_of(rsc, lines));
  }
  return placements;
}

Pace pace_of(const policy::WorkingSet& set) {
  Pace pace;
  const auto option = [&](std::string_view name) {
    const auto found = set.options.set.find(name);
    return found == set.options.set.end() ? std::string() : found->second;
  };
  const auto number = [&](std::string_view name, int otherwise) {
    const auto value = parse_int(option(name));
    return value && *value >= -1 && *value <= INT32_MAX ? static_cast<int>(*value) : otherwise;
  };
  pace.batch_limit = number("batch-limit", 0);
  pace.node_action_limit = number("node-action-limit", 0);
  pace.migration_limit = number("migration-limit", -1);
  pace.cluster_delay = set.options.cluster_delay;
  if (const auto interval = parse_duration(option("cluster-recheck-interval"))) pace.recheck_interval = *interval;
  return pace;
}

}  // namespace

Result<Plan> plan(const cib::Document& document, WallTime now, const PlanOptions& options) {
  policy::WorkingSet set(document.root(), now);
  set.keep_reasons = false;
  policy::AssignmentLog log;
  log.wanted = false;
  if (auto done = policy::schedule(set, log); !done) return pass(done.error());
  const pugi::xml_document graph = policy::make_graph(set, 0);
  Plan plan;
  for (const policy::Notice& notice : set.notices)
    if (notice.level <= policy::Notice::Level::warning) plan.warnings.push_back(notice.text);
  const auto reason_of = [&](std::size_t id) { return set.all_actions[id - 1].reason; };  // numbers count from 1
  plan.actions = read_graph(graph.child("transition_graph"), reason_of, plan.warnings);
  plan.placements = placements_of(set);
  plan.pace = pace_of(set);
  plan.recheck_at = set.recheck_by;
  hold_guarded(document, options, plan);
  hold_unsupported(plan);
  drop_dependents(plan);
  return plan;
}

}  // namespace relevo::scheduler
