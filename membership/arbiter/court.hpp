// One cluster's vote: to whom it is given, who may still hold it, and when it may move. Never to two partitions: before
// anybody gets it, everyone else has acknowledged its loss, has moved to another ring, or was silent for longer than a
// vote is good for. Not the choice itself (choose.hpp), not connections (server.hpp).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/base/note.hpp"
#include "common/base/time.hpp"
#include "membership/arbiter/choose.hpp"

namespace relevo::arbiter {

/// How long a vote is good after the node's last answered ping was sent, as the node counts; and how much longer the
/// arbiter counts: for clocks that do not run alike and for a node's step that was under way.
constexpr Duration default_lease = 1s;
[[nodiscard]] constexpr Duration margin_of(Duration lease) { return lease / 4; }

/// What the disk remembers of a cluster.
struct Record {
  std::uint64_t number = 0;  ///< grows with each grant
  Duration lease{};          ///< of that time
  std::optional<Granted> granted;
  bool operator==(const Record&) const = default;
};
[[nodiscard]] Bytes encode(const Record& record);
/// Nothing when torn, altered or of another cluster.
[[nodiscard]] std::optional<Record> decode_record(BytesView bytes);

/// A vote for one node.
struct Send {
  NodeId node;
  Vote vote;
  bool operator==(const Send&) const = default;
};
struct CourtOutput {
  std::vector<Send> sends;
  std::optional<Record> store;  ///< must be durable before stored() is called with its number; sends need not wait
  Notes notes;
};

class Court {
 public:
  /// Nothing is known of who holds the vote since before `now`: nobody gets it until every configured node has said
  /// where it is, or a lease (the longer of this one and the recorded one) has passed. `record` is what the disk has;
  /// `readable` false when there is one that cannot be read: then only the first of the two ends the wait.
  Court(Duration lease, std::optional<Record> record, bool readable, Instant now);

  /// A node has proven itself on a new connection; what it had before is replaced. Nothing is known of where it is.
  [[nodiscard]] CourtOutput on_connected(NodeId node, Instant now);
  [[nodiscard]] CourtOutput on_lost(NodeId node, Instant now);
  [[nodiscard]] CourtOutput on_report(NodeId node, Settings settings, Report report, Instant now);
  [[nodiscard]] CourtOutput on_taken(NodeId node, std::uint64_t vote_number, Instant now);
  /// A ping came from the node, and is answered.
  void on_ping(NodeId node, Instant now);
  /// The record of that number is durable.
  [[nodiscard]] CourtOutput on_stored(std::uint64_t number, Instant now);
  /// The last record could not be made durable: it must be tried again before anybody gets the vote.
  void on_unstorable();
  [[nodiscard]] CourtOutput on_tick(Instant now);
  [[nodiscard]] std::optional<Instant> next_deadline() const;

  // ---- for status and tests ----
  [[nodiscard]] const Seats& seats() const { return seats_; }
  [[nodiscard]] const char* state() const { return state_; }
  [[nodiscard]] const std::optional<Granted>& granted() const { return record_.granted; }
  /// Nodes that may act on the vote now, with the ring for which.
  [[nodiscard]] std::map<NodeId, RingId> holders() const;

 private:
  struct Hold {
    RingId ring;
    std::optional<Instant> until;  ///< none while connected
  };
  struct Told {
    RingId ring;
    bool yes = false;
    std::uint64_t number = 0;
    bool acknowledged = false;
  };
  [[nodiscard]] CourtOutput decide(Instant now);
  void expire(Instant now);
  [[nodiscard]] bool is_quarantined();
  [[nodiscard]] bool others_hold(const RingId& ring) const;
  void tell(NodeId node, const RingId& ring, bool yes, CourtOutput& out);
  void give(const Granted& winner, CourtOutput& out);

  Duration lease_;
  Record record_;
  bool readable_ = true;
  bool quarantined_ = true;
  Instant quarantine_ends_;
  std::uint64_t stored_ = 0;  ///< greatest number that is durable
  std::uint64_t votes_sent_ = 0;
  Seats seats_;                        ///< connected and reported
  std::map<NodeId, Instant> pinged_;   ///< connected: when last
  std::map<NodeId, Hold> holds_;
  std::map<NodeId, Told> told_;
  const char* state_ = "no node is connected";
};

}  // namespace relevo::arbiter
