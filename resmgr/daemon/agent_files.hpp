// Where agents are on this host's disk. No processes here.
#pragma once

#include <string>
#include <vector>

namespace relevo::resmgr {

/// Ours (../ocf/resource.d beside the running program, else /usr/lib/relevo/ocf/resource.d), then the system's.
[[nodiscard]] std::vector<std::string> default_ocf_folders();

struct AgentFile {
  std::string path;  ///< empty: no folder has it
  bool executable = false;
};

/// The first executable FOLDER/PROVIDER/TYPE, else the first that is there at all.
[[nodiscard]] AgentFile find_agent(const std::vector<std::string>& folders, const std::string& provider,
                                   const std::string& type);

}  // namespace relevo::resmgr
