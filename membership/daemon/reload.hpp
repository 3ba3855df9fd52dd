// What a change of the configuration needs from this host: files read and written, names resolved, sockets opened.
// Whether it comes to pass is agreed on elsewhere.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/io/loop.hpp"
#include "common/io/udp.hpp"
#include "membership/daemon/local_node.hpp"
#include "membership/stack/reload.hpp"

namespace relevo::membership {

using Sockets = std::map<LinkId, std::unique_ptr<io::UdpSocket>>;

/// What a look at a proposed configuration found.
struct Looked {
  std::string words;  ///< why this host cannot run by it; empty = it can
  stack::SettingsPtr settings;
  std::vector<std::string> restart;  ///< keys that count from the next start only
};
/// Reads, compares with what runs, resolves names, looks at this host's addresses. May block: for the helper thread.
[[nodiscard]] Looked look_at(const std::string& text, const std::string& path, const stack::SettingsPtr& now, NodeId self);

/// Opens the sockets of the links whose local address is new, without touching those that are open by now.
/// Errors: an address that cannot be bound, with the link.
Result<Sockets> open_new_sockets(io::Loop& loop, const stack::Settings& now, const stack::Settings& next, NodeId self);

/// Puts `text` into the configuration file and keeps what stood there as FILE.bak. Nothing is written when it is the
/// same. May block: for the helper thread. Errors: the disk's; the old file is whole then.
Status write_config(const std::string& path, const std::string& text);

}  // namespace relevo::membership
