// Watches what every process of a simulated cluster sends and is told, and says which sentence of extended virtual
// synchrony is broken. It knows nothing of packets or of the ring's inside: only of what users see.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "membership/totem/ring.hpp"

namespace relevo::sim {

/// One start of one node: a process of the theory. A restart is another process.
struct Process {
  NodeId node;
  unsigned boot = 0;
  auto operator<=>(const Process&) const = default;
};

/// Names a message for ever; its bytes follow from it.
using MessageId = std::uint64_t;

/// A place in the total order of one ring.
struct Place {
  std::uint64_t seq = 0;
  std::uint32_t index = 0;  ///< among the messages that one frame completed
  auto operator<=>(const Place&) const = default;
};

/// The bytes of a message: its id, then noise that follows from id and size.
[[nodiscard]] Bytes message_bytes(MessageId id, std::size_t size);

class Checker {
 public:
  void on_boot(Process process, Instant now);
  void on_crash(Process process);
  void on_submit(Process process, MessageId id, std::size_t size, groups::Guarantee guarantee);
  /// The message was not taken after all.
  void on_refused(Process process, MessageId id);
  void on_event(Process process, const totem::Event& event, Instant now);
  /// A packet of ring `seq` leaves the node: its disk must hold that number.
  void on_ring_sent(Process process, std::uint64_t seq, std::uint64_t on_disk);
  /// Everything that only the end can tell. Call when all is healed and quiet.
  void finish();
  /// Accepted messages that live processes have not delivered to themselves.
  [[nodiscard]] std::size_t owed() const;
  /// The first broken sentence.
  [[nodiscard]] const std::optional<std::string>& violation() const { return violation_; }
  [[nodiscard]] std::uint64_t deliveries() const { return deliveries_; }
  [[nodiscard]] std::uint64_t configurations() const { return configurations_; }

 private:
  struct Message {
    Process sender;
    std::size_t size = 0;
    groups::Guarantee guarantee = groups::Guarantee::agreed;
    std::optional<RingId> ring;  // where it was delivered
    Place place;
    std::optional<RingId> after_ring;  // what the sender had delivered last when it sent this
    Place after;
  };
  /// One process' time in one regular configuration and the transitional one that ends it.
  struct Stay {
    std::vector<MessageId> regular;
    std::vector<MessageId> transitional;
    std::optional<std::vector<NodeId>> trans_members;
    std::optional<RingId> next;
  };
  struct History {
    bool alive = true;
    Instant booted{};
    std::optional<RingId> ring;
    bool in_transitional = false;
    std::map<RingId, Stay> stays;
    std::set<MessageId> delivered;
    std::set<MessageId> accepted;
    std::map<NodeId, MessageId> last_from;
    std::optional<RingId> last_ring;
    Place last;
  };
  struct RingRecord {
    std::vector<NodeId> members;
    Instant installed{};
    std::map<NodeId, Process> installers;
    std::map<Place, MessageId> order;
  };
  struct Passage {  // together from one ring to the next
    std::vector<NodeId> trans_members;
    std::vector<MessageId> regular;
    std::vector<MessageId> transitional;
    Process witness;
  };

  void on_delivery(Process process, const totem::Delivery& delivery);
  void place_message(Process process, History& history, Message& message, MessageId id, const totem::Delivery& delivery);
  void on_configuration(Process process, const Configuration& configuration, Instant now);
  void on_transitional(Process process, History& history, const Configuration& configuration);
  void on_regular(Process process, History& history, const Configuration& configuration, Instant now);
  void check_passage(Process process, History& history, const Configuration& configuration);
  void check_gaps(Process process, const History& history, const RingId& ring, const Stay& stay);
  void check_safe(Process process, const RingId& ring, const Stay& stay);
  void expect_safe(Process witness, NodeId member, const RingId& ring, MessageId id, const char* where);
  template <class... Args>
  void broken(fmt::format_string<Args...> format, Args&&... args) {
    if (!violation_) violation_ = fmt::format(format, std::forward<Args>(args)...);
  }

  std::map<Process, History> histories_;
  std::map<MessageId, Message> messages_;
  std::map<RingId, RingRecord> rings_;
  std::map<std::pair<RingId, RingId>, Passage> passages_;
  std::map<NodeId, std::uint64_t> last_ring_seq_;
  std::optional<std::string> violation_;
  std::uint64_t deliveries_ = 0;
  std::uint64_t configurations_ = 0;
};

}  // namespace relevo::sim

template <>
struct fmt::formatter<relevo::sim::Process> : fmt::formatter<std::string> {
  template <class Context>
  auto format(const relevo::sim::Process& process, Context& ctx) const {
    return fmt::formatter<std::string>::format(fmt::format("node {} boot {}", process.node, process.boot), ctx);
  }
};
