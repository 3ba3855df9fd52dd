// The arbiter in the stack: it hears where this node is, and what it says to one member the ring tells to all.
#include "membership/stack/impl.hpp"
#include "membership/stack/translate.hpp"

#include <algorithm>
#include <iterator>

namespace relevo::stack {

void Stack::Impl::on(const ArbiterToken& input, Instant now) {
  if (!device.configured) return;
  arbiter::ClientOptions options;
  options.cluster = cluster_name;
  options.node = self;
  options.incarnation = incarnation;
  options.settings.algorithm = arbiter::parse_algorithm(device.algorithm).value_or(arbiter::Algorithm::ffsplit);
  options.settings.tie_breaker = arbiter::parse_tie_breaker(device.tie_breaker).value_or(arbiter::TieBreaker{});
  options.token = input.token;
  options.longest_lease = device.timeout;
  if (arbiter) out.arbiter.emplace_back(arbiter::Disconnect{});
  arbiter.emplace(std::move(options));
  arbiter_id = device_id(device);
  take(arbiter->start(now));
}

void Stack::Impl::on(const ArbiterConnected& input, Instant now) {
  if (arbiter) take(arbiter->on_connected(input.binding, now));
}

void Stack::Impl::on(const ArbiterFrame& input, Instant now) {
  if (arbiter) take(arbiter->on_frame(input.bytes, now));
}

void Stack::Impl::on(const ArbiterLost& input, Instant now) {
  if (arbiter) take(arbiter->on_lost(input.why, now));
}

void Stack::Impl::take(arbiter::ClientOutput output) {
  std::move(output.actions.begin(), output.actions.end(), std::back_inserter(out.arbiter));
  std::move(output.notes.begin(), output.notes.end(), std::back_inserter(out.notes));
}

/// A new configuration: another arbiter is another client, which the shell asks for with a token.
void Stack::Impl::configure_arbiter(const config::ClusterConfig& config) {
  const auto& d = config.quorum.device;
  configured_nodes.clear();
  for (const auto& node : config.nodes) configured_nodes.insert(node.id);
  device = d;
  if (!arbiter || device.configured) return;
  arbiter.reset();
  out.arbiter.emplace_back(arbiter::Disconnect{});
}

/// After each step: the arbiter learns of a new ring, the ring of the arbiter's vote.
void Stack::Impl::drive_arbiter(Instant now) {
  if (!arbiter || phase != Phase::running) return;
  take(arbiter->on_tick(now));
  if (regular && !breaking_up) {
    const arbiter::Nodes members(regular->members.begin(), regular->members.end());
    take(arbiter->report({regular->ring, members, configured_nodes, quorum.view().quorate, false}, now));
  }
  const auto& ring_now = quorum.view().ring;
  if (quorum.set_device_state(arbiter->is_alive(), arbiter->is_refused(ring_now))) tell_all(quorum.view());
  if (!groups.is_synced() || breaking_up || !regular || ring_now != regular->ring) return;
  if (vote_told_ring != ring_now) {
    vote_told_ring = ring_now;
    vote_told = false;
  }
  const bool vote = arbiter->has_vote(ring_now);
  if (vote != vote_told) {
    vote_told = vote;
    Writer payload;
    payload.u8(static_cast<std::uint8_t>(ControlKind::device));
    payload.u32(ring_now.rep.value);
    payload.u64(ring_now.seq);
    payload.boolean(vote);
    payload.u64(arbiter_id);
    // Safe: when it comes back a loss is known to all, and the arbiter may be told so.
    groups.control(payload.take(), groups::Guarantee::safe);
  } else if (!vote && !quorum.device_said_yes_to(self)) {
    take(arbiter->vote_withdrawn(now));
  }
}

bool Stack::Impl::on_device_control(NodeId from, BytesView payload) {
  Reader in(payload);
  if (static_cast<ControlKind>(in.u8()) != ControlKind::device) return false;
  RingId ring_of_vote;
  ring_of_vote.rep = NodeId{in.u32()};
  ring_of_vote.seq = in.u64();
  const bool vote = in.boolean();
  const auto id = in.u64();
  const bool was = quorum.view().quorate;
  if (in.done() && quorum.on_device(from, ring_of_vote, vote, id)) tell_quorum(was);
  return true;
}

}  // namespace relevo::stack
