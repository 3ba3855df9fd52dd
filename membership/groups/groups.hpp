// Closed process groups of one node over the ring's total order: who is in which group, who gets which message.
// It neither orders nor sends: deliveries come in, messages for the ring go out through outgoing().
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "common/base/result.hpp"
#include "common/base/view.hpp"
#include "membership/groups/payload.hpp"
#include "membership/groups/types.hpp"
#include "membership/totem/ring.hpp"

namespace relevo::groups {

/// A view or message for local clients.
struct ToClients {
  std::vector<std::uint32_t> clients;  ///< sorted, never empty
  std::variant<GroupView, GroupMessage> body;
};
/// All members' lists are here: the ring is complete. `notes` is what each member had put beside its list.
struct Synced {
  RingId ring;
  std::map<NodeId, Bytes> notes;
  bool breaking_up = false;  ///< the ring broke up while the last list was under way
};
/// A Control payload in its place of the order.
struct Controlled {
  NodeId from;
  Bytes payload;
};
/// In the order in which clients must see them. Configuration is passed through in its place.
using Event = std::variant<Configuration, Synced, Controlled, ToClients>;

/// What waits for the ring to take it.
struct Outgoing {
  Bytes payload;
  Guarantee guarantee = Guarantee::agreed;
  std::size_t counted = 0;  ///< its share of the bytes that wait: whoever takes the payload leaves it empty
};

struct Counters {
  std::uint64_t views = 0, messages = 0;  ///< given to local clients
  std::uint64_t syncs = 0;
  std::uint64_t unknown_sender = 0;  ///< messages of a client that is not in the group here
  std::uint64_t unreadable = 0;
};

/// One node's share of all groups.
class Groups {
 public:
  static constexpr std::size_t max_payload = std::size_t{1} << 20;  ///< of one multicast, without our own header
  static_assert(max_payload + payload_overhead <= totem::max_message);
  static constexpr std::size_t max_waiting_messages = 16384;
  static constexpr std::size_t max_waiting_bytes = std::size_t{16} << 20;
  static constexpr std::size_t max_groups_of_client = 64;
  /// Of all local clients together, so that this node's list after a configuration is one message of the ring.
  static constexpr std::size_t max_memberships = 4096;

  explicit Groups(NodeId self) : self_(self) {}

  /// `pid` is that of its process as this host counts, 0 when it is not known; told to the members of its groups.
  void connect(std::uint32_t client, std::uint32_t pid = 0);
  /// The client leaves all its groups with process_down and is told nothing more.
  void gone(std::uint32_t client);
  /// Errors: exists, invalid (name, or too many groups), try_again (too much waits), not_found (unknown client).
  Status join(std::uint32_t client, const std::string& group);
  /// Errors: not_found.
  Status leave(std::uint32_t client, const std::string& group);
  /// Errors: not_found (not in the group: groups are closed), invalid (too long), try_again (too much waits).
  Status multicast(std::uint32_t client, const std::string& group, Guarantee guarantee, BytesView payload);
  /// A Control payload for every member. Taken even when much waits.
  void control(Bytes payload, Guarantee guarantee = Guarantee::agreed);

  /// `note` goes beside this node's list in the sync of a regular configuration.
  [[nodiscard]] std::vector<Event> on_configuration(const Configuration& configuration, BytesView note);
  [[nodiscard]] std::vector<Event> on_delivery(totem::Delivery delivery);

  /// What the ring should take next: during the sync only the list, then what clients sent, in their order.
  [[nodiscard]] Outgoing* outgoing();
  void pop_outgoing();

  [[nodiscard]] bool is_synced() const { return synced_; }
  /// All groups: their members with the process id of each.
  using Members = std::map<Member, std::uint32_t>;
  [[nodiscard]] const std::map<std::string, Members>& members() const { return groups_; }
  [[nodiscard]] const Counters& counters() const { return counters_; }

 private:
  void on_regular(const Configuration& configuration, BytesView note);
  void finish_sync();
  void apply(NodeId sender, Guarantee guarantee, Payload payload);
  void apply_join(NodeId sender, const Join& p);
  void apply_leave(NodeId sender, const LeaveGroup& p);
  void apply_message(NodeId sender, Guarantee guarantee, ClientMessage p);
  void emit_view(const std::string& group, const Members& members, std::vector<Member> joined, Reason join_reason,
                 std::vector<Departure> left);
  [[nodiscard]] std::vector<std::uint32_t> local_clients(const Members& members) const;
  void wait(Payload payload, Guarantee guarantee);

  struct Held {
    NodeId sender;
    Guarantee guarantee;
    Payload payload;
  };

  NodeId self_;
  RingId ring_;
  std::set<NodeId> ring_members_;
  /// Nodes whose group state is known to be the same as ours: those that were synced with us and came along in
  /// every configuration since. What others send before the next sync is about groups that are not ours.
  std::set<NodeId> together_;
  std::optional<std::set<NodeId>> breaking_up_;  ///< members of the transitional configuration that was last
  bool synced_ = false;
  std::map<NodeId, JoinList> lists_;
  std::vector<Held> held_;  ///< delivered while the sync runs, in order
  std::map<std::string, Members> groups_;

  struct Client {
    std::uint32_t pid = 0;
    std::set<std::string> asked;  ///< the groups it asked for and did not leave
  };
  std::map<std::uint32_t, Client> clients_;  ///< local connections
  std::size_t memberships_ = 0;              ///< sum of what they asked for
  std::optional<Outgoing> list_out_;
  std::deque<Outgoing> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::vector<Event> events_;
  Counters counters_;
};

}  // namespace relevo::groups
