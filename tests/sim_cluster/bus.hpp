// The membership layer of the simulation: rings, their total order, what each daemon delivers, and group views.
// It keeps the promises of extended virtual synchrony exactly and nothing more; faults come from world.cpp.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <variant>
#include <vector>

#include "common/base/rng.hpp"
#include "common/base/view.hpp"
#include "membership/groups/types.hpp"
#include "resmgr/controller/types.hpp"

namespace relevo::sim {

using groups::Member;

/// One place in a ring's order.
struct Join {
  Member member;
};
struct Leave {
  groups::Departure departure;
};
using Entry = std::variant<groups::GroupMessage, Join, Leave>;

struct Ring {
  RingId id;
  std::vector<NodeId> members;
  std::vector<Entry> log;
  std::map<NodeId, std::size_t> received;
  bool frozen = false;  ///< a member is unreachable and the others have not noticed yet
};

/// What a daemon hands to its local client, in order. `place` names a message's place in the total order.
struct Handed {
  controller::Input input;
  RingId ring;
  std::size_t place = 0;
  bool is_message = false;
  std::uint64_t parting = 0;  ///< after the transitional configuration: which members went on together
};

/// The membership daemon of one host.
struct BusDaemon {
  NodeId id;
  bool up = false;
  std::shared_ptr<Ring> ring;
  std::size_t delivered = 0;
  std::set<Member> group;
  std::deque<Entry> outbox;
  QuorumView quorum;
  std::uint64_t parting = 0;
  std::optional<Member> client;  ///< the connected local process
  std::deque<Handed> inbox;      ///< for that client
};

class Bus {
 public:
  Bus(std::size_t nodes, Rng rng);

  BusDaemon& at(NodeId id) { return daemons_.at(id); }
  [[nodiscard]] const std::map<NodeId, BusDaemon>& daemons() const { return daemons_; }

  /// A daemon starts alone on a ring of its own, or dies at once.
  void start(NodeId id);
  void kill(NodeId id);
  /// A local process connects (its member name is given back) or vanishes.
  Member connect(NodeId id);
  void disconnect(NodeId id);
  /// The ring stands still until the next reform().
  void freeze(NodeId id);
  /// `members` become one ring, each bringing what its old ring had.
  void reform(const std::vector<NodeId>& members);
  /// Order, receive and deliver a little, as the dice fall.
  void turn();
  void send(NodeId from, Entry entry) { at(from).outbox.push_back(std::move(entry)); }

 private:
  void hand(BusDaemon& daemon, controller::Input input);
  void deliver(BusDaemon& daemon);
  void deliver_entry(BusDaemon& daemon, const Entry& entry, std::size_t place);
  void turn(Ring& ring);
  [[nodiscard]] bool may_deliver(const BusDaemon& daemon) const;
  void set_quorum(BusDaemon& daemon, const std::vector<NodeId>& members, bool only_withdraw);
  void leave_ring(const std::vector<NodeId>& together, const Ring& old);
  void tell_view(BusDaemon& daemon, std::vector<Member> joined, std::vector<groups::Departure> left);

  std::map<NodeId, BusDaemon> daemons_;
  Rng rng_;
  std::uint64_t last_seq_ = 0, last_parting_ = 0;
  std::uint32_t last_client_ = 0;
};

}  // namespace relevo::sim
