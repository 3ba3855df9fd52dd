// The bytes of the group messages: a type, then the fields in the order of their declaration.
#include "membership/groups/payload.hpp"

namespace relevo::groups {

namespace {

enum class Type : std::uint8_t { join_list = 1, join, leave, message, control };

struct Encoder {
  Writer out;
  void type(Type t) { out.u8(static_cast<std::uint8_t>(t)); }
  void operator()(const JoinList& p) {
    type(Type::join_list);
    out.u32(p.ring.rep.value);
    out.u64(p.ring.seq);
    out.bytes(p.note);
    out.u32(static_cast<std::uint32_t>(p.entries.size()));
    for (const auto& e : p.entries) {
      out.text(e.group);
      out.u32(e.client);
      out.u32(e.pid);
    }
  }
  void operator()(const Join& p) {
    type(Type::join);
    out.text(p.group);
    out.u32(p.client);
    out.u32(p.pid);
  }
  void operator()(const LeaveGroup& p) {
    type(Type::leave);
    out.text(p.group);
    out.u32(p.client);
    out.boolean(p.reason == Reason::process_down);
  }
  void operator()(const ClientMessage& p) {
    type(Type::message);
    out.text(p.group);
    out.u32(p.client);
    out.raw(p.payload);
  }
  void operator()(const Control& p) {
    type(Type::control);
    out.raw(p.payload);
  }
};

Bytes rest(Reader& in) {
  const auto bytes = in.raw(in.left());
  return {bytes.begin(), bytes.end()};
}

Payload read_join_list(Reader& in) {
  JoinList p;
  p.ring.rep = NodeId{in.u32()};
  p.ring.seq = in.u64();
  const auto word = in.bytes();
  p.note.assign(word.begin(), word.end());
  const auto n = in.count(in.u32(), 12);
  for (std::size_t i = 0; i < n && in.ok(); ++i) {
    auto group = in.text(max_group_name);
    const auto client = in.u32();
    p.entries.push_back({std::move(group), client, in.u32()});
  }
  return p;
}

}  // namespace

Bytes encode(const Payload& payload) {
  Encoder encoder;
  std::visit(encoder, payload);
  return encoder.out.take();
}

std::optional<Payload> decode(BytesView bytes) {
  Reader in(bytes);
  Payload result;
  const auto type = static_cast<Type>(in.u8());
  if (type == Type::join_list) {
    result = read_join_list(in);
  } else if (type == Type::control) {
    result = Control{rest(in)};
  } else if (type == Type::join || type == Type::leave || type == Type::message) {
    auto group = in.text(max_group_name);
    const auto client = in.u32();
    if (type == Type::join) result = Join{std::move(group), client, in.u32()};
    if (type == Type::leave) result = LeaveGroup{std::move(group), client, in.boolean() ? Reason::process_down : Reason::leave};
    if (type == Type::message) result = ClientMessage{std::move(group), client, rest(in)};
  } else {
    return std::nullopt;
  }
  if (!in.done()) return std::nullopt;
  return result;
}

}  // namespace relevo::groups
