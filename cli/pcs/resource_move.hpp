// `resource move|ban|clear`: putting a resource elsewhere by a constraint, and taking that constraint away.
#pragma once

#include "cli/pcs/arguments.hpp"
#include "common/base/result.hpp"

namespace relevo::cli::pcs {

/// words: RESOURCE [NODE] [lifetime=DURATION]. Without a lifetime `move` takes its constraint away again once the
/// resource runs on the node (as pcs 0.11 does); with one the constraint ends by itself (as pcs 0.10 did).
Status resource_move(Arguments arguments, bool keep_constraint);
/// words: RESOURCE [NODE] [lifetime=DURATION]
Status resource_ban(Arguments arguments);
/// words: RESOURCE [NODE]
Status resource_clear(Arguments arguments);

}  // namespace relevo::cli::pcs
