// Everything the daemon must know before it starts: configuration, key, addresses. Refuses with words that help.
#pragma once

#include <string>

#include "common/config/cluster_config.hpp"
#include "common/io/root.hpp"
#include "common/log/log.hpp"
#include "membership/daemon/local_node.hpp"
#include "membership/seal/keyring.hpp"

namespace relevo::membership {

/// What the command line says.
struct CommandLine {
  std::string root;
  std::string config;     ///< empty = cluster.conf, else corosync.conf
  std::string node_name;  ///< empty = the host's own name
};

struct Setup {
  io::Root root;
  std::string config_path;
  std::string config_text;  ///< what `config` was read from
  config::ClusterConfig config;
  NodeId self;
  NodeAddresses addresses;
  std::string key_path;
  seal::Keyring key;
};

/// All of it. Errors: every one names its file and, where there is one, the command that mends it.
Result<Setup> prepare(const CommandLine& line);
/// What the logging section asks for, under the root.
[[nodiscard]] log::LogConfig log_config(const config::LoggingConfig& logging, const io::Root& root);

}  // namespace relevo::membership
