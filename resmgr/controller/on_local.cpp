// This node itself: its executor, its disk, its end.
#include "resmgr/controller/impl.hpp"
#include "resmgr/controller/options.hpp"

namespace relevo::controller {
namespace {

/// A probe of what an earlier run of the process may have left running.
executor::Operation probe_of(const executor::Operation& remembered) {
  auto probe = remembered;
  probe.task = "monitor";
  probe.interval = std::chrono::milliseconds(0);
  probe.start_delay = std::chrono::milliseconds(0);
  probe.expected_rc = 7;
  probe.transition_key = "0:0:7:00000000-0000-4000-8000-000000000000";
  return probe;
}

executor::Operation stop_of(const executor::Operation& active) {
  auto stop = active;
  stop.task = "stop";
  stop.interval = stop.start_delay = std::chrono::milliseconds(0);
  stop.expected_rc = 0;
  stop.transition_key = "0:-1:0:00000000-0000-4000-8000-000000000000";
  return stop;
}

constexpr auto stop_again_after = std::chrono::seconds(2);

}  // namespace

void Controller::Impl::on(Started&& input, Turn& turn) {
  started = true;
  started_at = turn.now;
  instance = input.instance;
  replica.start(std::move(input.cib), input.lineage);
  for (const auto& operation : input.remembered) {
    local.assume_active(operation);
    execute(probe_of(operation), turn);
  }
  if (!input.remembered.empty())
    turn.say(Level::notice, "an earlier run had {} resources here: looking whether they still run",
             input.remembered.size());
}

void Controller::Impl::execute(executor::Operation operation, Turn& turn) {
  local.began(operation, turn.wall);
  turn.out.commands.emplace_back(Execute{std::move(operation)});
}

void Controller::Impl::on(executor::OperationResult&& result, Turn& turn) {
  local.ended(result);
  if (spoken) send(OpResult{name, std::move(result)}, turn);
}

void Controller::Impl::on(Stored&& input, Turn& turn) {
  if (!input.error.empty()) turn.say(Level::error, "the CIB could not be written: {}", input.error);
  auto done = disks.written(input.ticket, input.error.empty());
  if (done && synced) send(*done, turn);
}

void Controller::Impl::on(ShutdownRequested&&, Turn& turn) {
  if (shutdown_since) return;
  shutdown_since = turn.now;
  turn.say(Level::notice, "asked to stop: handing the resources over");
}

Instant Controller::Impl::patience_ends() const {
  const auto ends = started_at + settings.unsynced_limit;
  // The others start again what it has once their guard time is over.
  return without_quorum_since ? std::min(ends, *without_quorum_since + settings.no_quorum_limit) : ends;
}

bool Controller::Impl::is_cut_off(Instant now) const {
  // A fresh process is given time to find the cluster: what it found running is the cluster's, until proven otherwise.
  if (!has_acted && now < patience_ends()) return false;
  if (!connected) return true;
  if (!stops_without_quorum(replica.cib())) return false;
  if (!has_acted) return !synced || !replica.quorum().quorate;
  return !replica.quorum().quorate;
}

void Controller::Impl::stop_everything(const std::string& why, Turn& turn) {
  if (!stopping_since) {
    stopping_since = turn.now;
    turn.say(Level::warning, "stopping every resource on this node: {}", why);
    turn.out.commands.emplace_back(StopEverything{});
    return;
  }
  if (!local.is_quiet() || turn.now < *stopping_since + stop_again_after) return;
  stopping_since = turn.now;
  for (const auto& active : local.actives()) {
    turn.say(Level::warning, "{} is still not known to be down: stopping it again", active.resource);
    execute(stop_of(active), turn);
  }
}

}  // namespace relevo::controller
