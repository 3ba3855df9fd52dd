// Who plays in a run, drawn from its seed: how many nodes, which links and options, what weather.
#pragma once

#include "tests/sim_stack/checker.hpp"

namespace relevo::sim {

struct Cast {
  WorldOptions world;
  bool two_node = false, wait_for_all = false;
  std::uint32_t stranger = 0;  ///< a node with another key file: it never gets in; 0 = none
  Duration length = 3s;        ///< of the time in which faults strike
  Duration chat_gap = 15ms;    ///< mean pause between messages
  std::uint32_t total_votes = 0;
  std::uint32_t least_expected = 0;  ///< by the rules alone; 0 = total_votes
};

[[nodiscard]] Cast draw_cast(Rng& rng, std::uint64_t seed, Plant plant, Coverage& coverage);

}  // namespace relevo::sim
