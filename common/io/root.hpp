// Where everything lives: the fixed paths, moved as one by --root DIR or RELEVO_ROOT.
#pragma once

#include <string>

namespace relevo::io {

/// Paths under one root ("" = the machine's own). Source: DESIGN, "Names".
struct Root {
  std::string prefix;

  [[nodiscard]] std::string config_dir() const { return prefix + "/etc/relevo"; }
  [[nodiscard]] std::string cluster_conf() const { return config_dir() + "/cluster.conf"; }
  [[nodiscard]] std::string corosync_conf() const { return prefix + "/etc/corosync/corosync.conf"; }
  [[nodiscard]] std::string authkey() const { return config_dir() + "/authkey"; }
  [[nodiscard]] std::string corosync_authkey() const { return prefix + "/etc/corosync/authkey"; }
  [[nodiscard]] std::string state_dir() const { return prefix + "/var/lib/relevo"; }
  [[nodiscard]] std::string cib_file() const { return state_dir() + "/cib/cib.xml"; }
  [[nodiscard]] std::string run_dir() const { return prefix + "/run/relevo"; }
  [[nodiscard]] std::string membership_socket() const { return run_dir() + "/membership.sock"; }
  [[nodiscard]] std::string resmgr_socket() const { return run_dir() + "/resmgr.sock"; }
  [[nodiscard]] std::string log_dir() const { return prefix + "/var/log/relevo"; }
};

/// From --root when given, else RELEVO_ROOT, else the machine's own root.
[[nodiscard]] Root find_root(const std::string& from_option);

}  // namespace relevo::io
