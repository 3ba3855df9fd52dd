// What each fault of hosts, networks and people does.
#include <utility>

#include "tests/sim_stack/story_run.hpp"

namespace relevo::sim {

void Story::apply(const Fault& fault) {
  world_.tell("* {}", text_of(fault));
  const bool struck = apply_to_host(fault) || apply_to_network(fault) || apply_to_people(fault) || apply_to_operators(fault) ||
                      apply_to_arbiter(fault) || attack(fault);
  if (struck) coverage_.hit(fmt::format("fault: {}", name(fault.kind)));
}

/// Down now, back later.
void Story::shut(std::uint32_t node, Duration back_after) {
  if (world_.is_running(node)) world_.crash(node);
  later(back_after, [this, node] { boot(node); });
}

bool Story::apply_to_host(const Fault& f) {
  const bool runs = world_.is_running(f.node);
  const bool awake = runs && !world_.is_asleep(f.node);
  switch (f.kind) {
    case FaultKind::crash: world_.crash(f.node); return runs;
    case FaultKind::crash_while_sending: world_.crash_while_sending(f.node); return runs;
    case FaultKind::boot: boot(f.node); return !runs;
    case FaultKind::boot_without_disk:
      if (!runs) world_.lose_disk(f.node);
      boot(f.node);
      return !runs;
    case FaultKind::quick_restart: if (runs) shut(f.node, f.span); return runs;
    case FaultKind::leave:
      if (awake) world_.leave(f.node);
      if (awake) later(f.span, [this, node = f.node] { boot(node); });
      return awake;
    case FaultKind::pause:
      world_.pause(f.node, true);
      later(f.span, [this, node = f.node] { world_.pause(node, false); });
      return runs;
    case FaultKind::freeze: world_.freeze(f.node, f.span); return awake;
    case FaultKind::all_restart:
      for (const auto node : everyone())
        later(Duration{rng_.between(0, f.span.count())}, [this, node] { shut(node, 20ms); });
      return true;
    case FaultKind::power_loss:
      for (const auto node : everyone()) shut(node, Duration{rng_.between(0, f.span.count())});
      return true;
    case FaultKind::slow_disk:
      world_.slow_disk(f.node, Duration{1'000'000 + static_cast<std::int64_t>(f.amount % 60) * 1'000'000});
      later(f.span, [this, node = f.node] { world_.slow_disk(node, {}); });
      return true;
    case FaultKind::disk_full:
      world_.fill_disk(f.node, true);
      later(f.span, [this, node = f.node] { world_.fill_disk(node, false); boot(node); });
      return true;
    default: return false;
  }
}

void Story::split(const Fault& f, std::uint64_t sides) {
  std::vector<std::set<std::uint32_t>> groups(sides);
  Rng own(f.amount);
  for (const auto n : everyone()) groups[own.below(sides)].insert(n);
  world_.partition(groups);
  later(f.span, [this] { world_.heal(); });
}

void Story::condition(const Fault& f, const std::function<void(Condition&)>& change) {
  auto& path = world_.net().at({f.node, f.other, f.link});
  change(path);
  later(f.span, [this, f] { world_.net().at({f.node, f.other, f.link}) = {}; });
}

void Story::burst(const Fault& f, std::uint64_t Network::*what, std::uint64_t permille) {
  const auto usual = cast_.world.network.*what;
  world_.net().weather.*what = permille;
  later(f.span, [this, what, usual] { world_.net().weather.*what = usual; });
}

bool Story::apply_to_network(const Fault& f) {
  auto& net = world_.net();
  const bool pair = f.node != f.other;
  const auto all_paths = [&](const std::function<void(Condition&)>& change) {
    for (const auto a : everyone())
      for (const auto b : everyone())
        if (a != b) change(net.at({a, b, f.link}));
  };
  switch (f.kind) {
    case FaultKind::split_in_two: split(f, 2); return true;
    case FaultKind::split_in_three: split(f, 3); return true;
    case FaultKind::isolate:
      for (const auto other : everyone())
        if (other != f.node) net.cut(f.node, other), net.cut(other, f.node);
      later(f.span, [this] { world_.heal(); });
      return true;
    case FaultKind::cut_one_way: if (pair) net.cut(f.node, f.other); return pair;
    case FaultKind::cut_one_link: if (pair) condition(f, [](Condition& c) { c.cut = true; }); return pair;
    case FaultKind::pull_link:
      all_paths([](Condition& c) { c.cut = true; });
      later(f.span, [this] { world_.heal(); });
      return true;
    case FaultKind::flap_link:
      for (Duration at{}; at < f.span; at += 60ms)
        later(at, [this, f, down = at.count() / 60'000'000 % 2 == 0] {
          if (f.node != f.other) world_.net().at({f.node, f.other, f.link}).cut = down;
        });
      later(f.span, [this] { world_.heal(); });
      return pair;
    case FaultKind::heal: world_.heal(); return true;
    case FaultKind::lossy_path: if (pair) condition(f, [&](Condition& c) { c.loss_permille = 50 + f.amount % 600; }); return pair;
    case FaultKind::slow_path: if (pair) condition(f, [&](Condition& c) { c.extra_delay = Duration{static_cast<std::int64_t>(f.amount) * 100}; }); return pair;
    case FaultKind::loss_burst: burst(f, &Network::loss_permille, 400); return true;
    case FaultKind::copy_burst: burst(f, &Network::duplicate_permille, 600); return true;
    case FaultKind::corrupt_burst: burst(f, &Network::corrupt_permille, 300); return true;
    case FaultKind::straggle_burst: burst(f, &Network::straggle_permille, 300); return true;
    case FaultKind::shrink_mtu: {
      constexpr std::size_t mtus[] = {1492, 1400, 1280, 900, 576};
      all_paths([&](Condition& c) { c.mtu = mtus[f.amount % 5]; });
      later(f.span, [this] { world_.heal(); });
      return true;
    }
    case FaultKind::deaf_to_large: if (pair) condition(f, [](Condition& c) { c.mtu = 400; }); return pair;
    case FaultKind::deaf_to_ring:
      for (std::uint8_t link = 0; link < cast_.world.links && pair; ++link) net.at({f.node, f.other, link}).deaf = true;
      later(f.span, [this] { world_.heal(); });
      return pair;
    case FaultKind::deaf_to_all_rings:
      for (const auto other : everyone())
        for (std::uint8_t link = 0; link < cast_.world.links; ++link)
          if (other != f.node) net.at({other, f.node, link}).deaf = true;
      later(f.span, [this] { world_.heal(); });
      return cast_.world.nodes > 1;
    default: return false;
  }
}

/// A command that makes half of the votes enough may make two halves quorate: the operator's own risk.
bool Story::command_votes(const Fault& f) {
  const bool rash = f.amount % 8 == 0;
  const auto half = cast_.total_votes / 2;
  const auto votes = static_cast<std::uint32_t>(rash ? 1 + f.amount / 8 % cast_.total_votes : cast_.total_votes - f.amount / 8 % (half + 1) / 2);
  auto& views = checker_.views;
  const auto before = views.least_expected;
  const bool risked = views.two_node;
  views.least_expected = std::min(before, votes);
  if (2 * (votes / 2 + 1) <= cast_.total_votes) views.two_node = true;
  const auto output = world_.ask(f.node, stack::SetExpectedVotes{votes});
  if (!output.refused) return true;
  views.least_expected = before;
  views.two_node = risked;
  coverage_.hit("quorum: other expected votes refused");
  return false;
}

bool Story::apply_to_people(const Fault& f) {
  auto& talkers = talkers_[f.node];
  const bool there = world_.is_running(f.node) && !world_.is_asleep(f.node) && !talkers.empty();
  switch (f.kind) {
    case FaultKind::message_storm:
      for (std::uint64_t i = 0; i < 100 + f.amount % 200 && there && world_.is_running(f.node); ++i)
        say(f.node, 0, f.amount % 3 == 0 ? 1500 : 30, groups::Guarantee::agreed);
      return there;
    case FaultKind::huge_message: if (there) say(f.node, 0, 50'000 + f.amount % 400'000, groups::Guarantee::agreed); return there;
    case FaultKind::join_storm:
      for (int i = 0; i < 12 && there && world_.is_running(f.node); ++i) talker(f.node, "beta");
      return there;
    case FaultKind::expected_votes: return there && command_votes(f);
    case FaultKind::cancel_wait_for_all: {
      if (!there) return false;
      const bool waits = std::exchange(checker_.views.wait_for_all, false);
      const auto output = world_.ask(f.node, stack::CancelWaitForAll{});
      if (output.refused) checker_.views.wait_for_all = waits;
      return !output.refused;
    }
    default: return false;
  }
}

}  // namespace relevo::sim
