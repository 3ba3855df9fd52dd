// Joining: everyone says hello, the best state is sent, everyone goes on from it.
// docs/internals/controller.md, "Joining", tells why this is enough.
#include <algorithm>

#include "resmgr/controller/impl.hpp"

namespace relevo::controller {

void Controller::Impl::begin_round(Turn& turn) {
  synced = false;
  image_sent = false;
  round.restart(members, turn.now);
  Hello hello;
  hello.name = name;
  hello.instance = instance;
  hello.lineage = replica.lineage();
  hello.version = replica.cib().version();
  hello.shutting_down = shutdown_since.has_value();
  hello.history = local.entries();
  send(hello, turn);
  spoken = true;
}

void Controller::Impl::continue_round(Turn& turn) {
  if (!round.is_active() || !round.is_complete()) return;
  if (round.chosen() != me() || std::exchange(image_sent, true)) return;
  send(replica.image(), turn);
}

void Controller::Impl::heard(const groups::Member& from, Hello&& m, Turn& turn) {
  if (!round.hear(from, std::move(m))) {
    turn.say(Level::notice, "node {} speaks again", replica.name_of(from.node));
    begin_round(turn);
    return;
  }
  continue_round(turn);
}

void Controller::Impl::heard(const groups::Member&, GiveUp&& m, Turn& turn) {
  round.give_up(m);
  if (!round.is_active()) return;
  for (const auto& member : m.mute)
    if (round.is_mute(member))
      turn.say(Level::warning, "node {} does not answer: the others go on without it", replica.name_of(member.node));
  round.wait_again(turn.now);
  if (round.is_mute(me()))
    begin_round(turn);  // it does answer, only late: the others will hear and start again
  else
    continue_round(turn);
}

void Controller::Impl::heard(const groups::Member& from, Image&& m, Turn& turn) {
  if (!round.is_active() || !round.is_complete() || round.chosen() != from) return;
  // What is known of absent nodes counts only when nothing could be done behind this node's back since.
  const bool acted = replica.may_act();
  const auto loaded = replica.load(m, round.hellos());
  if (!loaded) {
    turn.say(Level::error, "{}", loaded.error().message);
    return;
  }
  const auto& kept = m.seniority;
  end_round(!acted || std::find(kept.begin(), kept.end(), me()) == kept.end(), turn);
}

void Controller::Impl::end_round(bool newcomer, Turn& turn) {
  round.end();
  synced = was_synced = true;
  shutdown_announced = false;
  leader.reset(replica, newcomer, turn.now);
  disks.forget_members();
  configuration_changed();
  commands.resend_all();
  for (auto& [from, message] : round.take_kept())
    std::visit([&, &sender = from](auto&& m) { heard(sender, std::forward<decltype(m)>(m), turn); }, std::move(message));
  turn.say(Level::notice, "in sync with {} of {} members, CIB {}, the DC is {}", replica.seniority().size(),
           members.size(), cib::to_string(replica.cib().version()),
           replica.leader() ? replica.name_of(replica.leader()->node) : "nobody");
}

void Controller::Impl::heard(const groups::Member&, Resync&&, Turn& turn) {
  turn.say(Level::warning, "states differ: everyone says hello again");
  begin_round(turn);
}

void Controller::Impl::watch_round(Turn& turn) {
  if (!round.is_active() || turn.now < round.waiting_since() + settings.hello_timeout) return;
  round.wait_again(turn.now);
  auto slow = round.laggards();
  std::erase(slow, me());
  if (!slow.empty()) send(GiveUp{round.members(), std::move(slow)}, turn);
}

}  // namespace relevo::controller
