// How tools talk to relevo-resmgrd: JSON requests and answers over the local socket, and events for live views.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/base/result.hpp"
#include "common/io/loop.hpp"
#include "resmgr/cib/apply.hpp"

namespace relevo::resmgr {

/// What a snapshot says besides the CIB.
struct Snapshot {
  std::string cib;         ///< whole document with status
  std::string local_node;  ///< this node's name
  std::string dc;          ///< the DC's name, or empty while there is none
  bool quorate = false;
  std::string quorum_reason;
  bool synced = false;     ///< the state is the cluster's, not only what this node had on disk
  bool idle = false;       ///< no transition is running and nothing is pending
};

/// A blocking connection for command line tools. Each call waits at most `timeout` and then gives ErrorKind::timeout,
/// which says that a change may have been applied.
class Client {
 public:
  /// Errors: not_connected ("the cluster is not running on this node: ... start it with 'relevo cluster start'").
  static Result<Client> connect(const std::string& socket_path, Duration timeout = std::chrono::seconds(60));
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  ~Client();

  Result<Snapshot> snapshot();
  /// Acknowledged only when safely delivered in a quorate configuration and on disk on every member.
  /// Errors: no_quorum, invalid, not_found, exists, timeout; the message is for people.
  Result<cib::Version> apply(const cib::Change& change);
  /// Forgets failures (`refresh` = whole history) of a resource, or of all when empty, on a node, or on all, and
  /// re-probes. Gives "RESOURCE on NODE" of each that was cleaned.
  Result<std::vector<std::string>> cleanup(const std::string& resource, const std::string& node, bool refresh);
  /// Waits until no transition runs and none is needed. Errors: timeout, with what is still pending.
  Status wait_idle(Duration limit);
  /// Blocks for events: calls `on_change` with a fresh snapshot at once and after every change, until it returns false
  /// or `wake_fd` (if >= 0) becomes readable, then also calls `on_wake`; false from it ends the call too.
  Status watch(const std::function<bool(const Snapshot&)>& on_change, int wake_fd = -1,
               const std::function<bool()>& on_wake = {});
  /// Any other request: {"op": ...}; the answer's "error" has become an Error.
  Result<nlohmann::json> request(const nlohmann::json& request);

 private:
  struct Impl;
  explicit Client(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace relevo::resmgr
