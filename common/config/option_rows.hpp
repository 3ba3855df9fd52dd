// The rows of the option table, one function a section. For options.cpp only.
#pragma once

#include <vector>

#include "common/config/options.hpp"

namespace relevo::config {

[[nodiscard]] std::vector<OptionRow> make_option_rows();

}  // namespace relevo::config
