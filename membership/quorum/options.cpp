// Which options go together. Refusals name the option and say what to do.
#include "membership/quorum/options.hpp"

#include <algorithm>
#include <limits>

#include "common/base/text.hpp"

namespace relevo::quorum {
namespace {

constexpr std::uint32_t most = std::numeric_limits<std::uint32_t>::max();

Status check_two_node(const Options& o) {
  if (!o.two_node) return {};
  if (o.votes.size() > 2)
    return fail(ErrorKind::invalid, "quorum.two_node is for two nodes, the node list has {}", o.votes.size());
  if (o.device)
    return fail(ErrorKind::invalid, "quorum.two_node and quorum.device exclude each other: the arbiter decides, remove two_node");
  if (o.auto_tie_breaker)
    return fail(ErrorKind::invalid,
                "quorum.two_node and quorum.auto_tie_breaker exclude each other: with two_node both halves stay quorate");
  for (const auto& [node, votes] : o.votes)
    if (votes != 1) return fail(ErrorKind::invalid, "quorum.two_node needs one vote for each node, node {} has {}", node, votes);
  return {};
}

Status check_last_man_standing(const Options& o) {
  if (!o.last_man_standing) return {};
  if (o.device)
    return fail(ErrorKind::invalid, "quorum.last_man_standing and quorum.device exclude each other: use the arbiter's algorithm lms");
  for (const auto& [node, votes] : o.votes)
    if (votes != 1)
      return fail(ErrorKind::invalid, "quorum.last_man_standing needs one vote for each node, node {} has {}", node, votes);
  if (o.auto_tie_breaker && o.votes.size() % 2 != 0)
    return fail(ErrorKind::invalid,
                "quorum.last_man_standing with quorum.auto_tie_breaker needs an even number of nodes, the node list has {}",
                o.votes.size());
  return {};
}

Status check_tie_breaker(const Options& o) {
  if (!o.auto_tie_breaker) return {};
  if (o.device)
    return fail(ErrorKind::invalid, "quorum.auto_tie_breaker and quorum.device exclude each other: remove one of them");
  if (o.auto_tie_breaker_node.kind != TieBreaker::Kind::listed) return {};
  for (const auto node : o.auto_tie_breaker_node.nodes)
    if (o.votes.count(node) == 0)
      return fail(ErrorKind::invalid, "quorum.auto_tie_breaker_node: node {} is not in the node list", node);
  return {};
}

}  // namespace

Result<TieBreaker> parse_tie_breaker(std::string_view text) {
  TieBreaker out;
  const auto parts = words(text);
  if (parts.empty() || (parts.size() == 1 && parts[0] == "lowest")) return out;
  if (parts.size() == 1 && parts[0] == "highest") {
    out.kind = TieBreaker::Kind::highest;
    return out;
  }
  out.kind = TieBreaker::Kind::listed;
  for (const auto& part : parts) {
    const auto id = parse_uint(part);
    if (!id || *id == 0 || *id > most)
      return fail(ErrorKind::invalid, "quorum.auto_tie_breaker_node: 'lowest', 'highest' or node ids, not '{}'", text);
    out.nodes.push_back(NodeId{static_cast<std::uint32_t>(*id)});
  }
  return out;
}

Status check(const Options& o) {
  if (!o.configured) {
    if (o.device) return fail(ErrorKind::invalid, "quorum.device needs quorum.provider: corosync_votequorum");
    return {};
  }
  if (auto ok = check_two_node(o); !ok) return ok;
  if (auto ok = check_last_man_standing(o); !ok) return ok;
  if (auto ok = check_tie_breaker(o); !ok) return ok;
  if (o.allow_downscale && o.device)
    return fail(ErrorKind::invalid, "quorum.allow_downscale and quorum.device exclude each other: remove one of them");
  if (o.expected_votes == 0 && sum(o.votes) == 0)
    return fail(ErrorKind::invalid, "quorum: no node has a vote: set quorum.expected_votes or the nodes' quorum_votes");
  if (configured_votes(o) == most)
    return fail(ErrorKind::invalid, "quorum: the nodes' quorum_votes and the device's votes add up to more than 4294967294");
  if (o.device && o.device_votes == 0)
    return fail(ErrorKind::invalid, "quorum.device.votes: the arbiter needs a vote, 1 or more");
  return {};
}

Options effective(Options o) {
  if (!o.configured) {
    Options plain;
    plain.configured = false;
    plain.votes = std::move(o.votes);
    plain.version = o.version;
    return plain;
  }
  if (o.last_man_standing || o.allow_downscale) o.wait_for_all = true;
  if (o.auto_tie_breaker && !o.wait_for_all && configured_votes(o) % 2 != 0) o.auto_tie_breaker = false;
  if (!o.device) o.device_votes = 0, o.device_id = 0;
  return o;
}

Notes remarks(const Options& o) {
  Notes out;
  if (!o.configured) return out;
  if ((o.last_man_standing || o.allow_downscale) && !o.wait_for_all)
    out.push_back(note(Level::notice, "quorum.{} turns quorum.wait_for_all on: a node that has just started cannot know whom the "
                       "cluster goes on without", o.last_man_standing ? "last_man_standing" : "allow_downscale"));
  if (o.auto_tie_breaker && !effective(o).auto_tie_breaker)
    out.push_back(note(Level::warning, "quorum.auto_tie_breaker is off: with {} votes, an odd number, it needs quorum.wait_for_all",
                       configured_votes(o)));
  if (o.expected_votes != 0 && o.expected_votes < configured_votes(o) && !o.allow_downscale)
    out.push_back(note(Level::warning, "quorum.expected_votes is {}, less than the {} votes of the node list{}, which count",
                       o.expected_votes, configured_votes(o), o.device ? " and the device" : ""));
  return out;
}

bool is_dynamic(const Options& o) {
  return o.configured && o.wait_for_all && (o.last_man_standing || o.allow_downscale || o.auto_tie_breaker);
}

std::uint32_t sum(const std::map<NodeId, std::uint32_t>& votes) {
  std::uint64_t total = 0;
  for (const auto& [node, v] : votes) total = std::min<std::uint64_t>(total + v, most);
  return static_cast<std::uint32_t>(total);
}

std::uint32_t configured_votes(const Options& o) {
  const std::uint64_t total = std::uint64_t{sum(o.votes)} + (o.device ? o.device_votes : 0);
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(total, most));
}

void write(Writer& out, const TieBreaker& rule) {
  out.u8(static_cast<std::uint8_t>(rule.kind));
  out.u32(static_cast<std::uint32_t>(rule.nodes.size()));
  for (const auto node : rule.nodes) out.u32(node.value);
}

TieBreaker read_tie_breaker(Reader& in) {
  TieBreaker rule;
  rule.kind = static_cast<TieBreaker::Kind>(std::min<std::uint8_t>(in.u8(), 2));
  for (auto n = in.count(in.u32(), 4); n > 0; --n) rule.nodes.push_back(NodeId{in.u32()});
  return rule;
}

void write(Writer& out, const Options& o) {
  out.boolean(o.configured);
  out.u32(o.expected_votes);
  for (const bool on : {o.two_node, o.wait_for_all, o.last_man_standing, o.auto_tie_breaker, o.allow_downscale, o.device}) out.boolean(on);
  out.i64(o.last_man_standing_window.count());
  write(out, o.auto_tie_breaker_node);
  out.u32(o.device_votes);
  out.u64(o.device_id);
  out.u32(static_cast<std::uint32_t>(o.votes.size()));
  for (const auto& [node, votes] : o.votes) {
    out.u32(node.value);
    out.u32(votes);
  }
  out.u64(o.version);
}

Options read_options(Reader& in) {
  Options o;
  o.configured = in.boolean();
  o.expected_votes = in.u32();
  for (auto* on : {&o.two_node, &o.wait_for_all, &o.last_man_standing, &o.auto_tie_breaker, &o.allow_downscale, &o.device}) *on = in.boolean();
  // It is added to the clock: no sum of it may overflow.
  o.last_man_standing_window = std::clamp(Duration{in.i64()}, Duration{}, Duration{10000h});
  o.auto_tie_breaker_node = read_tie_breaker(in);
  o.device_votes = in.u32();
  o.device_id = in.u64();
  for (auto n = in.count(in.u32(), 8); n > 0; --n) {
    const NodeId node{in.u32()};
    o.votes[node] = in.u32();
  }
  o.version = in.u64();
  return o;
}

}  // namespace relevo::quorum
