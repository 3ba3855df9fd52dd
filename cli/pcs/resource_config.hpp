// `resource config` shows how resources are set up, `resource update` changes their parameters.
#pragma once

#include "cli/pcs/arguments.hpp"
#include "common/base/result.hpp"

namespace relevo::cli::pcs {

/// words: [RESOURCE...]
Status resource_config(Arguments arguments);
/// words: RESOURCE NAME=VALUE... (an empty value removes the parameter)
Status resource_update(Arguments arguments);

}  // namespace relevo::cli::pcs
