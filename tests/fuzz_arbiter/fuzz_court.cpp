// Fuzz target: one court and several honest nodes in any order of connections, reports, acknowledgements, pings, losses,
// pauses, disk writes that come late or fail, and restarts of the arbiter. At no time do nodes of two rings act on the
// vote. Input: a byte for the start, then records of {operation and node, argument}.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <map>
#include <optional>

#include "membership/arbiter/court.hpp"

namespace {

using namespace relevo;
using namespace relevo::arbiter;

constexpr Duration lease = 1s;
constexpr std::uint32_t nodes = 4;

Nodes from_mask(std::uint8_t mask) {
  Nodes out;
  for (std::uint32_t n = 1; n <= nodes; ++n)
    if ((mask >> (n - 1) & 1U) != 0) out.insert(NodeId{n});
  return out;
}

/// A node as membership/arbiter/client.hpp wants it: it acts on a vote for the ring it is on until that is withdrawn,
/// it moves to another ring, or a lease has passed since the last ping that was answered was sent.
struct Node {
  RingId ring;
  Nodes members;
  bool connected = false;
  bool told = false;  ///< the court knows where it is
  std::optional<RingId> vote;
  std::optional<Instant> good_from;
  std::deque<Vote> inbox;

  [[nodiscard]] bool acts(Instant now) const { return vote == ring && good_from && now - *good_from < lease; }
};

class World {
 public:
  World(std::uint8_t start, Reader in) : in_(in), algorithm_(start % 2 == 0 ? Algorithm::ffsplit : Algorithm::lms) {
    for (std::uint32_t n = 1; n <= nodes; ++n) place(NodeId{n}, from_mask(static_cast<std::uint8_t>(1U << (n - 1))), ++rings_);
    court_.emplace(lease, std::nullopt, start % 4 < 2, now_);
  }

  void run() {
    constexpr int max_operations = 600;
    for (int i = 0; i < max_operations && in_.left() >= 2; ++i) {
      const auto head = in_.u8();
      operate(NodeId{1U + (head >> 4) % nodes}, head & 15U, in_.u8());
      check();
    }
  }

 private:
  void operate(NodeId id, std::uint8_t operation, std::uint8_t argument) {
    auto& node = nodes_[id];
    switch (operation) {
      case 0: return connect(id, node);
      case 1: return lose(id, node);
      case 2: return report(id, node);
      case 3: return read(id, node);
      case 4: return ping(id, node);
      case 5: return move(from_mask(argument));
      case 6: return store(argument % 4 != 0);
      case 7: return restart(argument);
      case 8: return settle();
      case 9: return cut(id, node);
      case 10: return move({id});
      default: now_ += std::chrono::milliseconds(argument * 4); return take(court_->on_tick(now_));
    }
  }

  void connect(NodeId id, Node& node) {
    if (!node.acts(now_)) node.vote.reset();  // what has run out does not come back with a new connection
    node.connected = true;
    node.told = false;
    node.inbox.clear();
    take(court_->on_connected(id, now_));
    ping(id, node);
  }
  void lose(NodeId id, Node& node) {
    if (!node.connected) return;
    cut(id, node);
    take(court_->on_lost(id, now_));
  }
  /// The node knows that the connection is gone; the court does not, or not yet.
  void cut(NodeId, Node& node) {
    node.connected = node.told = false;
    node.inbox.clear();
  }
  void report(NodeId id, Node& node) {
    if (!node.connected) return;
    node.told = true;
    const Report said{node.ring, node.members, from_mask(15), node.members.size() * 2 > nodes, node.acts(now_)};
    take(court_->on_report(id, {algorithm_, {}}, said, now_));
  }
  void read(NodeId id, Node& node) {
    if (node.inbox.empty()) return;
    const auto vote = node.inbox.front();
    node.inbox.pop_front();
    if (vote.ring == node.ring) node.vote = vote.yes ? std::optional(vote.ring) : std::nullopt;
    if (!vote.yes) take(court_->on_taken(id, vote.number, now_));
  }
  void ping(NodeId id, Node& node) {
    if (!node.connected) return;
    court_->on_ping(id, now_);
    node.good_from = now_;  // the answer is there at once: the longest that a vote can be good
  }
  void place(NodeId id, const Nodes& members, std::uint64_t ring) {
    auto& node = nodes_[id];
    node.ring = {*members.begin(), ring};
    node.members = members;
    node.vote.reset();
    node.told = false;
  }
  /// Some nodes form a ring of their own. Those that they leave behind do not know it until they are moved, too.
  void move(const Nodes& members) {
    ++rings_;
    for (const auto id : members) place(id, members, rings_);
  }
  void store(bool works) {
    if (storing_.empty()) return;
    const auto record = storing_.front();
    storing_.pop_front();
    if (!works) {
      // As the server does: everybody is sent away and begins anew.
      court_->on_unstorable();
      storing_.clear();
      for (auto& [id, node] : nodes_) lose(id, node);
      return;
    }
    const auto read_again = decode_record(encode(record));
    if (!read_again || !(*read_again == record)) std::abort();
    disk_ = record;
    take(court_->on_stored(record.number, now_));
  }
  /// The arbiter starts anew: what was not durable is lost; sometimes the file cannot be read.
  void restart(std::uint8_t argument) {
    storing_.clear();
    for (auto& [id, node] : nodes_) cut(id, node);
    const bool readable = argument % 8 != 0;
    court_.emplace(lease, readable ? disk_ : std::nullopt, readable || !disk_, now_);
  }
  /// Everybody is heard, and everything is read: so that votes are given at all.
  void settle() {
    for (auto& [id, node] : nodes_) {
      if (!node.connected) connect(id, node);
      if (!node.told) report(id, node);
      ping(id, node);
    }
    while (!storing_.empty()) store(true);
    for (int round = 0; round < 4; ++round)
      for (auto& [id, node] : nodes_) read(id, node);
  }
  void take(CourtOutput output) {
    if (output.store) storing_.push_back(*output.store);
    for (const auto& send : output.sends) {
      auto& node = nodes_[send.node];
      if (node.connected) node.inbox.push_back(send.vote);
    }
    if (const auto due = court_->next_deadline(); due && *due <= now_ && !ticking_) {
      ticking_ = true;
      take(court_->on_tick(now_));
      ticking_ = false;
    }
  }
  void check() const {
    std::optional<RingId> ring;
    for (const auto& [id, node] : nodes_) {
      if (!node.acts(now_)) continue;
      if (ring && *ring != node.ring) {
        std::fprintf(stderr, "nodes of rings %s and %s act on the vote\n", to_string(*ring).c_str(), to_string(node.ring).c_str());
        std::abort();
      }
      ring = node.ring;
    }
  }

  Reader in_;
  Algorithm algorithm_;
  Instant now_{10s};
  std::uint64_t rings_ = 0;
  std::map<NodeId, Node> nodes_;
  std::optional<Court> court_;
  std::deque<Record> storing_;
  std::optional<Record> disk_;
  bool ticking_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Reader in({data, size});
  const auto start = in.u8();
  World(start, in).run();
  return 0;
}
