// The vocabulary of the group: what controllers say to each other in the agreed order. Bytes meet it only in the codec.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "resmgr/controller/types.hpp"

namespace relevo::controller {

/// "I am here, and this is what I have": sent by every member after a view with joiners.
struct Hello {
  std::string name;
  std::uint64_t instance = 0;
  std::uint64_t lineage = 0;  ///< see docs/internals/controller.md, "Which CIB wins"
  cib::Version version;
  bool shutting_down = false;
  std::vector<executor::OperationResult> history;  ///< of this node's own executor, operations in flight as pending
};

/// The last command of a node's process that was applied: a resent one is recognised.
struct LastCommand {
  std::uint64_t instance = 0;
  std::uint64_t id = 0;
  bool operator==(const LastCommand&) const = default;
};

/// The whole replicated state, from the member that has the best one.
struct Image {
  std::string cib;
  std::uint64_t lineage = 0;
  bool established = false;
  std::vector<groups::Member> seniority;
  std::vector<NodeName> names;
  std::map<NodeId, LastCommand> commands;
  std::vector<NodeId> orphaned;  ///< hosts that left the ring after their resource manager had vanished
};

/// "These members keep the others waiting": they are left out of this round.
struct GiveUp {
  std::vector<groups::Member> members;  ///< of the view in which it was sent
  std::vector<groups::Member> mute;
};

/// A change that a client asked for. Safe delivery for changes of the CIB, agreed for the rest.
struct Command {
  std::uint64_t instance = 0;
  std::uint64_t id = 0;
  std::variant<cib::Change, CleanupRequest, AttributeRequest> what;
};

/// "My disk has the configuration of this version."
struct OnDisk {
  cib::Version version;  ///< num_updates 0
  std::string digest;    ///< of the text on disk
};

/// The leader fires an action: the node runs it, everyone records it as pending.
struct OpRequest {
  std::string node;
  WallTime at;
  executor::Operation operation;
};
struct OpResult {
  std::string node;
  executor::OperationResult result;
};
/// The node wants to hand its resources over and leave.
struct NodeShutdown {
  NodeId node;
  WallTime at;
};
/// The leader says that at `position` nothing is left to do.
struct Idle {
  std::uint64_t position = 0;
};
/// The leader waited long enough for a vanished process: its node counts as lost.
struct NodeLost {
  NodeId node;
};
/// States differ: everyone says hello again.
struct Resync {};

using Message = std::variant<Hello, Image, GiveUp, Command, OnDisk, OpRequest, OpResult, NodeShutdown, Idle, NodeLost,
                             Resync>;

[[nodiscard]] Bytes encode(const Message& message);
/// Total: any bytes give a message or an error.
Result<Message> decode(BytesView bytes);

}  // namespace relevo::controller
