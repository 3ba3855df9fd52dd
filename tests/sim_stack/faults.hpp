// What can befall a cluster, as data: a run is a list of these, so that a failing one can be made shorter.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/rng.hpp"
#include "common/base/time.hpp"

namespace relevo::sim {

enum class FaultKind : std::uint8_t {
  // hosts
  crash, crash_while_sending, boot, boot_without_disk, quick_restart, leave, pause, freeze, all_restart, power_loss,
  slow_disk, disk_full,
  // network, for `span`
  split_in_two, split_in_three, isolate, cut_one_way, cut_one_link, pull_link, flap_link, heal, lossy_path, slow_path, loss_burst, copy_burst,
  corrupt_burst, straggle_burst, shrink_mtu, deaf_to_large, deaf_to_ring, deaf_to_all_rings,
  // somebody without the key
  replay_at_once, replay_of_earlier_start, replay_on_other_link, replay_from_elsewhere, replay_to_other, reflect, garbage, truncated, bit_flip,
  forged_hint,
  // people and programs
  message_storm, huge_message, join_storm, expected_votes, cancel_wait_for_all,
  rotate_key, rotate_key_with_force, rotate_and_crash, change_timers, change_refused, change_and_crash, remove_node, ask_to_leave,
  arbiter_crash, arbiter_without_record, arbiter_torn_record, arbiter_unreachable, arbiter_disk_full,
};
constexpr std::size_t fault_kinds = static_cast<std::size_t>(FaultKind::arbiter_disk_full) + 1;
[[nodiscard]] std::string_view name(FaultKind kind);

struct Fault {
  Duration at{};  ///< since the begin of the run
  FaultKind kind{};
  std::uint32_t node = 1, other = 1;
  std::uint8_t link = 0;
  Duration span{};            ///< how long it lasts, where it ends by itself
  std::uint64_t amount = 0;   ///< permille, bytes, or a seed of its own
};
[[nodiscard]] std::string text_of(const Fault& fault);

/// A run's faults, in order of time. How many and which is drawn from the seed alone.
[[nodiscard]] std::vector<Fault> draw_faults(Rng rng, std::uint32_t nodes, std::uint8_t links, Duration length);

}  // namespace relevo::sim
