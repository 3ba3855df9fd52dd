// Where this program stands, and so where its daemons, links and agents are.
#pragma once

#include <string>

namespace relevo::cli {

/// The running program's own file, links followed.
[[nodiscard]] std::string self_path();
/// The folder it is in (`.../bin`), where the daemons are too.
[[nodiscard]] std::string bin_dir();
/// The folder of the links with the field's names.
[[nodiscard]] std::string compat_dir();

}  // namespace relevo::cli
