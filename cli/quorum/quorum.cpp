// The tables of `relevo quorum` and `relevo quorum device`.
#include "cli/quorum/quorum.hpp"

#include "cli/lowlevel/quorumtool.hpp"
#include "cli/quorum/device.hpp"
#include "cli/support/commands.hpp"
#include "cli/support/exit_codes.hpp"
#include "cli/support/output.hpp"

namespace relevo::cli::quorum {
namespace {

using Args = std::vector<std::string>;

/// Each of the two steps below is agreed on by all nodes; one that did both at once would be no safer.
int update(const Args&) {
  return print_error({"a quorum device is not changed in place: 'relevo quorum device remove', then 'relevo quorum device add' with "
                      "the new values; both count at once, nothing has to be restarted",
                      ErrorKind::unsupported});
}

int heuristics(const Args&) { return print_error({no_heuristics, ErrorKind::unsupported}); }

int device(const Args& args) {
  static const CommandTable table = {
      {"add", "put an arbiter into the configuration of all nodes", device_add},
      {"remove", "take it out again", device_remove},
      {"status", "what this node has with the arbiter", device_status},
      {"update", "", update},
      {"heuristics", "", heuristics},
  };
  return run_command("relevo quorum device", table, args);
}

}  // namespace

int run(const Args& args) {
  static const CommandTable table = {
      {"status", "votes and members, as corosync-quorumtool shows them", lowlevel::quorumtool},
      {"device", "the arbiter: add, remove, status", device},
  };
  return run_command("relevo quorum", table, args);
}

}  // namespace relevo::cli::quorum
