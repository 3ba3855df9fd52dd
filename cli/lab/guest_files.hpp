// The files a host finds in its /etc at its first start, as text. Nothing is written here.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "cli/lab/topology.hpp"

namespace relevo::cli::lab {

struct GuestFile {
  std::string path;
  std::string content;
  mode_t mode = 0644;
};

/// hostname, hosts, resolv.conf and, unless the lab is bare, a node's cluster.conf and the cluster's key.
[[nodiscard]] std::vector<GuestFile> guest_files(const Lab& lab, const Host& host, const std::string& key);
/// cluster.conf as the tutorial writes it.
[[nodiscard]] std::string cluster_conf(const Lab& lab);

}  // namespace relevo::cli::lab
