// `status [resources|nodes|...]`: what runs where, in the field's own layout.
#pragma once

#include "cli/pcs/arguments.hpp"
#include "common/base/result.hpp"

namespace relevo::cli::pcs {

/// words after `status`: [resources|nodes|xml|quorum].
Status status_command(Arguments arguments);
Status status_resources(const Arguments& arguments);

}  // namespace relevo::cli::pcs
