// The library through which local programs use the membership layer: the one public header of membership/.
#pragma once

#include <functional>
#include <memory>
#include <optional>
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
  /// After a multicast was answered with try_again: there is room again. Called once for each such time.
  std::function<void()> on_ready;
  /// The connection is gone (daemon died, was stopped, or ended it): the node must be taken as cut off. Called once.
  std::function<void(const std::string& reason)> on_lost;
};

/// A member of a group, wherever it runs.
struct MemberInfo {
  groups::Member member;
  std::uint32_t pid = 0;  ///< of its process, as its own host counts; 0 = not known
};
struct GroupInfo {
  std::string name;
  std::vector<MemberInfo> members;  ///< sorted
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
  /// Errors: try_again (the daemon takes no more for the moment, as in a membership change: wait for on_ready), invalid
  /// (longer than 1 MiB, a group name that is empty or longer than 128 bytes), not_connected.
  Status multicast(const std::string& group, groups::Guarantee guarantee, BytesView payload);
  /// Bytes that multicast takes before it says try_again. 0 = wait for on_ready.
  [[nodiscard]] std::size_t room() const;
  /// `answer` is called when everything asked for before was taken for ordering, or rejected (then on_rejected came
  /// first). It says nothing of deliveries: those come by on_message. Not called when the connection ends first.
  void flush(std::function<void()> answer);
  /// All groups of the cluster as this node knows them now, sorted by name.
  void list_groups(std::function<void(Result<std::vector<GroupInfo>>)> answer);
  /// What was told last; nothing before the first.
  [[nodiscard]] const std::optional<Welcome>& welcome() const;
  [[nodiscard]] const std::optional<Configuration>& configuration() const;
  [[nodiscard]] const std::optional<QuorumView>& quorum() const;

  /// Asks the daemon for a sign of life; `answer` gets it. Proves that the daemon's loop runs and holds a ring.
  void ping(std::function<void()> answer);
  /// A JSON report for tools: `status` (ring, members, quorum, links, counters), `cmap` or `groups`. When the
  /// connection ends before the answer, the answer is an error (this, list_groups and control).
  void report(const std::string& what, std::function<void(Result<std::string> json)> answer);
  /// A request for the daemon's own configuration: `reload`, `shutdown`, `expected-votes N`, `cancel-wait-for-all`.
  void control(const std::string& command, std::function<void(Status)> answer);
  /// The same, with what the daemon says to it (often nothing).
  void command(const std::string& command, std::function<void(Result<std::string>)> answer);

  struct Impl;
  explicit Client(std::shared_ptr<Impl> impl);

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace relevo::membership
