// What goes into the controller and what comes out of it: values. No behaviour here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "common/base/note.hpp"
#include "common/base/view.hpp"
#include "membership/groups/types.hpp"
#include "resmgr/cib/apply.hpp"
#include "resmgr/executor/operation.hpp"

namespace relevo::controller {

/// The closed process group that all resource managers of a cluster join.
inline constexpr const char* group_name = "resmgr";

/// A local client's connection, numbered by the shell and never reused.
using ConnectionId = StrongId<struct ConnectionIdTag, std::uint64_t>;

struct NodeName {
  NodeId id;
  std::string name;
  bool operator==(const NodeName&) const = default;
};

// ---- what comes in

/// The first input, once.
struct Started {
  cib::Document cib;           ///< from disk, or an empty one
  std::uint64_t lineage = 0;   ///< stored beside it; 0 = placed there by a person, or nothing there
  std::uint64_t instance = 0;  ///< a random number that names this start of the process
  /// What an earlier run left in its list of perhaps running resources: probed before the node joins.
  std::vector<executor::Operation> remembered;
};
/// The membership daemon answered (again).
struct Connected {
  NodeId local;
  std::uint32_t client = 0;
  std::vector<NodeName> nodes;  ///< of the configuration file, sorted by id
};
/// Its connection is gone: this node must be taken as cut off.
struct MembershipLost {
  std::string reason;
};
struct PingAnswered {};
struct ClientGone {
  ConnectionId connection;
};
/// The write of Persist `ticket` ended.
struct Stored {
  std::uint64_t ticket = 0;
  std::string error;  ///< empty: it is on disk
};
struct ShutdownRequested {};
struct Tick {};

struct SnapshotRequest {};
struct ApplyRequest {
  cib::Change change;
};
struct CleanupRequest {
  std::string resource, node;
  bool refresh = false;
};
/// A transient node attribute; an empty optional removes it. `value++` and `value+=N` add.
struct AttributeRequest {
  std::string node, name;
  std::optional<std::string> value;
};
struct WaitIdleRequest {};
struct SubscribeRequest {};
struct PingRequest {};
/// Hand the resources over, leave, and end the process.
struct StopRequest {};
using Request = std::variant<SnapshotRequest, ApplyRequest, CleanupRequest, AttributeRequest, WaitIdleRequest,
                             SubscribeRequest, PingRequest, StopRequest>;
struct ClientRequest {
  ConnectionId connection;
  std::uint64_t id = 0;
  Request request;
};

using Input = std::variant<Tick, Started, Connected, MembershipLost, Configuration, QuorumView, groups::GroupView,
                           groups::GroupMessage, PingAnswered, executor::OperationResult, Stored, ClientRequest,
                           ClientGone, ShutdownRequested>;

// ---- what goes out, performed top to bottom

/// To be written by the helper thread and answered with Stored; one at a time.
struct Persist {
  std::uint64_t ticket = 0;
  std::string cib;
  std::uint64_t lineage = 0;
};
struct Multicast {
  groups::Guarantee guarantee = groups::Guarantee::agreed;
  Bytes payload;
};

struct Execute {
  executor::Operation operation;
};
struct CancelRecurring {
  std::string resource, task;
  std::chrono::milliseconds interval{0};
};
/// Whatever is or may be active on this node, now; the results come as those of any operation.
struct StopEverything {};
using ExecutorCommand = std::variant<Execute, CancelRecurring, StopEverything>;

/// What a tool sees besides the CIB. The same fields as resmgr::Snapshot.
struct Snapshot {
  std::string cib, local_node, dc, quorum_reason;
  bool quorate = false, synced = false, idle = false;
};
struct Cleaned {
  struct Item {
    std::string resource, node;
  };
  std::vector<Item> items;
};
struct Done {};
using Answer = std::variant<Done, Snapshot, cib::Version, Cleaned, Error>;
struct Reply {
  ConnectionId connection;
  std::uint64_t id = 0;
  Answer answer;
};

struct Output {
  std::optional<Persist> persist;
  /// The list of perhaps running resources changed: to be saved before the commands below are performed.
  std::optional<std::vector<executor::Operation>> remember;
  bool join = false;   ///< join the group now
  bool leave = false;  ///< leave it
  bool ping = false;   ///< ask the membership daemon for a sign of life
  std::vector<Multicast> multicasts;
  std::vector<ExecutorCommand> commands;
  std::vector<Reply> replies;
  std::vector<ConnectionId> pushes;  ///< subscribers that get a fresh snapshot
  bool may_renew_leases = false;     ///< the state after this step, not an event
  bool exit = false;                 ///< all is handed over: end the process
  Notes notes;
};

}  // namespace relevo::controller
