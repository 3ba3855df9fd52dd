// The library through which local programs use the membership layer: the one public header of membership/.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/base/result.hpp"
#include "common/base/view.hpp"
#include "common/io/loop.hpp"
#include "membership/groups/types.hpp"

namespace relevo::membership {

/// A node of the configuration file.
struct NodeInfo {
  NodeId id;
  std::string name;
  std::vector<std::string> addresses;  ///< one a link
  std::uint32_t votes = 1;
};

/// What the daemon says of itself when a client connects.
struct Welcome {
  NodeId local;
  std::uint32_t client = 0;  ///< this connection's number in groups::Member
  std::string cluster_name;
  std::vector<NodeInfo> nodes;  ///< sorted by id
};

/// Calls from the loop, in the agreed order. Unset handlers are skipped.
struct Handlers {
  std::function<void(const Welcome&)> on_welcome;
  /// Each totem configuration, transitional and regular; the current regular one right after the welcome.
  std::function<void(const Configuration&)> on_configuration;
  /// Withdrawn at once at a transitional configuration, granted only when the ring is installed.
  std::function<void(const QuorumView&)> on_quorum;
  std::function<void(const groups::GroupView&)> on_group;
  std::function<void(const groups::GroupMessage&)> on_message;
  /// A join, leave or multicast the daemon could not take after all: nothing was sent.
  std::function<void(const std::string& group, const Error& error)> on_rejected;
  /// The connection is gone (daemon died or was stopped): the node must be taken as cut off. Called once.
  std::function<void(const std::string& reason)> on_lost;
};

/// One connection. Not reconnecting by itself: the owner makes a new Client. Handlers may destroy the client.
class Client {
 public:
  /// Errors: not_connected (names the socket), permission.
  static Result<std::unique_ptr<Client>> connect(io::Loop& loop, const std::string& socket_path, Handlers handlers);
  ~Client();

  void join(const std::string& group);
  void leave(const std::string& group);
  /// Takes the message for ordered delivery to all members of the group, the sender too, at most once.
  /// Errors: try_again (queue full: the daemon takes no more for the moment, as in a membership change), invalid
  /// (longer than 1 MiB, a group name that is empty or longer than 128 bytes), not_connected.
  Status multicast(const std::string& group, groups::Guarantee guarantee, BytesView payload);
  /// Asks the daemon for a sign of life; `answer` gets it. Proves that the daemon's loop runs and holds a ring.
  void ping(std::function<void()> answer);
  /// A JSON report for tools: `status` (ring, members, quorum, links, counters) or `cmap`. When the connection ends
  /// before the answer, the answer is an error (this and control).
  void report(const std::string& what, std::function<void(Result<std::string> json)> answer);
  /// A request for the daemon's own configuration: `reload`, `shutdown`, `expected-votes N`, `cancel-wait-for-all`.
  void control(const std::string& command, std::function<void(Status)> answer);

  struct Impl;
  explicit Client(std::shared_ptr<Impl> impl);

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace relevo::membership
