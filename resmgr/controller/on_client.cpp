// What local clients ask for.
#include "resmgr/controller/impl.hpp"

namespace relevo::controller {

void Controller::Impl::on(ClientRequest&& input, Turn& turn) {
  const auto connection = input.connection;
  const auto id = input.id;
  const auto command = [&](auto&& what) {
    commands.add(connection, id, Command{instance, 0, std::forward<decltype(what)>(what)},
                 turn.now + settings.request_limit);
  };
  if (std::holds_alternative<SnapshotRequest>(input.request)) {
    reply(connection, id, snapshot(), turn);
  } else if (auto* apply = std::get_if<ApplyRequest>(&input.request)) {
    if (apply->change.origin.empty()) apply->change.origin = name;
    if (apply->change.at.seconds == 0) apply->change.at = turn.wall;
    command(std::move(apply->change));
  } else if (auto* cleanup = std::get_if<CleanupRequest>(&input.request)) {
    command(std::move(*cleanup));
  } else if (auto* attribute = std::get_if<AttributeRequest>(&input.request)) {
    if (attribute->node.empty()) attribute->node = name;
    command(std::move(*attribute));
  } else if (std::holds_alternative<WaitIdleRequest>(input.request)) {
    idle_waiters.emplace_back(connection, id);
  } else if (std::holds_alternative<SubscribeRequest>(input.request)) {
    subscribers.insert(connection);
    reply(connection, id, Done{}, turn);
    turn.out.pushes.push_back(connection);
  } else if (std::holds_alternative<PingRequest>(input.request)) {
    reply(connection, id, Done{}, turn);
  } else {
    reply(connection, id, Done{}, turn);
    on(ShutdownRequested{}, turn);
  }
}

void Controller::Impl::on(ClientGone&& input, Turn&) {
  commands.client_gone(input.connection);
  subscribers.erase(input.connection);
  std::erase_if(idle_waiters, [&](const auto& waiter) { return waiter.first == input.connection; });
}

void Controller::Impl::send_commands(Turn& turn) {
  for (auto& late : commands.expire(turn.now)) turn.out.replies.push_back(std::move(late));
  if (!synced) return;
  if (!replica.quorum().quorate) {
    // Nothing else would come of sending it: every member refuses it where it is ordered.
    const auto why = fmt::format("this partition has no quorum: {}", replica.quorum().reason);
    for (auto& refused : commands.refuse_changes({why, ErrorKind::no_quorum}))
      turn.out.replies.push_back(std::move(refused));
  }
  // With quorum but too few resource managers, changes wait for the others.
  if (!replica.may_change()) return;
  for (auto& command : commands.take_unsent()) {
    const bool is_change = std::holds_alternative<cib::Change>(command.what);
    send(command, turn, is_change ? groups::Guarantee::safe : groups::Guarantee::agreed);
  }
}

void Controller::Impl::answer_waiting(Turn& turn) {
  if (!synced || !replica.is_idle()) return;
  for (const auto& [connection, id] : idle_waiters) reply(connection, id, Done{}, turn);
  idle_waiters.clear();
}

void Controller::Impl::push_changes(Turn& turn) {
  if (subscribers.empty() || turn.now < next_push) return;
  auto mark = view_mark();
  if (mark == pushed_mark) return;
  pushed_mark = std::move(mark);
  next_push = turn.now + settings.push_spacing;
  turn.out.pushes.assign(subscribers.begin(), subscribers.end());
}

}  // namespace relevo::controller
