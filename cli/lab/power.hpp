// The verbs that take a host's power or its time away, and give them back.
#pragma once

#include <string>
#include <vector>

#include "cli/lab/store.hpp"

namespace relevo::cli::lab {

/// Every process of the host is stopped.
[[nodiscard]] bool is_paused(const Machine& machine);

int power_off_main(const std::vector<std::string>& args);
int power_on_main(const std::vector<std::string>& args);
int pause_main(const std::vector<std::string>& args);
int resume_main(const std::vector<std::string>& args);

}  // namespace relevo::cli::lab
