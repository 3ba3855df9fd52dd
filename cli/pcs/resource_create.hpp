// `resource create`: a new primitive, checked against its agent's meta-data.
#pragma once

#include "cli/pcs/arguments.hpp"
#include "common/base/result.hpp"

namespace relevo::cli::pcs {

/// words: ID AGENT [NAME=VALUE]... [op ACTION [NAME=VALUE]...]... [meta NAME=VALUE...]
Status resource_create(Arguments arguments);

}  // namespace relevo::cli::pcs
