// Fixed little-endian layouts; a decoder takes exactly its own length.
#include "membership/links/messages.hpp"

#include <algorithm>

namespace relevo::links {

namespace {
void put_keys(Writer& out, const std::vector<seal::KeyTag>& keys) {
  for (const auto tag : keys) out.u32(tag.value);
}

/// They end the message. Nothing when it is no list of at most 8.
bool take_keys(Reader& in, std::vector<seal::KeyTag>& keys) {
  while (in.ok() && !in.done() && keys.size() < seal::max_keys) keys.push_back(seal::KeyTag{in.u32()});
  return in.done();
}
}  // namespace

Bytes encode(const Hello& message) { return {message.challenge.begin(), message.challenge.end()}; }

Bytes encode(const Answer& message) {
  Writer out;
  out.raw(message.challenge);
  out.u32(message.probation_ms);
  put_keys(out, message.keys);
  return out.take();
}

Bytes encode(const Heartbeat& message) {
  Writer out;
  out.u64(message.sent_ns);
  out.u64(message.echo_ns);
  out.u64(message.hold_ns);
  out.u32(message.number);
  out.boolean(message.up);
  out.boolean(message.asks);
  out.boolean(message.regular);
  put_keys(out, message.keys);
  return out.take();
}

Bytes encode(const Probe& message, std::size_t padding) {
  Writer out;
  out.boolean(message.answer);
  out.u32(message.size);
  Bytes bytes = out.take();
  bytes.resize(bytes.size() + padding);
  return bytes;
}

std::optional<Challenge> decode_challenge(BytesView body) {
  Challenge challenge{};
  if (body.size() != challenge.size()) return std::nullopt;
  std::copy(body.begin(), body.end(), challenge.begin());
  return challenge;
}

std::optional<Answer> decode_answer(BytesView body) {
  Reader in(body);
  Answer answer;
  const auto challenge = in.raw(answer.challenge.size());
  answer.probation_ms = in.u32();
  if (!take_keys(in, answer.keys)) return std::nullopt;
  std::copy(challenge.begin(), challenge.end(), answer.challenge.begin());
  return answer;
}

std::optional<Probe> decode_probe(BytesView body) {
  Reader in(body);
  Probe probe;
  probe.answer = in.boolean();
  probe.size = in.u32();
  if (!in.ok()) return std::nullopt;
  return probe;
}

std::optional<Heartbeat> decode_heartbeat(BytesView body) {
  Reader in(body);
  Heartbeat h;
  h.sent_ns = in.u64();
  h.echo_ns = in.u64();
  h.hold_ns = in.u64();
  h.number = in.u32();
  h.up = in.boolean();
  h.asks = in.boolean();
  h.regular = in.boolean();
  if (!take_keys(in, h.keys) || h.sent_ns == 0) return std::nullopt;
  return h;
}

}  // namespace relevo::links
