// Who besides root may use the local socket: names from the configuration and from the uidgid.d folders, as numbers.
#pragma once

#include <sys/types.h>

#include <map>
#include <set>
#include <string>

#include "common/base/note.hpp"
#include "common/config/cluster_config.hpp"
#include "common/io/root.hpp"
#include "common/io/unix_socket.hpp"

namespace relevo::membership {

/// Connections that one user who is not root may have at a time.
constexpr std::size_t max_sessions_of_user = 64;

class Access {
 public:
  /// Reads ROOT/etc/relevo/uidgid.d and ROOT/etc/corosync/uidgid.d besides what the configuration says; files in the
  /// form of corosync.conf(5). What cannot be read or is not known on this host gives a note and grants nothing.
  static Access load(const config::AccessConfig& configured, const io::Root& root, Notes& notes);

  /// Why this peer is turned away; empty = it may come in. `open` is how many connections its user has by now.
  [[nodiscard]] std::string refusal(const io::PeerCredentials& peer, std::size_t open) const;
  /// The mode of the socket file: others may open it only where somebody is named.
  [[nodiscard]] mode_t socket_mode() const { return users_.empty() && groups_.empty() ? 0660 : 0666; }

 private:
  void take_user(const std::string& name, Notes& notes);
  void take_group(const std::string& name, Notes& notes);

  std::set<uid_t> users_;
  std::set<gid_t> groups_;
};

}  // namespace relevo::membership
