// ffsplit: of an evenly split cluster one half. lms: one partition, however small.
#include "membership/arbiter/choose.hpp"

#include <algorithm>
#include <tuple>
#include <vector>

namespace relevo::arbiter {
namespace {

struct Partition {
  RingId ring;
  Nodes members;
  std::size_t connected = 0;
};

/// What does not fit together; null when all does.
const char* conflict(const Seats& seats) {
  const auto& first = seats.begin()->second;
  for (const auto& [node, seat] : seats) {
    if (seat.settings != first.settings) return "the nodes have different settings for the arbiter";
    if (seat.report.configured != first.report.configured) return "the nodes have different node lists";
    if (seat.report.members.count(node) == 0) return "a node reports a ring without itself";
    for (const auto member : seat.report.members) {
      const auto other = seats.find(member);
      if (other == seats.end()) continue;
      if (other->second.report.ring != seat.report.ring) return "a new ring is forming";
      if (other->second.report.members != seat.report.members) return "two nodes report one ring with different members";
    }
  }
  return nullptr;
}

std::vector<Partition> partitions(const Seats& seats) {
  std::map<RingId, Partition> found;
  for (const auto& [node, seat] : seats) {
    auto& p = found[seat.report.ring];
    p.ring = seat.report.ring;
    p.members = seat.report.members;
    ++p.connected;
  }
  std::vector<Partition> out;
  for (auto& [ring, p] : found) out.push_back(std::move(p));
  return out;
}

NodeId tie_node(const TieBreaker& rule, const Nodes& configured) {
  if (rule.kind == TieBreaker::Kind::node || configured.empty()) return rule.node;
  return rule.kind == TieBreaker::Kind::highest ? *configured.rbegin() : *configured.begin();
}

std::size_t common(const Nodes& a, const Nodes& b) {
  return static_cast<std::size_t>(std::count_if(a.begin(), a.end(), [&](NodeId n) { return b.count(n) != 0; }));
}

}  // namespace

Choice choose(const Seats& seats, const std::optional<Granted>& last) {
  if (seats.empty()) return {true, "no node is connected", {}};
  if (const auto* why = conflict(seats)) return {false, why, {}};
  const auto& settings = seats.begin()->second.settings;
  const auto& configured = seats.begin()->second.report.configured;
  const auto size = configured.size();
  auto found = partitions(seats);
  if (settings.algorithm == Algorithm::ffsplit) {
    // More than half needs no choice; less than half never gets the vote; of two halves one does.
    for (const auto& p : found)
      if (2 * common(p.members, configured) > size) return {true, "majority", Granted{p.ring, p.members}};
    std::erase_if(found, [&](const Partition& p) { return 2 * common(p.members, configured) != size; });
  }
  if (found.empty()) return {true, "no partition is large enough", {}};
  // Who has the vote keeps it as long as its ring lasts: a better one is no reason to stop what runs.
  if (last)
    for (const auto& p : found)
      if (p.ring == last->ring) return {true, "it has the vote", Granted{p.ring, p.members}};
  const auto tie = tie_node(settings.tie_breaker, configured);
  const auto worth = [&](const Partition& p) {
    return std::tuple(p.connected, p.members.size(), last ? common(p.members, last->members) : 0, p.members.count(tie), p.ring);
  };
  const auto best = std::max_element(found.begin(), found.end(), [&](const Partition& a, const Partition& b) { return worth(a) < worth(b); });
  return {true, found.size() == 1 ? "the only one" : "the better one", Granted{best->ring, best->members}};
}

}  // namespace relevo::arbiter
