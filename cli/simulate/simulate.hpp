// crm_simulate: what the cluster would do with a CIB, and how it would look afterwards. Changes nothing but the files it is told to.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/base/result.hpp"

namespace relevo::cli::simulate {

/// Gives the running cluster's CIB, for -L; the cluster's folder is the argument (empty = the usual one).
using LiveCib = std::function<Result<std::string>(const std::string& root)>;

/// Exit codes are those of the field's program: 64 usage, 65 not a CIB, 66 no input, 73 a file cannot be written, 102 no cluster.
int run(const std::vector<std::string>& args, const LiveCib& live);

}  // namespace relevo::cli::simulate
