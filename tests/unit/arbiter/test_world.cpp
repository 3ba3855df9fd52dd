// Clients and the server together on a network that breaks: at no time do nodes of two rings act on the vote.
#include <catch2/catch.hpp>

#include <deque>
#include <memory>

#include "common/base/rng.hpp"
#include "membership/arbiter/client.hpp"
#include "membership/arbiter/server.hpp"

using namespace relevo;
using namespace relevo::arbiter;

namespace {

const Token token{9, 9, 9};

/// Node n has client n; connection ids are never used twice. Frames take a random time, in order. A cut connection is
/// noticed late or never by either end.
class World {
 public:
  World(std::uint32_t count, std::uint64_t seed, Algorithm algorithm) : rng_(seed), count_(count), algorithm_(algorithm) {
    start_arbiter(true, true);
    for (std::uint32_t n = 1; n <= count; ++n) {
      all_.insert(NodeId{n});
      nodes_[n].client = std::make_unique<Client>(options(n));
      nodes_[n].members.insert(NodeId{n});
      nodes_[n].ring = {NodeId{n}, next_seq_ += 4};
      act(n, nodes_[n].client->start(now_));
    }
    split(std::vector<std::uint32_t>(count, 0));
  }

  /// Every node goes to the ring of its part, each at its own time.
  void split(const std::vector<std::uint32_t>& part) {
    std::map<std::uint32_t, RingId> rings;
    for (std::uint32_t n = 1; n <= count_; ++n) {
      const auto p = part[n - 1];
      if (rings.count(p) == 0) rings[p] = {NodeId{n}, next_seq_ += 4};
      nodes_[n].next_ring = rings[p];
      nodes_[n].next_members.clear();
      for (std::uint32_t m = 1; m <= count_; ++m)
        if (part[m - 1] == p) nodes_[n].next_members.insert(NodeId{m});
      nodes_[n].moves_at = now_ + std::chrono::milliseconds(rng_.below(300));
    }
  }
  void cut(std::uint32_t node, bool on) { nodes_[node].cut = on; }
  void pause(std::uint32_t node, Duration time) { nodes_[node].paused_until = now_ + time; }
  void restart_arbiter(bool keep_record, bool torn) { start_arbiter(keep_record, !torn); }

  void run(Duration time) {
    for (const auto end = now_ + time; now_ < end; now_ += 10ms) step();
  }
  /// Of the nodes that act on the vote.
  std::set<RingId> rings_with_vote() const {
    std::set<RingId> out;
    for (const auto& [n, node] : nodes_)
      if (is_awake(node) && node.client->has_vote(node.ring)) out.insert(node.ring);
    return out;
  }
  bool has_vote(std::uint32_t n) const { return nodes_.at(n).client->has_vote(nodes_.at(n).ring); }
  bool broken = false;

 private:
  struct Flying {
    Instant at;
    Bytes bytes;
  };
  struct Node {
    std::unique_ptr<Client> client;
    RingId ring, next_ring;
    Nodes members, next_members;
    Instant moves_at{}, paused_until{};
    bool cut = false;
    ConnectionId connection = 0;  ///< 0 = none
    bool client_knows = false;    ///< on_connected was called
    Instant connects_at{};
    std::deque<Flying> up, down;
  };

  ClientOptions options(std::uint32_t n) const {
    ClientOptions o;
    o.cluster = "c";
    o.node = NodeId{n};
    o.incarnation = Incarnation{n};
    o.settings.algorithm = algorithm_;
    o.token = token;
    return o;
  }
  bool is_awake(const Node& node) const { return now_ >= node.paused_until; }
  Binding binding(ConnectionId id) const {
    Binding b{};
    b[0] = static_cast<std::uint8_t>(id);
    b[1] = static_cast<std::uint8_t>(id >> 8);
    return b;
  }

  void start_arbiter(bool keep_record, bool readable) {
    for (auto& [n, node] : nodes_) lose(n);
    server_ = std::make_unique<Server>(1s);
    ClusterFiles files;
    files.token = token;
    files.readable = readable;
    if (keep_record && readable && record_) files.record = decode_record(*record_);
    server_->add_cluster("c", std::move(files), now_);
    storing_.clear();
  }
  void lose(std::uint32_t n) {
    auto& node = nodes_[n];
    if (node.connection == 0) return;
    node.connection = 0;
    node.up.clear();
    node.down.clear();
    if (std::exchange(node.client_knows, false)) act(n, node.client->on_lost("cut", now_));
  }
  void act(std::uint32_t n, ClientOutput out) {
    auto& node = nodes_[n];
    for (const auto& action : out.actions) {
      if (std::holds_alternative<Connect>(action)) {
        node.connection = ++connections_;
        node.client_knows = false;
        node.connects_at = now_ + std::chrono::milliseconds(rng_.below(50));
        node.up.clear();
        node.down.clear();
      } else if (const auto* frame = std::get_if<SendFrame>(&action)) {
        fly(node.up, frame->bytes);
      } else {
        if (node.connection != 0 && !node.cut) gone_.emplace_back(node.connection);
        node.connection = 0;
        node.client_knows = false;
      }
    }
  }
  void fly(std::deque<Flying>& queue, Bytes bytes) {
    auto at = now_ + std::chrono::milliseconds(rng_.below(60));
    if (!queue.empty()) at = std::max(at, queue.back().at);
    queue.push_back({at, std::move(bytes)});
  }
  void act(ServerOutput out) {
    for (auto& frame : out.frames)
      for (auto& [n, node] : nodes_)
        if (node.connection == frame.connection) fly(node.down, std::move(frame.bytes));
    for (const auto& close : out.closes)
      for (auto& [n, node] : nodes_)
        if (node.connection == close.connection && !node.cut) lose(n);
    for (auto& store : out.stores) storing_.push_back({now_ + std::chrono::milliseconds(rng_.below(30)), std::move(store)});
  }
  void step() {
    for (auto& [n, node] : nodes_) step_node(n, node);
    for (const auto id : std::exchange(gone_, {})) act(server_->on_closed(id, now_));
    while (!storing_.empty() && storing_.front().first <= now_) {
      auto store = std::move(storing_.front().second);
      storing_.pop_front();
      record_ = store.bytes;
      act(server_->on_stored(store.cluster, store.number, now_));
    }
    if (const auto due = server_->next_deadline(); due && *due <= now_) act(server_->on_tick(now_));
    if (rings_with_vote().size() > 1) broken = true;
  }
  void step_node(std::uint32_t n, Node& node) {
    if (node.connection != 0 && !node.cut && now_ >= node.connects_at) {
      while (!node.up.empty() && node.up.front().at <= now_) {
        const auto bytes = std::move(node.up.front().bytes);
        node.up.pop_front();
        act(server_->on_frame(node.connection, bytes, now_));
        if (node.connection == 0) break;
      }
    }
    if (!is_awake(node)) return;
    if (now_ >= node.moves_at) {
      node.ring = node.next_ring;
      node.members = node.next_members;
    }
    act(n, node.client->on_tick(now_));
    act(n, node.client->report({node.ring, node.members, all_, false, false}, now_));
    if (node.connection != 0 && !node.cut && now_ >= node.connects_at) {
      if (!std::exchange(node.client_knows, true)) {
        server_->on_connection(node.connection, binding(node.connection), "10.0.0.1");
        act(n, node.client->on_connected(binding(node.connection), now_));
      }
      while (node.connection != 0 && !node.down.empty() && node.down.front().at <= now_) {
        const auto bytes = std::move(node.down.front().bytes);
        node.down.pop_front();
        act(n, node.client->on_frame(bytes, now_));
      }
    }
    act(n, node.client->vote_withdrawn(now_));
  }

  Rng rng_;
  std::uint32_t count_;
  Algorithm algorithm_;
  Instant now_ = Instant{} + 1h;
  std::unique_ptr<Server> server_;
  std::optional<Bytes> record_;
  std::deque<std::pair<Instant, StoreOut>> storing_;
  std::map<std::uint32_t, Node> nodes_;
  Nodes all_;
  std::vector<ConnectionId> gone_;
  ConnectionId connections_ = 0;
  std::uint64_t next_seq_ = 0;
};

}  // namespace

TEST_CASE("arbiter: four nodes split evenly, one half acts on the vote, and after the merge all do", "[arbiter]") {
  World w(4, 1, Algorithm::ffsplit);
  w.run(3s);
  for (std::uint32_t n = 1; n <= 4; ++n) CHECK(w.has_vote(n));
  w.split({0, 0, 1, 1});
  w.run(1s);
  CHECK(w.has_vote(1));
  CHECK(w.has_vote(2));
  CHECK_FALSE(w.has_vote(3));
  w.split({0, 0, 0, 0});
  w.run(1s);
  for (std::uint32_t n = 1; n <= 4; ++n) CHECK(w.has_vote(n));
  CHECK_FALSE(w.broken);
}

TEST_CASE("arbiter: of two nodes the one that is left gets the vote once the other's is over", "[arbiter]") {
  World w(2, 2, Algorithm::ffsplit);
  w.run(3s);
  w.cut(1, true);
  w.split({0, 1});
  w.run(3s);
  CHECK(w.has_vote(2));
  CHECK_FALSE(w.has_vote(1));
  CHECK_FALSE(w.broken);
}

TEST_CASE("arbiter: a half that holds the vote keeps it over a restart of the arbiter, with and without its record", "[arbiter]") {
  for (const bool keep : {true, false}) {
    World w(4, 3, Algorithm::ffsplit);
    w.run(3s);
    w.split({1, 0, 1, 0});
    w.run(2s);
    REQUIRE(w.has_vote(1));
    w.restart_arbiter(keep, false);
    w.run(4s);
    CHECK(w.has_vote(1));
    CHECK(w.has_vote(3));
    CHECK_FALSE(w.has_vote(2));
    CHECK_FALSE(w.broken);
  }
}

TEST_CASE("arbiter: without the arbiter the vote is over after its lease", "[arbiter]") {
  World w(2, 4, Algorithm::ffsplit);
  w.run(3s);
  w.cut(1, true);
  w.cut(2, true);
  w.run(1100ms);
  CHECK(w.rings_with_vote().empty());
}

TEST_CASE("arbiter: whatever breaks, nodes of two rings never act on the vote at one time, and peace brings it back", "[arbiter]") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Rng rng(seed);
    const auto count = static_cast<std::uint32_t>(2 + rng.below(5));
    World w(count, seed, rng.chance(1, 3) ? Algorithm::lms : Algorithm::ffsplit);
    for (int i = 0; i < 25 && !w.broken; ++i) {
      const auto node = static_cast<std::uint32_t>(1 + rng.below(count));
      switch (rng.below(6)) {
        case 0:
        case 1: {
          std::vector<std::uint32_t> part(count);
          for (auto& p : part) p = static_cast<std::uint32_t>(rng.below(3));
          w.split(part);
          break;
        }
        case 2: w.cut(node, true); break;
        case 3: w.cut(node, false); break;
        case 4: w.pause(node, std::chrono::milliseconds(rng.below(2500))); break;
        default: w.restart_arbiter(rng.chance(1, 2), rng.chance(1, 4)); break;
      }
      w.run(std::chrono::milliseconds(rng.below(1500)));
    }
    INFO("seed " << seed);
    REQUIRE_FALSE(w.broken);
    for (std::uint32_t n = 1; n <= count; ++n) w.cut(n, false);
    w.split(std::vector<std::uint32_t>(count, 0));
    w.run(10s);
    for (std::uint32_t n = 1; n <= count; ++n) REQUIRE(w.has_vote(n));
    REQUIRE_FALSE(w.broken);
  }
}
