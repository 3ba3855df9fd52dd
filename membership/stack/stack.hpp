// The whole membership core of one node: links, seal, ring, groups and quorum composed into one state machine.
// It decides nothing of its own and does no I/O: the daemon (or the simulator) feeds it and performs its output.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "common/base/address.hpp"
#include "common/base/bytes.hpp"
#include "common/base/ids.hpp"
#include "common/base/note.hpp"
#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "common/base/view.hpp"
#include "common/config/cluster_config.hpp"
#include "membership/groups/types.hpp"
#include "membership/links/types.hpp"
#include "membership/seal/keyring.hpp"
#include "membership/seal/random.hpp"
#include "membership/stack/arbiter.hpp"
#include "membership/stack/keys.hpp"
#include "membership/stack/reload.hpp"

namespace relevo::stack {

/// Where nonces, challenges and the incarnation come from: libsodium in the daemon, a seed in tests.
using Random = seal::Random;

using ClientId = std::uint32_t;

// ---- inputs -------------------------------------------------------------------------------------------------

/// The first input, once; Output::refused says that it cannot start. `stored_ring_seq` is what an earlier Output::store_ring_seq made durable, 0 for a new node.
struct Start {
  std::uint64_t stored_ring_seq = 0;
  /// Used when nothing is stored: a number that grows across starts (wall time in ms), see totem::Start.
  std::uint64_t floor = 0;
};
/// A packet that came in on the socket of `link`. The bytes need to live only during the step.
struct Datagram {
  LinkId link;
  Address from;
  BytesView bytes;
};
/// The kernel says that nothing listens at `peer`, or that it cannot be reached: a hint, not evidence.
struct Unreachable {
  LinkId link;
  Address peer;
};
/// This host's own kernel would not send to `peer` on `link`: no route, interface down.
struct SendFailed {
  LinkId link;
  Address peer;
};
/// A packet to `peer` was too large: `payload` is the largest UDP payload that the path is said to take. `local`: this
/// host's kernel says so and has sent nothing; else a router does, which is only a hint.
struct PacketTooBig {
  LinkId link;
  Address peer;
  std::size_t payload = 0;
  bool local = true;
};
/// A local program connected. The shell numbers them from 1 and never reuses a number in one run.
/// Answered with the current regular Configuration (when there is one) and the QuorumView for this client.
struct ClientConnected {
  ClientId client = 0;
  std::uint32_t pid = 0;  ///< of its process, as this host counts; 0 = not known
};
/// Its connection is gone: it leaves its groups with process_down.
struct ClientGone {
  ClientId client = 0;
};
struct ClientJoin {
  ClientId client = 0;
  std::string group;
};
struct ClientLeave {
  ClientId client = 0;
  std::string group;
};
/// `tag` comes back in Rejected when the message is not taken.
struct ClientMulticast {
  ClientId client = 0;
  std::string group;
  groups::Guarantee guarantee = groups::Guarantee::agreed;
  Bytes payload;
  std::uint64_t tag = 0;
};
/// Raise or lower the expected votes of the whole cluster (quorumtool -e). Answered by Output::refused at once, or by
/// a new QuorumView when all members have taken it.
struct SetExpectedVotes {
  std::uint32_t votes = 0;
};
/// Stop waiting for all nodes, cluster wide. Answered by a new QuorumView.
struct CancelWaitForAll {};
/// A clean shutdown: tell the others. Nothing is delivered afterwards; perform the output, then exit.
struct Leave {};
/// The time of next_deadline() has come. Also harmless at any other time.
struct Tick {};

/// Another node, or this one, shall leave the cluster (cfgtool -k). Refused when it is no member; else that node's
/// Output::asked_to_leave says it when the request has its place in the order.
struct AskToLeave {
  NodeId node;
};

using Input = std::variant<Start, Datagram, Unreachable, SendFailed, PacketTooBig, ClientConnected, ClientGone, ClientJoin, ClientLeave,
                           ClientMulticast, SetExpectedVotes, CancelWaitForAll, Leave, Tick, AskToLeave,
                           Propose, ProposalChecked, TakenOver, RotateKey, RetireKey, KeyringStored,
                           ArbiterToken, ArbiterConnected, ArbiterFrame, ArbiterLost>;

// ---- outputs ------------------------------------------------------------------------------------------------

/// One sealed frame for one or several peers over one link: {link, to, bytes}.
using Send = links::Send;

/// A client's request was not taken: nothing was sent. `tag` is that of the multicast, 0 for join and leave.
struct Rejected {
  std::string group;
  std::uint64_t tag = 0;
  Error error;
};

using EventBody = std::variant<Configuration, QuorumView, groups::GroupView, groups::GroupMessage, Rejected>;

/// For one client, for some, or for all that are connected (also those that joined nothing).
struct ClientEvent {
  bool all = false;
  std::vector<ClientId> clients;  ///< sorted; empty when `all`
  EventBody body;
};

/// Performed by the shell top to bottom, before the next step.
struct Output {
  /// Must be durable before any of `sends` leaves. When it cannot be written: do not send, stop the daemon.
  std::optional<std::uint64_t> store_ring_seq;
  std::vector<ReloadEvent> reload;  ///< before the sends: sockets may change
  std::vector<Send> sends;
  std::vector<ClientEvent> events;
  std::vector<StoreKeyring> store_keyring;  ///< each to be answered by KeyringStored; nothing waits for it
  std::vector<KeyAnswer> key_answers;       ///< to RotateKey and RetireKey
  std::vector<ArbiterAction> arbiter;       ///< in order, on the one connection with the arbiter
  Notes notes;
  std::optional<reload::Id> proposed;  ///< only after Propose: what its end will be known by
  std::optional<NodeId> asked_to_leave;  ///< who asked this node to leave the cluster: stop after this step
  std::optional<Error> refused;  ///< only after Start and what an operator asked for: nothing was sent
};

// ---- status -------------------------------------------------------------------------------------------------

struct LinkStatus {
  LinkId link;
  Address local, remote;
  bool up = false;
  Duration latency{};  ///< smoothed round trip; 0 = not yet known
  Duration timeout{};  ///< the silence after which the path is declared down now
  Duration latency_average{}, latency_min{}, latency_max{};  ///< since the start of the path
  Duration jitter{};                ///< mean deviation of the round trips
  std::uint32_t mtu = 0;            ///< largest UDP payload that gets through; 0 = not known
  std::uint32_t loss_permille = 0;  ///< of what was sent lately
  std::uint64_t up_count = 0, down_count = 0;
  std::uint64_t sent_packets = 0, sent_bytes = 0, received_packets = 0, received_bytes = 0;
  std::uint8_t priority = 1;
  bool active = false;  ///< ring traffic takes it now
  Duration probation{};      ///< up, but carries nothing for so long still, because it kept coming and going
  std::uint64_t errors = 0;  ///< frames from its address that were refused, packets the kernel refused
};

struct PeerStatus {
  NodeId node;
  bool up = false;
  Incarnation incarnation;  ///< 0 = never proven
  std::vector<LinkStatus> links;
};

/// What the reports show; a snapshot.
struct Status {
  NodeId self;
  Incarnation incarnation;
  RingId ring;
  std::string state;            ///< gather, commit, recovery, operational; starting and left at the ends
  std::vector<NodeId> members;  ///< of the last regular configuration
  bool synced = false;          ///< the groups of this ring are complete
  QuorumView quorum;
  std::vector<PeerStatus> peers;                  ///< sorted by id, without this node
  keys::Status keys;
  reload::View configuration;                     ///< what is in force, and what is about to change it
  std::map<std::string, std::uint64_t> counters;  ///< e.g. `seal.bad_tag`, `links.heartbeats_sent`
};

// ---- the core -----------------------------------------------------------------------------------------------

struct Options {
  NodeId self;
  config::ClusterConfig config;
  /// Every node of the configuration, this one too: one resolved address with port a link, by link number.
  std::map<NodeId, std::vector<Address>> addresses;
  seal::Keyring key;  ///< a raw key converts
  std::string config_text{};  ///< the file that `config` was read from: what members with an older one are given
};

/// One node's membership layer.
class Stack {
 public:
  /// Errors: the configuration asks for what this version cannot do, or a node has no address for a link.
  /// Lifetime: `random` must outlive the object.
  static Result<std::unique_ptr<Stack>> create(Options options, Random& random);
  ~Stack();
  Stack(const Stack&) = delete;
  Stack& operator=(const Stack&) = delete;

  [[nodiscard]] Output step(const Input& input, Instant now);
  /// When Tick is due next; none before Start and after Leave.
  [[nodiscard]] std::optional<Instant> next_deadline() const;
  [[nodiscard]] Status status() const;
  /// What of the ring's expensive invariants is broken, if anything. For tests and simulation.
  [[nodiscard]] std::optional<std::string> broken_invariant() const;
  /// All groups: their members with the process id of each.
  [[nodiscard]] const std::map<std::string, std::map<groups::Member, std::uint32_t>>& groups() const;

  struct Impl;
  explicit Stack(std::unique_ptr<Impl> impl);

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace relevo::stack
