// The parts of a stack and how they are plugged together; for the files of this folder only.
#pragma once

#include <utility>

#include "membership/arbiter/client.hpp"
#include "membership/groups/groups.hpp"
#include "membership/keys/rotation.hpp"
#include "membership/links/links.hpp"
#include "membership/quorum/quorum.hpp"
#include "membership/reload/agreement.hpp"
#include "membership/stack/stack.hpp"
#include "membership/totem/ring.hpp"

namespace relevo::stack {

struct Stack::Impl {
  NodeId self;
  Incarnation incarnation;
  links::Links links;
  totem::Ring ring;
  groups::Groups groups;
  quorum::Quorum quorum;
  enum class Phase { created, running, left } phase = Phase::created;
  std::optional<Configuration> regular;  ///< the last regular one
  totem::Standing standing{};            ///< as the ring was last told
  bool breaking_up = false;              ///< between a transitional and the next regular configuration
  std::size_t told_room = 0;             ///< what the ring knows of the links' frame room
  std::uint64_t undecodable = 0;         ///< authentic ring packets that were no packets
  Output out;                            ///< of the step that runs
  reload::Agreement agreement;
  std::optional<std::pair<reload::Id, SettingsPtr>> prepared;  ///< what this node said yes to
  SettingsPtr to_apply;                                        ///< at the end of this step
  std::uint64_t proposals = 0;
  keys::Rotation keys;
  std::string cluster_name;
  Instant step_time{};      ///< of the step that runs
  bool had_quorum = false;  ///< when the last ring was complete
  config::DeviceConfig device{};
  arbiter::Nodes configured_nodes{};
  std::optional<arbiter::Client> arbiter{};
  std::uint64_t arbiter_id = 0;  ///< which one that client talks with: after a reload not yet the new one
  RingId vote_told_ring{};  ///< the ring to which the arbiter's word was told last, and that word
  bool vote_told = false;

  // stack.cpp: one for each input
  void on(const Start& input, Instant now);
  void on(const Datagram& input, Instant now);
  // paths.cpp: the links' side
  void on(const Unreachable& input, Instant now);
  void on(const SendFailed& input, Instant now);
  void on(const PacketTooBig& input, Instant now);
  void tell_room(Instant now);
  static std::vector<LinkStatus> link_status(const links::PeerStatus& peer);
  void count_links(std::map<std::string, std::uint64_t>& counters) const;
  // counters.cpp
  void count_ring(std::map<std::string, std::uint64_t>& counters, const totem::View& view) const;
  void count_groups(std::map<std::string, std::uint64_t>& counters) const;
  void on(const Leave& input, Instant now);
  void on(const Tick& input, Instant now);
  // clients.cpp
  void on(const ClientConnected& input, Instant now);
  void on(const ClientGone& input, Instant now);
  void on(const ClientJoin& input, Instant now);
  void on(const ClientLeave& input, Instant now);
  void on(const ClientMulticast& input, Instant now);
  void on(const SetExpectedVotes& input, Instant now);
  void on(const CancelWaitForAll& input, Instant now);
  // remote.cpp: what one node asks of another
  void on(const AskToLeave& input, Instant now);
  [[nodiscard]] bool on_leave_node(NodeId from, BytesView payload);
  // quorum.cpp
  void on_synced(const groups::Synced& synced);
  void drive_quorum(Instant now);
  void drive_standing(Instant now);  // standing.cpp
  void tell_quorum(bool was_quorate);
  [[nodiscard]] bool on_quorum_control(NodeId from, BytesView payload);
  // arbiter.cpp
  void on(const ArbiterToken& input, Instant now);
  void on(const ArbiterConnected& input, Instant now);
  void on(const ArbiterFrame& input, Instant now);
  void on(const ArbiterLost& input, Instant now);
  void take(arbiter::ClientOutput output);
  void configure_arbiter(const config::ClusterConfig& config);
  void drive_arbiter(Instant now);
  [[nodiscard]] bool on_device_control(NodeId from, BytesView payload);
  // keys.cpp
  void on(const RotateKey& input, Instant now);
  void on(const RetireKey& input, Instant now);
  void on(const KeyringStored& input, Instant now);
  void learn_nodes();
  void compare_keys(const groups::Synced& synced);
  [[nodiscard]] bool on_keys_control(NodeId from, BytesView payload);
  void drive_keys(Instant now);
  void take(keys::Output output);
  // reload.cpp
  void on(const Propose& input, Instant now);
  void on(const ProposalChecked& input, Instant now);
  void on(const TakenOver& input, Instant now);
  void on_configuration_of_groups(const Configuration& configuration);
  [[nodiscard]] bool on_reload_control(NodeId from, BytesView payload);
  [[nodiscard]] Bytes sync_note() const;
  void settle_configuration(const groups::Synced& synced);
  void take(reload::Output result);
  void commit(const reload::Commit& committed);
  void apply(const SettingsPtr& settings, std::optional<reload::Id> id, bool certain);
  [[nodiscard]] std::string why_not(const Settings& settings) const;
  void drive_reload(Instant now);
  void reject(ClientId client, const std::string& group, std::uint64_t tag, Error error);

  // plumbing.cpp: the output of one part is the input of the next
  void take(links::Output output, Instant now);
  void take(totem::Output output);
  void take(std::vector<groups::Event> events);
  void send(const totem::Send& packet);
  void on_ring_event(totem::Event event);
  void on_controlled(const groups::Controlled& controlled);
  void submit_outgoing(Instant now);
  void tell_all(EventBody body);

  [[nodiscard]] Status status() const;
};

/// What the members tell each other beside the clients' messages, in the total order.
enum class ControlKind : std::uint8_t { expected_votes = 1, cancel_wait_for_all = 2, quorum_proposal = 3, device = 4, leave_node = 16, reload = 32, keys = 48 };

}  // namespace relevo::stack
