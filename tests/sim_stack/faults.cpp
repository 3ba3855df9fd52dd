// Drawing the faults of a run.
#include "tests/sim_stack/faults.hpp"

#include <fmt/format.h>

#include <array>

namespace relevo::sim {

namespace {
struct Sort {
  FaultKind kind;
  std::string_view name;
  unsigned weight;
  std::int64_t span_ms[2];
};
using F = FaultKind;
constexpr std::array<Sort, fault_kinds> sorts{{
    {F::crash, "crash", 8, {0, 0}},
    {F::crash_while_sending, "crash while sending", 5, {0, 0}},
    {F::boot, "boot", 18, {0, 0}},
    {F::boot_without_disk, "boot with an empty disk", 4, {0, 0}},
    {F::quick_restart, "restart before anyone notices", 5, {1, 120}},
    {F::leave, "clean leave", 6, {50, 600}},
    {F::pause, "pause", 8, {20, 900}},
    {F::freeze, "freeze with its clock", 4, {20, 900}},
    {F::all_restart, "all restart at random moments", 1, {50, 800}},
    {F::power_loss, "power loss of all", 1, {50, 500}},
    {F::slow_disk, "slow disk", 3, {100, 900}},
    {F::disk_full, "disk full", 2, {100, 900}},
    {F::split_in_two, "split in two", 10, {100, 1500}},
    {F::split_in_three, "split in three", 4, {100, 1500}},
    {F::isolate, "isolate", 5, {50, 1200}},
    {F::cut_one_way, "one-way cut", 8, {50, 1500}},
    {F::cut_one_link, "one-way cut of one link", 5, {50, 1500}},
    {F::pull_link, "a link is pulled everywhere", 4, {50, 900}},
    {F::flap_link, "a link flaps", 3, {200, 1500}},
    {F::heal, "heal", 10, {0, 0}},
    {F::lossy_path, "lossy path", 6, {50, 1500}},
    {F::slow_path, "slow path", 5, {50, 1500}},
    {F::loss_burst, "burst of loss", 5, {5, 120}},
    {F::copy_burst, "burst of copies", 3, {5, 300}},
    {F::corrupt_burst, "burst of corruption", 3, {5, 300}},
    {F::straggle_burst, "burst of late packets", 3, {5, 500}},
    {F::shrink_mtu, "smaller path MTU", 4, {50, 2500}},
    {F::deaf_to_large, "large packets vanish", 4, {50, 900}},
    {F::deaf_to_ring, "ring traffic of one path vanishes", 5, {50, 3000}},
    {F::deaf_to_all_rings, "a node hears no ring traffic", 3, {50, 3000}},
    {F::replay_at_once, "replay at once", 3, {0, 0}},
    {F::replay_of_earlier_start, "replay of an earlier start", 4, {0, 0}},
    {F::replay_on_other_link, "replay on another link", 3, {0, 0}},
    {F::replay_from_elsewhere, "replay from another address", 2, {0, 0}},
    {F::replay_to_other, "replay to another node", 2, {0, 0}},
    {F::reflect, "reflection", 3, {0, 0}},
    {F::garbage, "garbage", 2, {0, 0}},
    {F::truncated, "truncated recording", 2, {0, 0}},
    {F::bit_flip, "recording with a flipped bit", 3, {0, 0}},
    {F::forged_hint, "forged unreachable hints", 3, {0, 0}},
    {F::message_storm, "message storm", 6, {0, 0}},
    {F::huge_message, "huge message", 2, {0, 0}},
    {F::join_storm, "many clients join", 3, {0, 0}},
    {F::expected_votes, "expected votes by command", 3, {0, 0}},
    {F::cancel_wait_for_all, "wait for all cancelled", 2, {0, 0}},
    {F::rotate_key, "key rotation", 6, {0, 0}},
    {F::rotate_key_with_force, "key rotation with nodes away", 3, {0, 0}},
    {F::rotate_and_crash, "key rotation and a crash in it", 4, {0, 40}},
    {F::change_timers, "change of the configuration", 5, {0, 0}},
    {F::change_refused, "change that a node refuses", 2, {100, 300}},
    {F::change_and_crash, "change and a crash in it", 3, {0, 40}},
    {F::remove_node, "node removed while running", 1, {0, 0}},
    {F::ask_to_leave, "node asked to leave", 2, {50, 500}},
    {F::arbiter_crash, "arbiter restarts", 4, {10, 1500}},
    {F::arbiter_without_record, "arbiter restarts without its record", 2, {10, 500}},
    {F::arbiter_torn_record, "arbiter restarts with a torn record", 2, {10, 500}},
    {F::arbiter_unreachable, "arbiter out of reach of a node", 4, {50, 2000}},
    {F::arbiter_disk_full, "arbiter's disk full", 2, {50, 800}},
}};

const Sort& sort_of(FaultKind kind) {
  for (const auto& sort : sorts)
    if (sort.kind == kind) return sort;
  return sorts.front();
}

const Sort& pick(Rng& rng) {
  unsigned total = 0;
  for (const auto& sort : sorts) total += sort.weight;
  auto at = rng.below(total);
  for (const auto& sort : sorts) {
    if (at < sort.weight) return sort;
    at -= sort.weight;
  }
  return sorts.front();
}
}  // namespace

std::string_view name(FaultKind kind) { return sort_of(kind).name; }

std::string text_of(const Fault& f) {
  return fmt::format("{} ms: {} (node {}, other {}, link {}, {} ms, {})", to_ms(f.at), name(f.kind), f.node, f.other, f.link,
                     to_ms(f.span), f.amount);
}

std::vector<Fault> draw_faults(Rng rng, std::uint32_t nodes, std::uint8_t links, Duration length) {
  std::vector<Fault> faults;
  const auto pace = rng.between(40, 600) * 2'000'000;  // some runs are calm and some are hell
  for (Duration at{}; at < length;) {
    const auto& sort = pick(rng);
    Fault f{.at = at, .kind = sort.kind};
    f.node = static_cast<std::uint32_t>(1 + rng.below(nodes));
    f.other = static_cast<std::uint32_t>(1 + rng.below(nodes));
    f.link = static_cast<std::uint8_t>(rng.below(links));
    f.span = Duration{rng.between(sort.span_ms[0] * 1'000'000, sort.span_ms[1] * 1'000'000)};
    f.amount = rng.next() % 1'000'000;
    faults.push_back(f);
    at += Duration{rng.between(1'000'000, pace)};
  }
  return faults;
}

}  // namespace relevo::sim
