// `property set|unset|config`: the cluster options.
#pragma once

#include "cli/pcs/arguments.hpp"
#include "common/base/result.hpp"

namespace relevo::cli::pcs {

/// words after `property`: set NAME=VALUE... | unset NAME... | [config|show|list] [NAME...] (--all adds defaults)
Status property_command(Arguments arguments);

}  // namespace relevo::cli::pcs
