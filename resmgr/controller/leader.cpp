// What the DC does in each step: guard times, plans, actions. What it fires becomes true only when it is ordered.
#include "resmgr/controller/leader.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "resmgr/controller/history.hpp"
#include "resmgr/controller/options.hpp"
#include "resmgr/scheduler/scheduler.hpp"

namespace relevo::controller {
namespace {

constexpr std::size_t default_node_limit = 8;

transition::Limits limits_of(const scheduler::Pace& pace) {
  transition::Limits limits;
  limits.batch_limit = pace.batch_limit > 0 ? static_cast<std::size_t>(pace.batch_limit) : 0;
  limits.node_limit = pace.node_action_limit > 0 ? static_cast<std::size_t>(pace.node_action_limit) : default_node_limit;
  if (pace.migration_limit >= 0) limits.migration_limit = static_cast<std::size_t>(pace.migration_limit);
  limits.cluster_delay = pace.cluster_delay;
  return limits;
}

/// A host that dies shows the end of its process a moment before its own.
constexpr auto both_died_within = std::chrono::milliseconds(500);

bool is_active_work(const scheduler::Placement& placement) {
  return placement.verdict != "Leave" && !placement.verdict.empty();
}

/// What becomes of a resource, for the log: from where to where, or what role it gets.
std::string text_of(const scheduler::Placement& p) {
  const auto place = [](const std::string& node) { return node.empty() ? std::string("stopped") : node; };
  const bool role_changes = p.verdict == "Promote" || p.verdict == "Demote" || p.verdict == "Re-promote";
  return fmt::format("{} {}: {}{}{}", p.verdict, p.resource,
                     role_changes ? p.details : fmt::format("{} -> {}", place(p.from), place(p.to)),
                     p.reason.empty() ? "" : " (" + p.reason + ")", p.blocked ? ", not now" : "");
}

/// Who performs it is not an agent: the CIB changes when it is ordered, and that is all.
std::string task_of(const scheduler::Action& action) {
  switch (action.kind) {
    case scheduler::ActionKind::cancel: return "cancel";
    case scheduler::ActionKind::clear_failures: return std::string(clear_failures_task);
    case scheduler::ActionKind::forget: return std::string(forget_task);
    default: return action.task;
  }
}

}  // namespace

void Leader::reset(const Replica& replica, bool newcomer, Instant now) {
  engine_.clear();
  dirty_ = true;
  idle_told_.reset();
  // Who joins knows nothing of when the others were lost: it waits anew.
  if (newcomer) absent_.clear();
  for (const auto& [node, name] : replica.names()) {
    const auto is_node = [id = node](const groups::Member& m) { return m.node == id; };
    const auto& members = replica.seniority();
    const auto stands = standing(replica.cib(), replica.uuid_of(node));
    const bool member = std::any_of(members.begin(), members.end(), is_node);
    const auto known = absent_.find(node);
    const bool leases = replica.is_orphaned(node);
    // A host in the ring of which nothing is known may have lost its resource manager a moment ago.
    const bool unknown = newcomer && replica.is_in_ring(node) && !has_standing(replica.cib(), replica.uuid_of(node));
    if (member || (stands == Standing::left && !unknown))
      absent_.erase(node);
    else if (known == absent_.end() || (stands == Standing::process_gone && known->second.standing != stands))
      absent_[node] = {now, stands, false, leases};
    else
      known->second.told = false;
  }
}

void Leader::on_departure(NodeId node, Standing standing, Instant now) {
  dirty_ = true;
  if (standing == Standing::left) {
    absent_.erase(node);
    return;
  }
  auto& absent = absent_[node];
  // Its process died well before its host vanished: what it had may live on until the leases end.
  const bool had_time = absent.standing == Standing::process_gone && now > absent.since + both_died_within;
  if (standing == Standing::lost && had_time && absent.since != Instant{})
    absent.lease = true;
  else
    absent = {now, standing, false, false};
  absent.standing = standing;
}

void Leader::on_declared_lost(NodeId node) {
  absent_.erase(node);
  dirty_ = true;
}

void Leader::on_request(const OpRequest& request, bool accepted, Instant) {
  const auto& op = request.operation;
  if (!accepted) {
    engine_.on_result(op.resource, request.node, op.task, op.interval, 1, false);
    dirty_ = true;
  } else if (op.task == "cancel" || is_record_only(op.task)) {
    engine_.on_result(op.resource, request.node, op.task, op.interval, 0, true);
  }
}

void Leader::on_result(const OpResult& message, bool unexpected, Instant) {
  const auto& result = message.result;
  const auto& op = result.operation;
  const bool executed = result.status != executor::OpStatus::cancelled;
  const auto verdict =
      engine_.on_result(op.resource, message.node, op.task, op.interval, result.rc, executed, op.transition_key);
  if (unexpected || verdict != transition::Verdict::expected) dirty_ = true;
  if (op.task == "stop") drop_recurring(op.resource, message.node);
}

/// A stop ends recurring operations without a word: one that was still on its way gives no result any more.
void Leader::drop_recurring(const std::string& resource, const std::string& node) {
  for (const auto& firing : engine_.in_flight()) {
    const auto& action = firing.action;
    if (action.resource != resource || action.node != node || action.interval.count() == 0) continue;
    engine_.on_result(resource, node, action.task, action.interval, 1, false);
    dirty_ = true;
  }
}

bool Leader::may_plan(const Replica& replica) const {
  return replica.may_act() || (!replica.quorum().quorate && !stops_without_quorum(replica.cib()));
}

std::set<std::string> Leader::guarded(const Replica& replica, Instant now) const {
  std::set<std::string> nodes;
  for (const auto& [node, absent] : absent_) {
    const bool waiting = absent.standing == Standing::process_gone || now < absent.since + patience(replica, absent);
    if (waiting) nodes.insert(replica.name_of(node));
  }
  return nodes;
}

Duration Leader::patience(const Replica& replica, const Absent& absent) {
  const bool process = absent.standing == Standing::process_gone || absent.lease;
  return process ? process_grace(replica.cib()) : guard_time(replica.cib());
}

void Leader::set_timers(const Replica& replica, Instant now) {
  timer_.reset();
  for (const auto& [node, absent] : absent_) {
    const auto ends = absent.since + patience(replica, absent);
    if (ends > now && (!timer_ || ends < *timer_)) timer_ = ends;
  }
}

void Leader::declare_lost(const Replica& replica, Instant now, Duties& duties) {
  const auto grace = process_grace(replica.cib());
  for (auto& [node, absent] : absent_) {
    if (absent.standing != Standing::process_gone || absent.told || now < absent.since + grace) continue;
    absent.told = true;
    duties.messages.emplace_back(NodeLost{node});
    duties.notes.push_back(note(Level::warning, "the resource manager of {} did not come back within {} ms: recovering",
                                replica.name_of(node), to_ms(grace)));
  }
}

Leader::Duties Leader::perform(const Replica& replica, Instant now, WallTime wall) {
  Duties duties;
  set_timers(replica, now);
  const bool acting = may_plan(replica);
  if (replica.may_act()) declare_lost(replica, now, duties);
  const auto guards = guarded(replica, now);
  if (std::exchange(guarded_before_, guards) != guards) dirty_ = true;
  if (recheck_ && now >= *recheck_) dirty_ = true;
  expire(now, wall, duties);
  const bool finished = fired_ && engine_.state() != transition::State::running;
  if (acting && (dirty_ || finished)) plan(replica, now, wall, duties);
  if (acting) fire(replica, now, wall, duties);
  if (!acting) engine_.clear();
  tell_idle(replica, acting, duties);
  return duties;
}

void Leader::tell_idle(const Replica& replica, bool acting, Duties& duties) {
  const bool settled = acting ? !dirty_ && !fired_ : !replica.quorum().quorate;
  if (!settled || !guarded_before_.empty() || replica.has_pending() || replica.is_idle()) return;
  if (engine_.state() == transition::State::running || idle_told_ == replica.position()) return;
  idle_told_ = replica.position();
  duties.messages.emplace_back(Idle{replica.position()});
}

void Leader::plan(const Replica& replica, Instant now, WallTime wall, Duties& duties) {
  const bool nothing_happened = !std::exchange(dirty_, false);
  fired_ = false;
  scheduler::PlanOptions options;
  options.guarded_nodes = guarded_before_;
  const auto plan = scheduler::plan(replica.cib(), wall, options);
  if (!plan) {
    duties.notes.push_back(note(Level::error, "the CIB cannot be planned for: {}", plan.error().message));
    return;
  }
  engine_.set_plan(*plan, limits_of(plan->pace), nothing_happened);
  tell_plan(*plan, duties);
  auto next_look = plan->pace.recheck_interval;
  if (plan->recheck_at) {
    const std::chrono::milliseconds until(std::max<std::int64_t>(1, plan->recheck_at->seconds - wall.seconds) * 1000);
    next_look = next_look.count() > 0 ? std::min(next_look, until) : until;
  }
  recheck_ = next_look.count() > 0 ? std::optional(now + next_look) : std::nullopt;
}

void Leader::fire(const Replica& replica, Instant now, WallTime wall, Duties& duties) {
  for (;;) {
    const auto firings = engine_.fire(now);
    if (firings.empty()) return;
    for (const auto& firing : firings) {
      const auto& action = firing.action;
      if (action.kind == scheduler::ActionKind::shutdown) {
        // The node sees for itself that nothing is left to hand over.
        engine_.on_done(action.kind, action.node);
        continue;
      }
      fired_ = true;
      duties.messages.emplace_back(OpRequest{action.node, wall, to_operation(replica, firing)});
    }
  }
}

executor::Operation Leader::to_operation(const Replica& replica, const transition::Firing& firing) {
  const auto& action = firing.action;
  executor::Operation op;
  op.resource = action.resource;
  op.klass = action.klass;
  op.provider = action.provider;
  op.type = action.type;
  op.task = task_of(action);
  op.interval = action.interval;
  op.timeout = action.timeout;
  op.start_delay = action.start_delay;
  op.parameters = action.parameters;
  op.meta = action.meta;
  op.expected_rc = action.expected_rc;
  const auto leader = replica.leader().value_or(groups::Member{}).node;
  op.transition_key = fmt::format("{}{:08x}-0000-4000-8000-{:012x}", transition::key_of(firing), leader.value,
                                  replica.lineage() & 0xffffffffffffU);
  return op;
}

void Leader::expire(Instant now, WallTime wall, Duties& duties) {
  for (const auto& firing : engine_.expire(now)) {
    const auto& action = firing.action;
    dirty_ = true;
    if (action.kind != scheduler::ActionKind::resource) continue;
    OpResult late{action.node, {}};
    late.result.operation.resource = action.resource;
    late.result.operation.klass = action.klass;
    late.result.operation.provider = action.provider;
    late.result.operation.type = action.type;
    late.result.operation.task = action.task;
    late.result.operation.interval = action.interval;
    late.result.operation.expected_rc = action.expected_rc;
    late.result.operation.meta = action.meta;
    late.result.rc = 1;
    late.result.status = executor::OpStatus::timeout;
    late.result.exit_reason = "no result from the node in time";
    late.result.last_rc_change = late.result.last_run = wall;
    duties.messages.emplace_back(std::move(late));
  }
}

/// What the plan before this one said already is not said again.
void Leader::tell_plan(const scheduler::Plan& plan, Duties& duties) {
  Notes notes;
  for (const auto& warning : plan.warnings) notes.push_back(note(Level::warning, "{}", warning));
  for (const auto& placement : plan.placements)
    if (is_active_work(placement)) notes.push_back(note(Level::notice, "{}", text_of(placement)));
  std::set<std::string> told;
  for (const auto& line : notes)
    if (told.insert(line.text).second && !told_.contains(line.text)) duties.notes.push_back(line);
  told_ = std::move(told);
}

std::optional<Instant> Leader::next_deadline() const {
  auto next = timer_;
  const auto earlier = [&next](const std::optional<Instant>& other) {
    if (other && (!next || *other < *next)) next = other;
  };
  earlier(recheck_);
  earlier(engine_.next_deadline());
  return next;
}

}  // namespace relevo::controller
