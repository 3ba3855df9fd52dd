// How long planning takes, file by file (crm_simulate --profile). No status, no events.
#pragma once

#include <string>

#include "common/base/result.hpp"

namespace relevo::cli::simulate {

/// Plans every `*.xml` and `*.xml.bz2` of the folder `repeat` times: a line with the CPU time of each. Reading the files is not
/// counted. Errors: not_found, when the folder cannot be read; invalid, when a file is no CIB.
Result<std::string> profile(const std::string& folder, int repeat);

}  // namespace relevo::cli::simulate
