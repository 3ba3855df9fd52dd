// The arbiter's files: a token for each cluster, and the record of its last vote. Checked on every read.
#pragma once

#include <string>
#include <vector>

#include "common/io/root.hpp"
#include "membership/arbiter/server.hpp"

namespace relevo::arbiterd {

/// Where they are, under a root.
struct Paths {
  io::Root root;
  [[nodiscard]] std::string tokens() const { return root.config_dir() + "/arbiter"; }
  [[nodiscard]] std::string token(const std::string& cluster) const { return tokens() + "/" + cluster + ".token"; }
  [[nodiscard]] std::string records() const { return root.state_dir() + "/arbiter"; }
  [[nodiscard]] std::string record(const std::string& cluster) const { return records() + "/" + cluster + ".vote"; }
  [[nodiscard]] std::string socket() const { return root.run_dir() + "/arbiter.sock"; }
};

/// The clusters that have a token file, sorted. None is no error.
[[nodiscard]] std::vector<std::string> list_clusters(const Paths& paths);
/// Token and record of one cluster. Errors: no token, or one that others can read; the message names the file.
Result<arbiter::ClusterFiles> load_cluster(const Paths& paths, const std::string& cluster);

/// A new token for a cluster. Errors: the name is none, there is one already.
Status add_cluster(const Paths& paths, const std::string& cluster);
/// Errors: there is none.
Status remove_cluster(const Paths& paths, const std::string& cluster);

}  // namespace relevo::arbiterd
