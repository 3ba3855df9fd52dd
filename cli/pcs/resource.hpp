// `resource ...`: the dispatch and the short verbs; create and move have files of their own.
#pragma once

#include "cli/pcs/arguments.hpp"
#include "common/base/result.hpp"

namespace relevo::cli::pcs {

/// words after `resource`.
Status resource_command(Arguments arguments);

}  // namespace relevo::cli::pcs
