// Faults of the network: kept as a list, made real in the switch, so that they outlive a host's power cycle and no
// host can see or undo them.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cli/lab/topology.hpp"

namespace relevo::cli::lab {

/// Everything that is wrong with a lab's network now.
struct Faults {
  std::set<std::pair<std::string, std::string>> cuts;  ///< from host, to host: such packets are lost
  std::map<std::string, std::uint32_t> loss;           ///< host -> lost packets of 10000, each way
  std::map<std::string, std::uint32_t> delay_us;       ///< host -> added time, each way
  std::set<std::string> down;                          ///< ports without carrier
  [[nodiscard]] bool empty() const { return cuts.empty() && loss.empty() && delay_us.empty() && down.empty(); }
};

Result<Faults> load_faults(const Lab& lab);
Status save_faults(const Lab& lab, const Faults& faults);
/// One sentence a fault, for status.
[[nodiscard]] std::vector<std::string> describe(const Faults& faults);

/// The whole nftables input that makes the cuts and losses real. Pure.
[[nodiscard]] std::string nft_rules(const Lab& lab, const Faults& faults);
/// Makes the switch as the saved list says; repeating it changes nothing.
Status apply_faults(const Lab& lab);
/// Forgets every fault and makes the switch whole.
Status heal(const Lab& lab);

/// Sides of `1:2,3` or `nodo1,client:nodo2`. Errors: a host that is not there, on two sides, fewer than two sides.
Result<std::vector<std::vector<Host>>> parse_sides(const Lab& lab, const std::string& text);
/// `10%`, `2.5%`, `10` -> of 10000.
Result<std::uint32_t> parse_loss(const std::string& text);

// The verbs. Each takes the words after its name.
int link_down_main(const std::vector<std::string>& args);
int link_up_main(const std::vector<std::string>& args);
int partition_main(const std::vector<std::string>& args);
int one_way_main(const std::vector<std::string>& args);
int loss_main(const std::vector<std::string>& args);
int delay_main(const std::vector<std::string>& args);
int heal_main(const std::vector<std::string>& args);

}  // namespace relevo::cli::lab
