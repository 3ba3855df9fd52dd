// The inputs of local clients and of the operator.
#include "membership/stack/impl.hpp"

namespace relevo::stack {

namespace {
Bytes control_payload(ControlKind kind, std::uint32_t value) {
  Writer out;
  out.u8(static_cast<std::uint8_t>(kind));
  out.u32(value);
  return out.take();
}
}  // namespace

void Stack::Impl::on(const ClientConnected& input, Instant) {
  groups.connect(input.client, input.pid);
  if (regular) out.events.push_back(ClientEvent{false, {input.client}, *regular});
  out.events.push_back(ClientEvent{false, {input.client}, quorum.view()});
}

void Stack::Impl::on(const ClientGone& input, Instant) { groups.gone(input.client); }

void Stack::Impl::on(const ClientJoin& input, Instant) {
  if (auto done = groups.join(input.client, input.group); !done) reject(input.client, input.group, 0, done.error());
}

void Stack::Impl::on(const ClientLeave& input, Instant) {
  if (auto done = groups.leave(input.client, input.group); !done) reject(input.client, input.group, 0, done.error());
}

void Stack::Impl::on(const ClientMulticast& input, Instant) {
  if (auto done = groups.multicast(input.client, input.group, input.guarantee, input.payload); !done)
    reject(input.client, input.group, input.tag, done.error());
}

void Stack::Impl::on(const SetExpectedVotes& input, Instant) {
  auto probe = quorum;  // the same rules will be asked again when it is delivered
  if (auto done = probe.set_expected_votes(input.votes); !done) {
    out.refused = done.error();
    return;
  }
  groups.control(control_payload(ControlKind::expected_votes, input.votes));
}

void Stack::Impl::on(const CancelWaitForAll&, Instant) {
  if (!quorum.view().waiting_for_all) {
    out.refused = Error{"this node is not waiting for all nodes", ErrorKind::invalid};
    return;
  }
  groups.control(control_payload(ControlKind::cancel_wait_for_all, 0));
}

void Stack::Impl::reject(ClientId client, const std::string& group, std::uint64_t tag, Error error) {
  out.events.push_back(ClientEvent{false, {client}, Rejected{group, tag, std::move(error)}});
}

}  // namespace relevo::stack
