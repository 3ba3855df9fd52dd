// The table of low-level programs; see lowlevel.hpp.
#include "cli/lowlevel/lowlevel.hpp"

#include <utility>

#include "cli/lowlevel/quorumtool.hpp"

namespace relevo::cli::lowlevel {
namespace {

constexpr std::pair<const char*, Program> programs[] = {
    {"cibadmin", cibadmin},
    {"crm_verify", crm_verify},
    {"crm_node", crm_node},
    {"crm_attribute", crm_attribute},
    {"corosync-quorumtool", quorumtool},
    {"corosync-cfgtool", cfgtool},
    {"corosync-cmapctl", cmapctl},
    {"corosync-cpgtool", cpgtool},
};

}  // namespace

Program find(const std::string& name) {
  for (const auto& [known, program] : programs)
    if (name == known) return program;
  return nullptr;
}

}  // namespace relevo::cli::lowlevel
