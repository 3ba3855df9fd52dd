// `resource defaults` and `resource op defaults`: what resources and operations take when they say nothing.
#pragma once

#include "cli/pcs/arguments.hpp"
#include "common/base/result.hpp"

namespace relevo::cli::pcs {

/// words: [config] | [update] NAME=VALUE... (an empty value removes). `section` is rsc_defaults or op_defaults.
Status defaults_command(Arguments arguments, const std::string& section);

}  // namespace relevo::cli::pcs
