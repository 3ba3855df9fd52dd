// `constraint config` and its older names: all constraints as pcs prints them, or as JSON.
#pragma once

#include "cli/pcs/arguments.hpp"
#include "common/base/result.hpp"

namespace relevo::cli::pcs {

/// --full adds ids, --all shows what has expired; `only_location` leaves the other kinds out.
Status print_constraints(const Arguments& arguments, bool only_location);

}  // namespace relevo::cli::pcs
