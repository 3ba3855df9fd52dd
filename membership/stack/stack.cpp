// The entry of a step and the inputs that come from the network and the clock.
#include "membership/stack/stack.hpp"

#include <algorithm>

#include "membership/stack/impl.hpp"

namespace relevo::stack {

Stack::Stack(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Stack::~Stack() = default;

Output Stack::step(const Input& input, Instant now) {
  auto& impl = *impl_;
  const bool starting = std::holds_alternative<Start>(input);
  const bool in_order = starting ? impl.phase == Impl::Phase::created : impl.phase == Impl::Phase::running;
  if (!in_order) return {};
  impl.step_time = now;
  std::visit([&](const auto& in) { impl.on(in, now); }, input);
  impl.drive_reload(now);
  impl.drive_quorum(now);
  impl.drive_standing(now);
  impl.drive_arbiter(now);
  impl.drive_keys(now);
  impl.submit_outgoing(now);
  return std::exchange(impl.out, {});
}

std::optional<Instant> Stack::next_deadline() const {
  if (impl_->phase != Impl::Phase::running) return std::nullopt;
  std::optional<Instant> first;
  for (const auto& due : {impl_->links.next_deadline(), impl_->ring.next_deadline(), impl_->quorum.next_deadline(),
                          impl_->agreement.next_deadline(), impl_->keys.next_deadline(),
                          impl_->arbiter ? impl_->arbiter->next_deadline() : std::nullopt})
    if (due && (!first || *due < *first)) first = due;
  return first;
}

Status Stack::status() const { return impl_->status(); }

std::optional<std::string> Stack::broken_invariant() const { return impl_->ring.broken_invariant(); }

void Stack::Impl::on(const Start& input, Instant now) {
  auto started = ring.step(totem::Start{self, input.stored_ring_seq, input.floor}, now);
  if (started.refused) {
    out.refused = std::move(started.refused);
    return;
  }
  phase = Phase::running;
  take(std::move(started));
  take(links.start(now), now);
}

void Stack::Impl::on(const Datagram& input, Instant now) { take(links.datagram(input.link, input.from, input.bytes, now), now); }

void Stack::Impl::on(const Tick&, Instant now) {
  // Verdicts first: a ring that knows who is gone does not wait for its own, longer time-outs.
  take(links.tick(now), now);
  take(ring.step(totem::Tick{}, now));
}

void Stack::Impl::on(const Leave&, Instant now) {
  take(ring.step(totem::Leave{}, now));
  phase = Phase::left;
}

Status Stack::Impl::status() const {
  Status s;
  s.self = self;
  s.incarnation = incarnation;
  const auto view = ring.view();
  s.ring = view.ring;
  s.state = phase == Phase::created ? "starting" : phase == Phase::left ? "left" : view.state;
  if (regular) s.members = regular->members;
  s.synced = groups.is_synced();
  s.quorum = quorum.view();
  s.configuration = agreement.view();
  s.keys = keys.status();
  for (const auto& peer : links.peers()) {
    PeerStatus p{peer.node, peer.up, peer.incarnation, link_status(peer)};
    s.peers.push_back(std::move(p));
  }
  auto& c = s.counters;
  count_links(c);
  count_ring(c, view);
  count_groups(c);
  return s;
}

}  // namespace relevo::stack
