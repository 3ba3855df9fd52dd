// `constraint ...`: location preferences, the list, deletion.
#pragma once

#include "cli/pcs/arguments.hpp"
#include "common/base/result.hpp"

namespace relevo::cli::pcs {

/// words after `constraint`: [list|config] | location [config | R prefers|avoids N[=S]... | delete ID] | delete ID...
Status constraint_command(Arguments arguments);

}  // namespace relevo::cli::pcs
