// What follows at the end of every step, in a fixed order, from the state that the input left behind.
#include <algorithm>

#include "resmgr/controller/history.hpp"
#include "resmgr/controller/impl.hpp"
#include "resmgr/controller/options.hpp"

namespace relevo::controller {
namespace {
constexpr auto join_anyway_after = std::chrono::seconds(10);
}  // namespace

void Controller::Impl::notice_pause(Turn& turn) {
  if (started && connected && turn.now - last_step > settings.pause_limit) {
    paused = true;
    turn.out.ping = true;
    turn.say(Level::warning, "this process did not run for {} ms: no lease is renewed until the membership answers",
             to_ms(turn.now - last_step));
  }
  last_step = turn.now;
}

void Controller::Impl::settle(Turn& turn) {
  join_when_ready(turn);
  watch_round(turn);
  send_commands(turn);
  lead(turn);
  if (synced && replica.may_act()) has_acted = true;
  watch_cut(turn);
  advance_shutdown(turn);
  answer_waiting(turn);
  turn.out.persist = disks.take_write();
  if (local.take_changed()) turn.out.remember = local.actives();
  push_changes(turn);
  const bool may_run = connected && was_synced && !paused && !left && !is_cut_off(turn.now);
  turn.out.may_renew_leases = may_run && (replica.quorum().quorate || !stops_without_quorum(replica.cib()));
}

void Controller::Impl::join_when_ready(Turn& turn) {
  if (!connected || joined || left) return;
  // Nobody should hear of a resource here before it is known what became of it.
  const bool ready = local.is_quiet() || turn.now > started_at + join_anyway_after;
  if (!ready) return;
  joined = true;
  turn.out.join = true;
}

void Controller::Impl::lead(Turn& turn) {
  if (!leads()) return;
  auto duties = leader.perform(replica, turn.now, turn.wall);
  for (const auto& message : duties.messages) send(message, turn);
  turn.out.notes.insert(turn.out.notes.end(), duties.notes.begin(), duties.notes.end());
}

void Controller::Impl::watch_cut(Turn& turn) {
  if (!is_cut_off(turn.now)) {
    if (!shutdown_since) stopping_since.reset();
    return;
  }
  if (!local.has_actives()) return;
  stop_everything(connected ? "no quorum" : "no membership daemon", turn);
}

void Controller::Impl::advance_shutdown(Turn& turn) {
  if (!shutdown_since || left) return;
  const bool can_hand_over = connected && synced && replica.may_act();
  const bool asked = can_hand_over && replica.is_shutting_down(self);
  if (can_hand_over && !asked && !std::exchange(shutdown_announced, true)) send(NodeShutdown{self, turn.wall}, turn);
  const bool late = turn.now > *shutdown_since + settings.shutdown_escalation;
  const bool hopeless = turn.now > *shutdown_since + 2 * settings.shutdown_escalation;
  if ((late || !can_hand_over) && local.has_actives())
    stop_everything(late ? "the hand-over takes too long" : "nobody can take them over", turn);
  const bool recorded = !asked || !has_pending(replica.cib(), replica.uuid_of(self));
  const bool empty = !local.has_actives() && local.is_quiet() && recorded;
  if (!hopeless && (!empty || (can_hand_over && !asked))) return;
  left = true;
  turn.out.leave = joined;
  turn.out.exit = true;
  turn.say(Level::notice, "leaving");
}

std::optional<Instant> Controller::Impl::next_deadline() const {
  if (!started) return std::nullopt;
  auto next = last_step + settings.heartbeat;
  const auto earlier = [&next](const std::optional<Instant>& other) {
    if (other) next = std::min(next, *other);
  };
  earlier(commands.next_deadline());
  if (!has_acted && patience_ends() > last_step) earlier(patience_ends());
  if (leads()) earlier(leader.next_deadline());
  if (round.is_active()) earlier(round.waiting_since() + settings.hello_timeout);
  if (!subscribers.empty() && next_push > last_step) earlier(next_push);
  return next;
}

}  // namespace relevo::controller
