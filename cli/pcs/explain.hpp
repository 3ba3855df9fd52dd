// `explain RESOURCE`: why it runs where it runs: every node's score and what made it.
#pragma once

#include "cli/pcs/arguments.hpp"
#include "common/base/result.hpp"

namespace relevo::cli::pcs {

/// words: RESOURCE; --node N shows one node only, -f FILE reads a saved CIB, --json gives data.
Status explain_command(Arguments arguments);

}  // namespace relevo::cli::pcs
