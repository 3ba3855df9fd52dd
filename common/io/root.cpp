// Which root the paths live under.
#include "common/io/root.hpp"

#include <cstdlib>
#include <filesystem>

namespace relevo::io {

Root find_root(const std::string& from_option) {
  std::string prefix = from_option;
  if (prefix.empty()) {
    const char* variable = std::getenv("RELEVO_ROOT");
    if (variable != nullptr) prefix = variable;
  }
  if (!prefix.empty()) {
    std::error_code error;
    const auto absolute = std::filesystem::absolute(prefix, error);
    if (!error) prefix = absolute.lexically_normal().string();
  }
  while (!prefix.empty() && prefix.back() == '/') prefix.pop_back();  // also makes "/" the machine's own root
  return Root{prefix};
}

}  // namespace relevo::io
