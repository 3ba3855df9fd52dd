// The table of `relevo cluster`.
#include "cli/cluster/cluster.hpp"

#include "cli/cluster/key.hpp"
#include "cli/cluster/start.hpp"
#include "cli/cluster/status.hpp"
#include "cli/cluster/stop.hpp"
#include "cli/cluster/supervisor.hpp"
#include "cli/support/commands.hpp"

namespace relevo::cli::cluster {

int run(const std::vector<std::string>& args) {
  static const CommandTable table = {
      {"start", "start the cluster on this node", start_main},
      {"stop", "hand the resources over and stop it", stop_main},
      {"status", "what runs here, the ring, the quorum", status_main},
      {"key", "list, rotate and retire the keys of the cluster", key_main},
      {"supervise", "", supervise_main},
  };
  return run_command("relevo cluster", table, args);
}

}  // namespace relevo::cli::cluster
