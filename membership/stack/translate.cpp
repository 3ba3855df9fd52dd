// Options of the parts from the configuration; see translate.hpp.
#include "membership/stack/translate.hpp"

namespace relevo::stack {

namespace {

::relevo::Status check_addresses(const Options& o) {
  const auto links = o.config.links;
  if (links < 1 || links > max_links) return fail(ErrorKind::invalid, "a node has 1 to {} links, not {}", max_links, links);
  for (const auto& node : o.config.nodes) {
    const auto it = o.addresses.find(node.id);
    if (it == o.addresses.end() || it->second.size() != links)
      return fail(ErrorKind::invalid, "node {} ({}) needs {} addresses, it has {}", node.id, node.name, links,
                  it == o.addresses.end() ? 0 : it->second.size());
  }
  if (o.addresses.size() != o.config.nodes.size())
    return fail(ErrorKind::invalid, "there are addresses for {} nodes, but the node list has {}", o.addresses.size(), o.config.nodes.size());
  if (o.addresses.count(o.self) == 0) return fail(ErrorKind::invalid, "node {} is not in the node list", o.self);
  return {};
}

links::Mode mode_of(config::LinkMode mode) {
  if (mode == config::LinkMode::active) return links::Mode::active;
  return mode == config::LinkMode::round_robin ? links::Mode::round_robin : links::Mode::passive;
}

}  // namespace

::relevo::Status check(const Options& options) {
  if (auto ok = check_addresses(options); !ok) return ok;
  if (auto ok = quorum::parse_tie_breaker(options.config.quorum.auto_tie_breaker_node); !ok) return pass(ok.error());
  return quorum::check(quorum_options(options.config));
}

std::uint64_t device_id(const config::DeviceConfig& device) {
  // FNV-1a, 64 bits: names are compared, not defended.
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : fmt::format("{} {}", device.host, device.port)) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3ULL;
  return hash;
}

quorum::Options quorum_options(const config::ClusterConfig& c) {
  quorum::Options q;
  q.configured = c.quorum.configured;
  q.expected_votes = c.quorum.expected_votes;
  q.two_node = c.quorum.two_node;
  q.wait_for_all = c.quorum.wait_for_all;
  q.last_man_standing = c.quorum.last_man_standing;
  q.auto_tie_breaker = c.quorum.auto_tie_breaker;
  if (c.quorum.last_man_standing_window > Duration{}) q.last_man_standing_window = c.quorum.last_man_standing_window;
  q.auto_tie_breaker_node = quorum::parse_tie_breaker(c.quorum.auto_tie_breaker_node).value_or(quorum::TieBreaker{});
  q.allow_downscale = c.quorum.allow_downscale;
  q.device = c.quorum.device.configured;
  for (const auto& node : c.nodes) q.votes[node.id] = node.votes;
  q.version = c.totem.config_version;
  // What an arbiter's vote weighs by default. Source: corosync-qdevice(8), "votes".
  const auto nodes = quorum::sum(q.votes);
  const auto usual = c.quorum.device.algorithm == "lms" ? (nodes > 1 ? nodes - 1 : 1U) : 1U;
  if (q.device) q.device_id = device_id(c.quorum.device);
  if (q.device) q.device_votes = c.quorum.device.votes.value_or(usual);
  return q;
}

totem::Options ring_options(const config::TotemConfig& c) {
  totem::Options t;
  t.token = c.token;
  t.token_retransmit = c.token_retransmit;
  t.hold = c.hold;
  t.join = c.join;
  t.consensus = c.consensus;
  t.merge = c.merge;
  // Windows count frames only when a person asked for it: the ring's own are in bytes, whatever the frames' size.
  const config::TotemConfig usual;
  if (c.window_size != usual.window_size) t.window_size = c.window_size;
  if (c.max_messages != usual.max_messages) t.max_messages = c.max_messages;
  t.miss_count = c.miss_count;
  t.seqno_unchanged = c.seqno_unchanged;
  return t;
}

links::Options link_options(const Options& o) {
  links::Options l;
  l.self = o.self;
  l.addresses = o.addresses;
  const auto& t = o.config.totem;
  if (t.heartbeat > Duration{}) l.heartbeat = t.heartbeat;
  if (t.link_timeout > Duration{}) l.link_timeout = t.link_timeout;
  l.mode = mode_of(t.link_mode);
  for (const auto& link : t.links) l.links.push_back({link.priority, link.heartbeat, link.timeout});
  l.mtu = t.mtu;
  l.pmtud_interval = t.pmtud_interval;
  return l;
}

}  // namespace relevo::stack
