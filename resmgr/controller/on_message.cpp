// The group's messages as they are ordered, when this node is in sync. Joining has its own file.
#include "resmgr/controller/history.hpp"
#include "resmgr/controller/impl.hpp"

namespace relevo::controller {
namespace {
constexpr auto resync_spacing = std::chrono::seconds(5);
}  // namespace

void Controller::Impl::on(groups::GroupMessage&& input, Turn& turn) {
  if (input.group != group_name) return;
  const auto whole = assembler.take(input.from, input.payload);
  if (!whole) return;
  auto message = decode(*whole);
  if (!message) {
    turn.say(Level::error, "a message of {} cannot be read: {}", replica.name_of(input.from.node),
             message.error().message);
    return;
  }
  std::visit([&](auto&& m) { heard(input.from, std::forward<decltype(m)>(m), turn); }, std::move(*message));
}

void Controller::Impl::heard(const groups::Member& from, Command&& m, Turn& turn) {
  if (!synced) return;  // its sender sends it again after the sync
  auto outcome = replica.apply(m, from.node);
  leader.on_change();
  if (outcome.configuration_changed) configuration_changed();
  if (const auto* cleaned = std::get_if<Cleaned>(&outcome.answer))
    for (const auto& item : cleaned->items)
      if (item.node == name) local.forget(item.resource);
  if (from != me() || m.instance != instance) return;
  auto* pending = commands.find(m.id);
  if (pending == nullptr) return;
  const bool for_disk = std::holds_alternative<cib::Version>(outcome.answer) &&
                        (outcome.configuration_changed || outcome.repeated);
  if (for_disk) {
    pending->applied = on_disk(replica.cib().version());
    confirm_stored(turn);
  } else if (auto done = commands.finish(m.id, std::move(outcome.answer))) {
    turn.out.replies.push_back(std::move(*done));
  }
}

void Controller::Impl::heard(const groups::Member& from, OnDisk&& m, Turn& turn) {
  if (!synced) return;
  if (!disks.heard(from, m)) {
    turn.say(Level::error, "{} has another CIB {} than this node", replica.name_of(from.node),
             cib::to_string(m.version));
    const bool due = !last_resync || turn.now > *last_resync + resync_spacing;
    if (leads() && due) {
      last_resync = turn.now;
      send(Resync{}, turn);
    }
    return;
  }
  confirm_stored(turn);
}

void Controller::Impl::heard(const groups::Member&, OpRequest&& m, Turn& turn) {
  if (!synced) return;  // the leader plans anew after the sync
  const bool accepted = replica.apply(m);
  leader.on_request(m, accepted, turn.now);
  if (!accepted || m.node != name) return;
  if (m.operation.task == "cancel") {
    const auto task = cancelled_task(m.operation);
    local.cancelled(m.operation.resource, task, m.operation.interval);
    turn.out.commands.emplace_back(CancelRecurring{m.operation.resource, task, m.operation.interval});
  } else if (m.operation.task == clear_failures_task) {
    local.forget_failure(m.operation.resource);
  } else if (m.operation.task == forget_task) {
    local.forget(m.operation.resource);
  } else {
    execute(std::move(m.operation), turn);
  }
}

void Controller::Impl::heard(const groups::Member& from, OpResult&& m, Turn& turn) {
  if (!synced) {
    if (round.is_active()) round.keep(from, std::move(m));
    return;
  }
  const bool unexpected = replica.apply(m);
  const auto& result = m.result;
  if (is_failure(result))
    turn.say(Level::warning, "{} of {} on {} failed: rc {}{}{}", result.operation.task, result.operation.resource,
             m.node, result.rc, result.exit_reason.empty() ? "" : ", ", result.exit_reason);
  leader.on_result(m, unexpected, turn.now);
}

void Controller::Impl::heard(const groups::Member& from, NodeShutdown&& m, Turn& turn) {
  if (!synced) {
    if (round.is_active()) round.keep(from, std::move(m));
    return;
  }
  turn.say(Level::notice, "node {} wants to leave", replica.name_of(m.node));
  replica.apply(m);
  leader.on_change();
}

void Controller::Impl::heard(const groups::Member&, Idle&& m, Turn&) {
  if (synced) replica.apply(m);
}

void Controller::Impl::heard(const groups::Member&, NodeLost&& m, Turn&) {
  if (synced && replica.apply(m)) leader.on_declared_lost(m.node);
}

}  // namespace relevo::controller
