// Fixed little-endian layouts; a decoder takes exactly its own length.
#include "membership/links/messages.hpp"

#include <algorithm>

namespace relevo::links {

Bytes encode(const Hello& message) { return {message.challenge.begin(), message.challenge.end()}; }
Bytes encode(const Answer& message) { return {message.challenge.begin(), message.challenge.end()}; }

Bytes encode(const Heartbeat& message) {
  Writer out;
  out.u64(message.sent_ns);
  out.u64(message.echo_ns);
  out.u64(message.hold_ns);
  out.boolean(message.up);
  return out.take();
}

std::optional<Challenge> decode_challenge(BytesView body) {
  Challenge challenge{};
  if (body.size() != challenge.size()) return std::nullopt;
  std::copy(body.begin(), body.end(), challenge.begin());
  return challenge;
}

std::optional<Heartbeat> decode_heartbeat(BytesView body) {
  Reader in(body);
  Heartbeat h;
  h.sent_ns = in.u64();
  h.echo_ns = in.u64();
  h.hold_ns = in.u64();
  h.up = in.boolean();
  if (!in.done() || h.sent_ns == 0) return std::nullopt;
  return h;
}

}  // namespace relevo::links
