// The rules. All numbers are 32 bits wide with sums that saturate, so that no cluster counts wrong;
// check() refuses a node list whose votes would saturate.
#include "membership/quorum/quorum.hpp"

#include <algorithm>
#include <limits>

namespace relevo::quorum {

namespace {

std::uint32_t add(std::uint32_t a, std::uint32_t b) {
  return b > std::numeric_limits<std::uint32_t>::max() - a ? std::numeric_limits<std::uint32_t>::max() : a + b;
}

std::uint32_t sum(const std::map<NodeId, std::uint32_t>& votes) {
  std::uint32_t total = 0;
  for (const auto& [node, v] : votes) total = add(total, v);
  return total;
}

constexpr std::uint32_t majority(std::uint32_t votes) { return votes / 2 + 1; }

}  // namespace

Status check(const Options& options) {
  if (!options.configured) return {};
  if (options.last_man_standing)
    return fail(ErrorKind::unsupported, "quorum.last_man_standing is not supported by this version: remove it");
  if (options.auto_tie_breaker)
    return fail(ErrorKind::unsupported, "quorum.auto_tie_breaker is not supported by this version: remove it");
  if (options.two_node && options.votes.size() > 2)
    return fail(ErrorKind::invalid, "quorum.two_node is for two nodes, the node list has {}", options.votes.size());
  if (options.expected_votes == 0 && sum(options.votes) == 0)
    return fail(ErrorKind::invalid, "quorum: no node has a vote: set quorum.expected_votes or the nodes' quorum_votes");
  if (sum(options.votes) == std::numeric_limits<std::uint32_t>::max())
    return fail(ErrorKind::invalid, "quorum: the nodes' quorum_votes add up to more than 4294967294");
  return {};
}

Bytes encode(const Info& info) {
  Writer out;
  out.u32(info.votes);
  out.u32(info.expected);
  out.boolean(info.waiting);
  out.boolean(info.quorate);
  return out.take();
}

Info decode_info(BytesView bytes) {
  Reader in(bytes);
  Info info;
  info.votes = in.u32();
  info.expected = in.u32();
  info.waiting = in.boolean();
  info.quorate = in.boolean();
  return in.done() ? info : Info{.votes = 0, .expected = 0, .waiting = true, .quorate = false};
}

Quorum::Quorum(Options options, NodeId self) : options_(std::move(options)), self_(self) {
  expected_ = options_.expected_votes != 0 ? options_.expected_votes : sum(options_.votes);
  waiting_ = options_.configured && options_.wait_for_all;
  recompute(false);
  view_.reason = "not quorate: no ring has been formed yet";
}

Info Quorum::info() const {
  const auto mine = options_.votes.find(self_);
  return {mine == options_.votes.end() ? 0 : mine->second, expected_, waiting_, view_.quorate};
}

bool Quorum::on_transitional(const Configuration& configuration) {
  complete_ = false;
  if (!options_.configured || !view_.quorate) return false;
  std::uint32_t left = 0;
  for (const auto node : configuration.members)
    if (const auto it = members_.find(node); it != members_.end()) left = add(left, it->second);
  if (left >= view_.quorum) return false;
  view_.quorate = false;
  view_.reason = fmt::format("not quorate: the ring broke up, {} of {} expected votes are left, {} needed", left, expected_,
                             view_.quorum);
  return true;
}

void Quorum::on_synced(const RingId& ring, const std::map<NodeId, Info>& members, bool grant) {
  members_.clear();
  std::uint32_t highest = 0, highest_quorate = 0;
  bool all_waiting = true;
  for (const auto& [node, info] : members) {
    members_[node] = info.votes;
    highest = std::max(highest, info.expected);
    if (info.quorate) highest_quorate = std::max(highest_quorate, info.expected);
    all_waiting = all_waiting && info.waiting;
  }
  // Who was quorate knows what the operator has set since; the configuration of a newcomer does not.
  expected_ = highest_quorate != 0 ? highest_quorate : highest;
  expected_ = std::max(expected_, sum(members_));
  // Somebody has seen all nodes, or all are here now. Once is enough: a later loss does not bring the wait back.
  if (!all_waiting || sum(members_) == expected_) waiting_ = false;
  view_.ring = ring;
  complete_ = grant;
  recompute(grant);
}

std::uint32_t Quorum::needed() const {
  const auto total = sum(members_);
  if (options_.two_node && members_.size() <= 2) return 1;
  return majority(std::max(expected_, total));
}

void Quorum::recompute(bool grant) {
  view_.expected_votes = expected_;
  view_.highest_expected = expected_;
  view_.total_votes = sum(members_);
  view_.quorum = needed();
  view_.two_node = options_.configured && options_.two_node;
  view_.wait_for_all = options_.configured && options_.wait_for_all;
  view_.waiting_for_all = waiting_;
  view_.members.clear();
  view_.votes.clear();
  for (const auto& [node, votes] : members_) {
    view_.members.push_back(node);
    view_.votes.push_back(votes);
  }
  if (grant) view_.quorate = !options_.configured || (!waiting_ && view_.total_votes >= view_.quorum);
  view_.reason = reason();
}

std::string Quorum::reason() const {
  if (!options_.configured) return "quorate: no quorum provider is configured, every partition may act";
  if (waiting_)
    return fmt::format("not quorate: waiting for all nodes, {} of {} votes were seen since the start", view_.total_votes, expected_);
  if (view_.quorate && view_.quorum == 1 && options_.two_node)
    return fmt::format("quorate: {} of {} expected votes, one is enough in a two-node cluster", view_.total_votes, expected_);
  return fmt::format("{}: {} of {} expected votes, {} needed", view_.quorate ? "quorate" : "not quorate", view_.total_votes,
                     expected_, view_.quorum);
}

Status Quorum::set_expected_votes(std::uint32_t votes) {
  if (votes == 0 || votes < view_.total_votes)
    return fail(ErrorKind::invalid, "expected votes cannot be {}: {} votes are present", votes, view_.total_votes);
  if (view_.quorate && options_.configured && !options_.two_node && view_.total_votes < majority(votes))
    return fail(ErrorKind::invalid, "with {} expected votes the {} that are present would lose quorum", votes, view_.total_votes);
  expected_ = votes;
  recompute(complete_);
  return {};
}

void Quorum::cancel_wait_for_all() {
  waiting_ = false;
  recompute(complete_);
}

}  // namespace relevo::quorum
