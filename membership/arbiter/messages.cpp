// The codec of the arbiter's messages: a type byte, then the fields in the order of the structs.
#include "membership/arbiter/messages.hpp"

#include <algorithm>

#include "common/base/text.hpp"

namespace relevo::arbiter {
namespace {

enum class Type : std::uint8_t { hello = 1, welcome, refused, report, vote, vote_taken, ping, pong };

void put(Writer& out, const RingId& ring) {
  out.u32(ring.rep.value);
  out.u64(ring.seq);
}
void put(Writer& out, const Nodes& nodes) {
  out.u16(static_cast<std::uint16_t>(nodes.size()));
  for (const auto node : nodes) out.u32(node.value);
}

struct Encoder {
  Writer out;
  void type(Type t) { out.u8(static_cast<std::uint8_t>(t)); }
  void operator()(const Hello& v) {
    type(Type::hello);
    out.u16(v.version);
    out.text(v.cluster);
    out.u32(v.node.value);
    out.u64(v.incarnation.value);
    out.u8(static_cast<std::uint8_t>(v.settings.algorithm));
    out.u8(static_cast<std::uint8_t>(v.settings.tie_breaker.kind));
    out.u32(v.settings.tie_breaker.node.value);
    out.raw(v.proof);
  }
  void operator()(const Welcome& v) {
    type(Type::welcome);
    out.u16(v.version);
    out.u32(static_cast<std::uint32_t>(to_ms(v.lease)));
    out.raw(v.proof);
  }
  void operator()(const Refused& v) {
    type(Type::refused);
    out.text(std::string_view(v.why).substr(0, max_sentence));
  }
  void operator()(const Report& v) {
    type(Type::report);
    put(out, v.ring);
    put(out, v.members);
    put(out, v.configured);
    out.boolean(v.quorate);
    out.boolean(v.holds);
  }
  void operator()(const Vote& v) {
    type(Type::vote);
    out.u64(v.number);
    put(out, v.ring);
    out.boolean(v.yes);
  }
  void operator()(const VoteTaken& v) { number(Type::vote_taken, v.number); }
  void operator()(const Ping& v) { number(Type::ping, v.number); }
  void operator()(const Pong& v) { number(Type::pong, v.number); }
  void number(Type t, std::uint64_t n) {
    type(t);
    out.u64(n);
  }
};

RingId read_ring(Reader& in) {
  RingId ring;
  ring.rep = NodeId{in.u32()};
  ring.seq = in.u64();
  return ring;
}

/// Sorted, without 0 and without repetitions: one list, one encoding.
std::optional<Nodes> read_nodes(Reader& in) {
  Nodes nodes;
  const auto n = in.count(in.u16(), 4);
  if (n > max_nodes) return std::nullopt;
  NodeId last{};
  for (std::size_t i = 0; i < n; ++i) {
    const NodeId node{in.u32()};
    if (node <= last) return std::nullopt;
    nodes.insert(nodes.end(), node);
    last = node;
  }
  return nodes;
}

Proof read_proof(Reader& in) {
  Proof proof{};
  const auto bytes = in.raw(proof.size());
  if (bytes.size() == proof.size()) std::copy(bytes.begin(), bytes.end(), proof.begin());
  return proof;
}

std::optional<Message> read_hello(Reader& in) {
  Hello v;
  v.version = in.u16();
  v.cluster = in.text(max_name);
  v.node = NodeId{in.u32()};
  v.incarnation = Incarnation{in.u64()};
  const auto algorithm = in.u8(), kind = in.u8();
  v.settings.algorithm = static_cast<Algorithm>(algorithm);
  v.settings.tie_breaker.kind = static_cast<TieBreaker::Kind>(kind);
  v.settings.tie_breaker.node = NodeId{in.u32()};
  v.proof = read_proof(in);
  const bool sane = algorithm >= 1 && algorithm <= 2 && kind >= 1 && kind <= 3 && v.node != NodeId{} && is_cluster_name(v.cluster);
  return sane ? std::optional<Message>(std::move(v)) : std::nullopt;
}

std::optional<Message> read_report(Reader& in) {
  Report v;
  v.ring = read_ring(in);
  auto members = read_nodes(in);
  if (!members) return std::nullopt;
  auto configured = read_nodes(in);
  if (!configured) return std::nullopt;
  v.members = std::move(*members);
  v.configured = std::move(*configured);
  v.quorate = in.boolean();
  v.holds = in.boolean();
  return v;
}

std::optional<Message> read_body(Type type, Reader& in) {
  switch (type) {
    case Type::hello: return read_hello(in);
    case Type::welcome: {
      Welcome v;
      v.version = in.u16();
      v.lease = std::chrono::milliseconds(in.u32());
      v.proof = read_proof(in);
      return v;
    }
    case Type::refused: return Refused{in.text(max_sentence)};
    case Type::report: return read_report(in);
    case Type::vote: {
      Vote v;
      v.number = in.u64();
      v.ring = read_ring(in);
      v.yes = in.boolean();
      return v;
    }
    case Type::vote_taken: return VoteTaken{in.u64()};
    case Type::ping: return Ping{in.u64()};
    case Type::pong: return Pong{in.u64()};
  }
  return std::nullopt;
}

}  // namespace

const char* name(Algorithm algorithm) { return algorithm == Algorithm::lms ? "lms" : "ffsplit"; }

Result<Algorithm> parse_algorithm(std::string_view text) {
  if (text == "ffsplit") return Algorithm::ffsplit;
  if (text == "lms") return Algorithm::lms;
  return fail(ErrorKind::invalid, "quorum.device.net.algorithm: ffsplit or lms, not '{}'", text);
}

Result<TieBreaker> parse_tie_breaker(std::string_view text) {
  if (text.empty() || text == "lowest") return TieBreaker{};
  if (text == "highest") return TieBreaker{TieBreaker::Kind::highest, {}};
  const auto id = parse_uint(text);
  if (!id || *id == 0 || *id > 0xffffffffU)
    return fail(ErrorKind::invalid, "quorum.device.net.tie_breaker: lowest, highest or a node id, not '{}'", text);
  return TieBreaker{TieBreaker::Kind::node, NodeId{static_cast<std::uint32_t>(*id)}};
}

std::string to_string(const TieBreaker& rule) {
  if (rule.kind == TieBreaker::Kind::node) return fmt::format("{}", rule.node);
  return rule.kind == TieBreaker::Kind::highest ? "highest" : "lowest";
}

Bytes encode(const Message& message) {
  Encoder encoder;
  std::visit(encoder, message);
  return encoder.out.take();
}

std::optional<Message> decode(BytesView bytes) {
  Reader in(bytes);
  auto message = read_body(static_cast<Type>(in.u8()), in);
  return message && in.done() ? message : std::nullopt;
}

bool is_cluster_name(std::string_view name) {
  if (name.empty() || name.size() > max_name || name[0] == '.') return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  });
}

}  // namespace relevo::arbiter
