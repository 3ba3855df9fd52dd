// The agreement under partitions, crashes and lost tails in every order a seed can think of: a model of the ring's
// promises (extended virtual synchrony, safe delivery) drives many nodes, and what must never happen is looked for.
#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "common/base/rng.hpp"
#include "common/base/text.hpp"
#include "membership/reload/agreement.hpp"

using namespace relevo;
using namespace relevo::reload;

namespace {

struct Host {
  std::unique_ptr<Agreement> agreement;
  InForce file{1, 1};
  std::string text = "1";
  std::size_t received = 0, delivered = 0;  ///< of its ring's order
  std::vector<Message> unsent;
  std::vector<Event> to_answer;
  bool alive = true, refuses = false, clashed = false;
  std::set<Id> committed;
};

struct Ring {
  std::set<std::uint32_t> members;
  std::vector<std::pair<NodeId, Message>> order;
};

class Storm {
 public:
  Storm(std::uint64_t seed, std::uint32_t nodes) : rng_(seed) {
    std::set<std::uint32_t> all;
    for (std::uint32_t n = 1; n <= nodes; ++n) {
      hosts_[n].agreement = std::make_unique<Agreement>(NodeId(n), InForce{1, 1}, "1");
      all.insert(n);
    }
    install({all});
  }

  /// One proposal, then faults at random moments, then peace.
  void run() {
    refuser_ = rng_.chance(1, 3) ? static_cast<std::uint32_t>(1 + rng_.below(hosts_.size())) : 0;
    if (refuser_ != 0) hosts_[refuser_].refuses = true;
    propose(static_cast<std::uint32_t>(1 + rng_.below(hosts_.size())));
    const auto steps = 20 + rng_.below(300);
    const auto calm = 30 + rng_.below(300);  // steps between two faults, about
    for (std::uint64_t i = 0; i < steps; ++i) {
      if (rng_.chance(1, calm)) split();
      if (rng_.chance(1, 2 * calm)) crash();
      step();
    }
    refuser_ = 0;
    for (auto& [n, host] : hosts_) {
      if (!host.alive) start(n);
      host.refuses = false;
    }
    install({everyone()});
    drain();
    install({everyone()});  // who crashed in the middle of taking over meets the others once more
    drain();
  }

  std::map<std::uint32_t, Host> hosts_;
  std::set<Id> refused_;  ///< attempts to which somebody said no
  std::size_t splits = 0;

 private:
  std::set<std::uint32_t> everyone() const {
    std::set<std::uint32_t> out;
    for (const auto& [n, host] : hosts_) out.insert(n);
    return out;
  }
  Ring* ring_of(std::uint32_t node) {
    for (auto& ring : rings_)
      if (ring.members.contains(node)) return &ring;
    return nullptr;
  }

  void propose(std::uint32_t node) {
    Output out;
    if (hosts_[node].agreement->propose(77, {2, 2}, "2", Instant{}, out)) take(node, std::move(out));
  }

  void take(std::uint32_t node, Output out) {
    auto& host = hosts_[node];
    for (auto& message : out.sends) {
      if (const auto* vote = std::get_if<Vote>(&message); vote != nullptr && !vote->yes) refused_.insert(vote->id);
      host.unsent.push_back(std::move(message));
    }
    for (auto& event : out.events) {
      if (const auto* commit = std::get_if<Commit>(&event)) {
        host.committed.insert(commit->id);
        if (rng_.chance(4, 5)) keep(host, commit->target, commit->text);  // or it dies before the file is written
      } else if (std::holds_alternative<Clash>(event)) {
        host.clashed = true;
      } else {
        host.to_answer.push_back(std::move(event));
      }
    }
  }

  static void keep(Host& host, InForce in_force, const std::string& text) {
    host.file = in_force;
    host.text = text;
  }

  void send(std::uint32_t node) {
    auto& host = hosts_[node];
    auto* ring = ring_of(node);
    if (ring == nullptr || host.unsent.empty()) return;
    ring->order.emplace_back(NodeId(node), host.unsent.front());
    host.unsent.erase(host.unsent.begin());
  }

  void answer(std::uint32_t node) {
    auto& host = hosts_[node];
    if (host.to_answer.empty()) return;
    const auto event = host.to_answer.front();
    host.to_answer.erase(host.to_answer.begin());
    if (const auto* check = std::get_if<Check>(&event)) {
      take(node, host.agreement->checked(check->id, host.refuses ? "no" : ""));
    } else if (const auto* newer = std::get_if<TakeOver>(&event)) {
      take(node, host.agreement->taken_over(newer->target, ""));
      keep(host, newer->target, newer->text);
    }
  }

  void deliver_one(std::uint32_t node, const Ring& ring) {
    auto& host = hosts_[node];
    const auto& [from, message] = ring.order[host.delivered++];
    take(node, host.agreement->on_delivered(from, message));
  }

  /// Safe: a message is delivered in a regular configuration only when every member has it.
  std::size_t safe_until(const Ring& ring) const {
    std::size_t all = ring.order.size();
    for (const auto n : ring.members) all = std::min(all, hosts_.at(n).received);
    return all;
  }

  void step() {
    const auto node = static_cast<std::uint32_t>(1 + rng_.below(hosts_.size()));
    auto* ring = ring_of(node);
    if (ring == nullptr) return;
    auto& host = hosts_[node];
    switch (rng_.below(4)) {
      case 0: return send(node);
      case 1: return answer(node);
      case 2: host.received = std::min(ring->order.size(), host.received + 1); return;
      default:
        if (host.delivered < safe_until(*ring)) deliver_one(node, *ring);
    }
  }

  void drain() {
    for (int round = 0; round < 60; ++round) {
      for (auto& [n, host] : hosts_) {
        auto* ring = ring_of(n);
        if (ring == nullptr) continue;
        while (!host.to_answer.empty()) answer(n);
        while (!host.unsent.empty()) send(n);
        host.received = ring->order.size();
      }
      for (auto& ring : rings_)
        for (const auto n : ring.members)
          while (hosts_[n].delivered < safe_until(ring)) deliver_one(n, ring);
    }
  }

  void split() {
    ++splits;
    std::vector<std::set<std::uint32_t>> parts(1 + rng_.below(3));
    for (const auto& [n, host] : hosts_)
      if (host.alive) parts[rng_.below(parts.size())].insert(n);
    install(parts);
  }

  void crash() {
    const auto node = static_cast<std::uint32_t>(1 + rng_.below(hosts_.size()));
    auto& host = hosts_[node];
    if (!host.alive) {
      start(node);
      return split();
    }
    host.alive = false;
    split();
  }

  void start(std::uint32_t node) {
    auto& host = hosts_[node];
    host.agreement = std::make_unique<Agreement>(NodeId(node), host.file, host.text);
    host.unsent.clear();
    host.to_answer.clear();
    host.alive = true;
    for (auto& ring : rings_) ring.members.erase(node);
  }

  /// Each old ring breaks up into those who stay together: they deliver the same rest, first what is safe, then, in the
  /// transitional configuration, what they have among them; then the new rings are installed and synced.
  void install(const std::vector<std::set<std::uint32_t>>& parts) {
    for (auto& ring : rings_) {
      const auto safe = safe_until(ring);
      for (const auto& part : parts) {
        std::vector<std::uint32_t> together;
        for (const auto n : ring.members)
          if (part.contains(n) && hosts_[n].alive) together.push_back(n);
        std::size_t have = 0;
        for (const auto n : together) have = std::max(have, hosts_[n].received);
        for (const auto n : together) {
          while (hosts_[n].delivered < safe) deliver_one(n, ring);
          take(n, hosts_[n].agreement->on_transitional());
          while (hosts_[n].delivered < have) deliver_one(n, ring);
        }
      }
    }
    rings_.clear();
    for (const auto& part : parts) {
      Ring ring;
      for (const auto n : part)
        if (hosts_[n].alive) ring.members.insert(n);
      if (ring.members.empty()) continue;
      form(ring);
      rings_.push_back(std::move(ring));
    }
  }

  void form(const Ring& ring) {
    std::vector<NodeId> members;
    std::map<NodeId, Standpoint> points;
    for (const auto n : ring.members) {
      members.emplace_back(n);
      points[NodeId(n)] = {hosts_[n].agreement->in_force(), ring.members.size() * 2 > hosts_.size()};
    }
    for (const auto n : ring.members) {
      auto& host = hosts_[n];
      host.received = host.delivered = 0;
      take(n, host.agreement->on_regular(members));
      points[NodeId(n)].in_force = host.agreement->in_force();
    }
    for (const auto n : ring.members) take(n, hosts_[n].agreement->on_synced(points));
  }

  Rng rng_;
  std::vector<Ring> rings_;
  std::uint32_t refuser_ = 0;
};

}  // namespace

TEST_CASE("storms: whatever breaks, all nodes run by one configuration in the end, and a no is a no", "[reload]") {
  std::size_t changed = 0, unchanged = 0, refused = 0, split_commits = 0;
  for (std::uint64_t seed = 1; seed <= 20000; ++seed) {
    Storm storm(seed, static_cast<std::uint32_t>(2 + seed % 4));
    storm.run();
    INFO("seed " << seed);
    std::set<std::uint64_t> versions;
    std::size_t commits = 0;
    for (const auto& [n, host] : storm.hosts_) {
      versions.insert(host.agreement->in_force().version);
      CHECK_FALSE(host.clashed);
      CHECK_FALSE(host.agreement->view().under_way);
      for (const auto& id : host.committed) {
        ++commits;
        CHECK_FALSE(storm.refused_.contains(id));
      }
    }
    CHECK(versions.size() == 1);
    ++(*versions.begin() == 2 ? changed : unchanged);
    if (!storm.refused_.empty()) ++refused;
    if (commits != 0 && commits < storm.hosts_.size()) ++split_commits;
  }
  // A test that never came to the interesting places would prove nothing.
  CHECK(changed > 500);
  CHECK(unchanged > 100);
  CHECK(refused > 100);
  CHECK(split_commits > 100);
}
