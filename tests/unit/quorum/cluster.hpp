// A cluster of Quorum objects that exchange their infos as the groups would, and nothing beside: no ring, no time that
// passes by itself.
#pragma once

#include <map>
#include <vector>

#include "membership/quorum/quorum.hpp"

namespace relevo::test {

/// Nodes 1 to `count`, each with so many votes.
inline quorum::Options nodes(std::uint32_t count, std::uint32_t votes = 1) {
  quorum::Options o;
  for (std::uint32_t n = 1; n <= count; ++n) o.votes[NodeId{n}] = votes;
  return o;
}

class Cluster {
 public:
  using Members = std::vector<std::uint32_t>;

  explicit Cluster(const quorum::Options& o) : options_(o) {
    for (const auto& [node, votes] : o.votes) all.emplace(node, quorum::Quorum(o, node));
  }
  /// These form a complete ring, the first of them leads it.
  void form(const Members& members) {
    ++seq_;
    std::map<NodeId, quorum::Info> infos;
    for (auto n : members) infos[NodeId{n}] = at(n).info();
    for (auto n : members) at(n).on_synced({NodeId{members[0]}, seq_}, infos, true);
    settle(members);
  }
  void wait(const Members& members, Duration time) {
    for (auto n : members) at(n).on_tick(now_);
    now_ += time;
    for (auto n : members) at(n).on_tick(now_);
    settle(members);
  }
  bool transitional(std::uint32_t node, const Members& left) {
    Configuration c;
    c.kind = Configuration::Kind::transitional;
    for (auto n : left) c.members.push_back(NodeId{n});
    return at(node).on_transitional(c);
  }
  void restart(std::uint32_t node) { at(node) = quorum::Quorum(options_, NodeId{node}); }

  quorum::Quorum& at(std::uint32_t node) { return all.at(NodeId{node}); }
  const QuorumView& view(std::uint32_t node) { return at(node).view(); }
  RingId ring(std::uint32_t node) { return view(node).ring; }

  std::map<NodeId, quorum::Quorum> all;

 private:
  /// What the first member proposes reaches all that are in the ring.
  void settle(const Members& members) {
    while (const auto proposal = at(members[0]).take_proposal())
      for (auto n : members) (void)at(n).on_proposal(*proposal, true);
  }

  quorum::Options options_;
  std::uint64_t seq_ = 0;
  Instant now_{};
};

}  // namespace relevo::test
