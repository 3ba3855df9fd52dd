// The table of the lab's verbs.
#include "cli/lab/lab.hpp"

#include "cli/lab/enter.hpp"
#include "cli/lab/faults.hpp"
#include "cli/lab/lifecycle.hpp"
#include "cli/lab/machine.hpp"
#include "cli/lab/power.hpp"
#include "cli/lab/status.hpp"
#include "cli/support/commands.hpp"

namespace relevo::cli::lab {

int run(const std::vector<std::string>& args) {
  static const CommandTable table = {
      {"up", "make a lab: nodes, a client, a cluster", up_main},
      {"down", "remove it", down_main},
      {"status", "hosts, addresses, who has the virtual IP", status_main},
      {"exec", "run a command on a host", exec_main},
      {"power-off", "hard death of a host", power_off_main},
      {"power-on", "its return", power_on_main},
      {"pause", "stop all processes of a host", pause_main},
      {"resume", "let them go on", resume_main},
      {"link-down", "pull a cable", link_down_main},
      {"link-up", "plug it in again", link_up_main},
      {"partition", "cut the network in parts", partition_main},
      {"one-way", "lose packets in one direction", one_way_main},
      {"loss", "lose a share of the packets", loss_main},
      {"delay", "slow a host's packets down", delay_main},
      {"heal", "end all network faults", heal_main},
      {"keeper", "", keeper_main},
  };
  return run_command("relevo lab", table, args);
}

}  // namespace relevo::cli::lab
