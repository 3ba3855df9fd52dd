// From the configuration to the parts: what is checked before a stack exists, and how options are translated.
#include "membership/seal/keys.hpp"
#include "membership/stack/impl.hpp"

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

quorum::Options quorum_options(const config::ClusterConfig& c) {
  quorum::Options q;
  q.configured = c.quorum.configured;
  q.expected_votes = c.quorum.expected_votes;
  q.two_node = c.quorum.two_node;
  q.wait_for_all = c.quorum.wait_for_all;
  q.last_man_standing = c.quorum.last_man_standing;
  q.auto_tie_breaker = c.quorum.auto_tie_breaker;
  for (const auto& node : c.nodes) q.votes[node.id] = node.votes;
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
  t.window_size = c.window_size;
  t.max_messages = c.max_messages;
  t.miss_count = c.miss_count;
  t.seqno_unchanged = c.seqno_unchanged;
  return t;
}

links::Options link_options(const Options& o) {
  links::Options l;
  l.self = o.self;
  l.addresses = o.addresses;
  if (o.config.totem.heartbeat > Duration{}) l.heartbeat = o.config.totem.heartbeat;
  if (o.config.totem.link_timeout > Duration{}) l.link_timeout = o.config.totem.link_timeout;
  return l;
}

}  // namespace

Result<std::unique_ptr<Stack>> Stack::create(Options options, Random& random) {
  if (auto ok = check_addresses(options); !ok) return pass(ok.error());
  const auto votes = quorum_options(options.config);
  if (auto ok = quorum::check(votes); !ok) return pass(ok.error());
  const seal::ClusterKey key(options.key, options.config.totem.cluster_name);
  Incarnation incarnation{random.number()};
  if (incarnation == Incarnation{}) incarnation.value = 1;  // 0 means unknown on the wire
  return std::make_unique<Stack>(std::make_unique<Impl>(Impl{
      .self = options.self,
      .incarnation = incarnation,
      .links = links::Links(link_options(options), key, incarnation, random),
      .ring = totem::Ring(ring_options(options.config.totem)),
      .groups = groups::Groups(options.self),
      .quorum = quorum::Quorum(votes, options.self),
      .regular = {},
      .out = {},
  }));
}

}  // namespace relevo::stack
