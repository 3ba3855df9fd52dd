// What local programs do: join, talk, leave, vanish.
#include "tests/sim_stack/story_run.hpp"

namespace relevo::sim {

void Story::boot(std::uint32_t node) {
  if (world_.is_running(node)) return;
  world_.start(node);
  talkers_[node].clear();
  if (!world_.is_running(node)) return;
  talker(node, "alpha");
  if (chat_rng_.chance(1, 2)) talker(node, "beta");
}

void Story::talker(std::uint32_t node, const std::string& group) {
  const auto client = world_.connect(node);
  if (!world_.is_running(node)) return;
  world_.input(node, stack::ClientJoin{client, group});
  talkers_[node].push_back({client, group});
}

void Story::chatter() {
  const auto node = static_cast<std::uint32_t>(1 + chat_rng_.below(world_.nodes()));
  const auto pick = chat_rng_.next();
  const bool leaves = chat_rng_.chance(1, 8);
  const auto size = chat_rng_.chance(1, 20) ? chat_rng_.below(20000) : chat_rng_.below(50);
  const auto guarantee = chat_rng_.chance(1, 3) ? groups::Guarantee::safe : groups::Guarantee::agreed;
  if (!world_.is_running(node) || world_.is_asleep(node) || talkers_[node].empty()) return;
  const auto talker = pick % talkers_[node].size();
  if (talkers_[node][talker].group == "beta" && leaves) return churn(node, talker);
  say(node, talker, size, guarantee);
}

void Story::say(std::uint32_t node, std::size_t talker, std::size_t size, groups::Guarantee guarantee) {
  const auto& who = talkers_[node].at(talker);
  Writer out;
  out.u64(++said_);
  auto payload = out.take();
  payload.resize(8 + size, static_cast<std::uint8_t>(said_));
  checker_.groups.said(said_, payload);
  if (who.group == "alpha") checker_.groups.accepted({node, world_.boot(node), who.client}, said_);
  world_.input(node, stack::ClientMulticast{who.client, who.group, guarantee, std::move(payload), said_});
}

/// A client never joins a group twice, so each membership of a group comes once a ring.
void Story::churn(std::uint32_t node, std::size_t talker) {
  auto& list = talkers_[node];
  const auto client = list.at(talker).client;
  list.erase(list.begin() + static_cast<std::ptrdiff_t>(talker));
  if (said_ % 2 == 0) {
    coverage_.hit("client: leaves a group");
    world_.input(node, stack::ClientLeave{client, "beta"});
  } else {
    coverage_.hit("client: its connection ends");
    checker_.groups.gone({node, world_.boot(node), client});
    world_.input(node, stack::ClientGone{client});
  }
  if (world_.is_running(node)) this->talker(node, "beta");
}

}  // namespace relevo::sim
