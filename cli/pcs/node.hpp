// `node standby|unstandby|maintenance|unmaintenance`: what a node may do, for maintenance work.
#pragma once

#include "cli/pcs/arguments.hpp"
#include "common/base/result.hpp"

namespace relevo::cli::pcs {

/// words after `node`: VERB [NODE...]; without a node the local one, with --all every one.
Status node_command(Arguments arguments);

}  // namespace relevo::cli::pcs
