// The program's own place, as the kernel knows it. Reads one link, nothing else.
#include "cli/support/self.hpp"

#include <filesystem>
#include <system_error>

namespace relevo::cli {

std::string self_path() {
  std::error_code error;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? std::string("/usr/bin/relevo") : path.string();
}

std::string bin_dir() { return std::filesystem::path(self_path()).parent_path().string(); }

std::string compat_dir() { return bin_dir() + "/compat"; }

}  // namespace relevo::cli
