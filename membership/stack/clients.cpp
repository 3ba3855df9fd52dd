// The inputs of local clients.
#include "membership/stack/impl.hpp"

namespace relevo::stack {

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

void Stack::Impl::reject(ClientId client, const std::string& group, std::uint64_t tag, Error error) {
  out.events.push_back(ClientEvent{false, {client}, Rejected{group, tag, std::move(error)}});
}

}  // namespace relevo::stack
