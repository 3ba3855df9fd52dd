// The rule that decides, and what nodes learn of each other's bases. Sums are 64 bits wide: nothing overflows.
#include "membership/quorum/basis.hpp"

#include <algorithm>

namespace relevo::quorum {
namespace {

std::uint64_t total(const std::map<NodeId, std::uint32_t>& votes) {
  std::uint64_t sum = 0;
  for (const auto& [node, v] : votes) sum += v;
  return sum;
}

}  // namespace

std::uint64_t Bases::last_epoch() const { return latest().epoch; }

std::uint32_t Bases::expected() const {
  auto most = settled.expected;
  for (const auto& basis : open) most = std::max(most, basis.expected);
  return most;
}

bool Bases::is_two_node() const {
  return settled.rule.two_node && std::all_of(open.begin(), open.end(), [](const Basis& b) { return b.rule.two_node; });
}

void Bases::settle(Basis basis) {
  settled = std::move(basis);
  std::erase_if(open, [this](const Basis& b) { return b.epoch <= settled.epoch; });
}

void Bases::add_open(Basis basis) {
  if (basis.epoch < settled.epoch || basis == settled) return;
  if (std::find(open.begin(), open.end(), basis) != open.end() || open.size() >= max_open) return;
  const auto after = std::find_if(open.begin(), open.end(), [&](const Basis& b) { return b.epoch > basis.epoch; });
  open.insert(after, std::move(basis));
}

void Bases::learn(const Bases& other) {
  if (other.settled.epoch > settled.epoch) {
    settle(other.settled);
  } else if (other.settled.epoch == settled.epoch) {
    // Two of one epoch come only from partitions that both were quorate by somebody's word: both must agree now. Those
    // of epoch 0 come from configurations: one of the two nodes has an older one.
    if (settled.epoch != 0) {
      add_open(other.settled);
    } else if (other.settled.version > settled.version) {
      settled = other.settled;
    }
  }
  for (const auto& basis : other.open) {
    if (basis.epoch >= settled.epoch) add_open(basis);
  }
}

Basis configured_basis(const Options& o) {
  // A number below the votes of the node list is no number to start with: two parts could reach its half.
  Rule rule{o.two_node, o.auto_tie_breaker, {}, o.device_id};
  if (o.auto_tie_breaker) rule.tie_breaker = o.auto_tie_breaker_node;
  return {0, std::max(o.expected_votes, configured_votes(o)), o.device_votes, o.votes, o.version, std::move(rule)};
}

bool same_content(const Basis& a, const Basis& b) {
  return a.expected == b.expected && a.device == b.device && a.deciders == b.deciders && a.rule == b.rule;
}

NodeId tie_node(const Basis& basis, const TieBreaker& rule) {
  if (basis.deciders.empty()) return {};
  if (rule.kind == TieBreaker::Kind::lowest) return basis.deciders.begin()->first;
  if (rule.kind == TieBreaker::Kind::highest) return basis.deciders.rbegin()->first;
  for (const auto node : rule.nodes)
    if (basis.deciders.count(node) != 0) return node;
  return {};
}

Verdict judge(const Basis& basis, const Presence& present) {
  if (basis.rule.two_node) return Verdict::satisfied;  // what follows a split is decided by fencing
  const auto& rule = basis.rule;
  const std::uint32_t device = present.device_id == rule.device_id ? present.device : 0;
  const std::uint64_t here = total(present.votes) + device;
  const bool half_will_do = rule.auto_tie_breaker && here != 0 && here == basis.expected / 2;
  if (here < std::uint64_t{basis.expected} / 2 + 1 && !half_will_do) return Verdict::too_few;
  std::uint64_t deciding = std::min(device, basis.device);
  for (const auto& [node, votes] : basis.deciders)
    if (present.votes.count(node) != 0) deciding += votes;
  const std::uint64_t all = total(basis.deciders) + basis.device;
  if (2 * deciding > all) return Verdict::satisfied;
  const bool tie = rule.auto_tie_breaker && 2 * deciding == all && present.votes.count(tie_node(basis, rule.tie_breaker)) != 0;
  if (tie) return Verdict::satisfied;
  return half_will_do ? Verdict::too_few : Verdict::minority_of_deciders;
}

Verdict judge(const Bases& bases, const Presence& present) {
  const auto settled = judge(bases.settled, present);
  if (settled != Verdict::satisfied) return settled;
  for (const auto& basis : bases.open)
    if (const auto v = judge(basis, present); v != Verdict::satisfied) return v;
  return Verdict::satisfied;
}

void write(Writer& out, const Basis& basis) {
  out.u64(basis.epoch);
  out.u32(basis.expected);
  out.u32(basis.device);
  out.u64(basis.version);
  out.boolean(basis.rule.two_node);
  out.boolean(basis.rule.auto_tie_breaker);
  write(out, basis.rule.tie_breaker);
  out.u64(basis.rule.device_id);
  out.u32(static_cast<std::uint32_t>(basis.deciders.size()));
  for (const auto& [node, votes] : basis.deciders) {
    out.u32(node.value);
    out.u32(votes);
  }
}

Basis read_basis(Reader& in) {
  Basis basis;
  basis.epoch = in.u64();
  basis.expected = in.u32();
  basis.device = in.u32();
  basis.version = in.u64();
  basis.rule.two_node = in.boolean();
  basis.rule.auto_tie_breaker = in.boolean();
  basis.rule.tie_breaker = read_tie_breaker(in);
  basis.rule.device_id = in.u64();
  const auto n = in.count(in.u32(), 8);
  for (std::size_t i = 0; i < n; ++i) {
    const NodeId node{in.u32()};
    basis.deciders[node] = in.u32();
  }
  return basis;
}

void write(Writer& out, const Bases& bases) {
  write(out, bases.settled);
  out.u8(static_cast<std::uint8_t>(bases.open.size()));
  for (const auto& basis : bases.open) write(out, basis);
}

Bases read_bases(Reader& in) {
  Bases bases;
  bases.settled = read_basis(in);
  const auto n = in.u8();
  for (std::size_t i = 0; i < n && in.ok(); ++i) bases.add_open(read_basis(in));
  return bases;
}

}  // namespace relevo::quorum
