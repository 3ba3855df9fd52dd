// See agent_files.hpp.
#include "resmgr/daemon/agent_files.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>

namespace relevo::resmgr {
namespace {

bool is_folder(const std::string& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

bool is_file(const std::string& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

std::string own_folder() {
  std::array<char, 4096> buffer{};
  const auto n = ::readlink("/proc/self/exe", buffer.data(), buffer.size());
  if (n <= 0) return {};
  const std::string path(buffer.data(), static_cast<std::size_t>(n));
  return path.substr(0, path.rfind('/'));
}

/// A name from the configuration must not lead out of its folder.
bool is_plain_name(const std::string& name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string::npos &&
         name.find('\0') == std::string::npos;
}

}  // namespace

std::vector<std::string> default_ocf_folders() {
  const auto built = own_folder() + "/../ocf/resource.d";
  return {is_folder(built) ? built : "/usr/lib/relevo/ocf/resource.d", "/usr/lib/ocf/resource.d"};
}

AgentFile find_agent(const std::vector<std::string>& folders, const std::string& provider, const std::string& type) {
  AgentFile found;
  if (!is_plain_name(provider) || !is_plain_name(type)) return found;
  for (const auto& folder : folders) {
    const auto path = folder + "/" + provider + "/" + type;
    if (!is_file(path)) continue;
    const bool executable = ::access(path.c_str(), X_OK) == 0;
    if (executable || found.path.empty()) found = {path, executable};
    if (executable) break;
  }
  return found;
}

}  // namespace relevo::resmgr
