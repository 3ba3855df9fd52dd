// The bytes of the messages; see messages.hpp.
#include "membership/reload/messages.hpp"

namespace relevo::reload {
namespace {

enum class Kind : std::uint8_t { prepare = 1, vote = 2, abort = 3, adopt = 4 };

void put(Writer& out, const Id& id) {
  out.u32(id.asker.value);
  out.u64(id.number);
}
void put(Writer& out, const InForce& in_force) {
  out.u64(in_force.version);
  out.u64(in_force.digest);
}

Id get_id(Reader& in) {
  Id id;
  id.asker = NodeId(in.u32());
  id.number = in.u64();
  return id;
}
InForce get_in_force(Reader& in) {
  InForce out;
  out.version = in.u64();
  out.digest = in.u64();
  return out;
}

void put(Writer& out, const Prepare& m) {
  out.u8(static_cast<std::uint8_t>(Kind::prepare));
  put(out, m.id);
  put(out, m.base);
  put(out, m.target);
  out.text(m.text);
}
void put(Writer& out, const Vote& m) {
  out.u8(static_cast<std::uint8_t>(Kind::vote));
  put(out, m.id);
  out.boolean(m.yes);
  out.text(std::string_view(m.words).substr(0, max_words));
}
void put(Writer& out, const Abort& m) {
  out.u8(static_cast<std::uint8_t>(Kind::abort));
  put(out, m.id);
}
void put(Writer& out, const Adopt& m) {
  out.u8(static_cast<std::uint8_t>(Kind::adopt));
  put(out, m.target);
  out.text(m.text);
}

Message get(Reader& in, Kind kind) {
  switch (kind) {
    case Kind::prepare: {
      Prepare m;
      m.id = get_id(in);
      m.base = get_in_force(in);
      m.target = get_in_force(in);
      m.text = as_text(in.bytes(max_text));
      return m;
    }
    case Kind::vote: {
      Vote m;
      m.id = get_id(in);
      m.yes = in.boolean();
      m.words = as_text(in.bytes(max_words));
      return m;
    }
    case Kind::abort: return Abort{get_id(in)};
    case Kind::adopt: break;
  }
  Adopt m;
  m.target = get_in_force(in);
  m.text = as_text(in.bytes(max_text));
  return m;
}

}  // namespace

Bytes encode(const Message& message) {
  Writer out;
  std::visit([&](const auto& m) { put(out, m); }, message);
  return out.take();
}

std::optional<Message> decode(BytesView bytes) {
  Reader in(bytes);
  const auto kind = in.u8();
  if (kind < 1 || kind > 4) return std::nullopt;
  auto message = get(in, static_cast<Kind>(kind));
  if (!in.done()) return std::nullopt;
  return message;
}

Bytes encode(const InForce& in_force) {
  Writer out;
  put(out, in_force);
  return out.take();
}

std::optional<InForce> decode_in_force(BytesView bytes) {
  Reader in(bytes);
  const auto out = get_in_force(in);
  if (!in.done()) return std::nullopt;
  return out;
}

}  // namespace relevo::reload
