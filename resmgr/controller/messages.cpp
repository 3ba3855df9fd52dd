// Encoding and decoding of the group's messages; the type is the first byte. Nothing here judges what a message says.
#include "resmgr/controller/messages.hpp"

#include <utility>

#include "common/base/bytes.hpp"

namespace relevo::controller {
namespace {

constexpr std::size_t max_text = 64U << 20;
constexpr std::size_t max_name = 4096;

void put(Writer& out, const cib::Version& v) {
  out.u64(v.admin_epoch);
  out.u64(v.epoch);
  out.u64(v.num_updates);
}
cib::Version get_version(Reader& in) {
  cib::Version v;
  v.admin_epoch = in.u64();
  v.epoch = in.u64();
  v.num_updates = in.u64();
  return v;
}

void put(Writer& out, const std::vector<groups::Member>& members) {
  out.u32(static_cast<std::uint32_t>(members.size()));
  for (const auto& m : members) {
    out.u32(m.node.value);
    out.u32(m.client);
  }
}
std::vector<groups::Member> get_members(Reader& in) {
  std::vector<groups::Member> members(in.count(in.u32(), 8));
  for (auto& m : members) {
    m.node = NodeId(in.u32());
    m.client = in.u32();
  }
  return members;
}

void put(Writer& out, const Hello& m) {
  out.text(m.name);
  out.u64(m.instance);
  out.u64(m.lineage);
  put(out, m.version);
  out.boolean(m.shutting_down);
  out.u32(static_cast<std::uint32_t>(m.history.size()));
  for (const auto& result : m.history) out.bytes(executor::encode(result));
}
Result<Message> get_hello(Reader& in) {
  Hello m;
  m.name = in.text(max_name);
  m.instance = in.u64();
  m.lineage = in.u64();
  m.version = get_version(in);
  m.shutting_down = in.boolean();
  const auto count = in.count(in.u32(), 4);
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    auto result = executor::decode_result(in.bytes());
    if (!result) return pass(result.error());
    m.history.push_back(std::move(*result));
  }
  return m;
}

void put(Writer& out, const Image& m) {
  out.text(m.cib);
  out.u64(m.lineage);
  out.boolean(m.established);
  put(out, m.seniority);
  out.u32(static_cast<std::uint32_t>(m.names.size()));
  for (const auto& name : m.names) {
    out.u32(name.id.value);
    out.text(name.name);
  }
  out.u32(static_cast<std::uint32_t>(m.commands.size()));
  for (const auto& [node, last] : m.commands) {
    out.u32(node.value);
    out.u64(last.instance);
    out.u64(last.id);
  }
  out.u32(static_cast<std::uint32_t>(m.orphaned.size()));
  for (const auto node : m.orphaned) out.u32(node.value);
}
Result<Message> get_image(Reader& in) {
  Image m;
  m.cib = in.text(max_text);
  m.lineage = in.u64();
  m.established = in.boolean();
  m.seniority = get_members(in);
  const auto names = in.count(in.u32(), 8);
  for (std::size_t i = 0; i < names && in.ok(); ++i) {
    const NodeId id(in.u32());
    m.names.push_back({id, in.text(max_name)});
  }
  const auto commands = in.count(in.u32(), 20);
  for (std::size_t i = 0; i < commands; ++i) {
    const NodeId id(in.u32());
    auto& last = m.commands[id];
    last.instance = in.u64();
    last.id = in.u64();
  }
  m.orphaned.resize(in.count(in.u32(), 4));
  for (auto& node : m.orphaned) node = NodeId(in.u32());
  return m;
}

void put(Writer& out, const GiveUp& m) {
  put(out, m.members);
  put(out, m.mute);
}
Result<Message> get_give_up(Reader& in) {
  GiveUp m;
  m.members = get_members(in);
  m.mute = get_members(in);
  return m;
}

void put(Writer& out, const Command& m) {
  out.u64(m.instance);
  out.u64(m.id);
  out.u8(static_cast<std::uint8_t>(m.what.index()));
  if (const auto* change = std::get_if<cib::Change>(&m.what)) {
    out.bytes(cib::encode(*change));
  } else if (const auto* cleanup = std::get_if<CleanupRequest>(&m.what)) {
    out.text(cleanup->resource);
    out.text(cleanup->node);
    out.boolean(cleanup->refresh);
  } else {
    const auto& attribute = std::get<AttributeRequest>(m.what);
    out.text(attribute.node);
    out.text(attribute.name);
    out.boolean(attribute.value.has_value());
    out.text(attribute.value.value_or(""));
  }
}
Result<Message> get_command(Reader& in) {
  Command m;
  m.instance = in.u64();
  m.id = in.u64();
  const auto kind = in.u8();
  if (kind == 0) {
    auto change = cib::decode_change(in.bytes(max_text));
    if (!change) return pass(change.error());
    m.what = std::move(*change);
  } else if (kind == 1) {
    CleanupRequest cleanup;
    cleanup.resource = in.text(max_name);
    cleanup.node = in.text(max_name);
    cleanup.refresh = in.boolean();
    m.what = std::move(cleanup);
  } else if (kind == 2) {
    AttributeRequest attribute;
    attribute.node = in.text(max_name);
    attribute.name = in.text(max_name);
    const bool present = in.boolean();
    auto value = in.text(max_text);
    if (present) attribute.value = std::move(value);
    m.what = std::move(attribute);
  } else {
    return fail(ErrorKind::invalid, "unknown kind of command: {}", kind);
  }
  return m;
}

void put(Writer& out, const OnDisk& m) {
  put(out, m.version);
  out.text(m.digest);
}
Result<Message> get_on_disk(Reader& in) {
  OnDisk m;
  m.version = get_version(in);
  m.digest = in.text(max_name);
  return m;
}

void put(Writer& out, const OpRequest& m) {
  out.text(m.node);
  out.i64(m.at.seconds);
  out.bytes(executor::encode(m.operation));
}
Result<Message> get_op_request(Reader& in) {
  OpRequest m;
  m.node = in.text(max_name);
  m.at.seconds = in.i64();
  auto operation = executor::decode_operation(in.bytes());
  if (!operation) return pass(operation.error());
  m.operation = std::move(*operation);
  return m;
}

void put(Writer& out, const OpResult& m) {
  out.text(m.node);
  out.bytes(executor::encode(m.result));
}
Result<Message> get_op_result(Reader& in) {
  OpResult m;
  m.node = in.text(max_name);
  auto result = executor::decode_result(in.bytes());
  if (!result) return pass(result.error());
  m.result = std::move(*result);
  return m;
}

void put(Writer& out, const NodeShutdown& m) {
  out.u32(m.node.value);
  out.i64(m.at.seconds);
}
Result<Message> get_shutdown(Reader& in) {
  const NodeId node(in.u32());
  return NodeShutdown{node, WallTime{in.i64()}};
}
void put(Writer& out, const Idle& m) { out.u64(m.position); }
Result<Message> get_idle(Reader& in) { return Idle{in.u64()}; }
void put(Writer& out, const NodeLost& m) { out.u32(m.node.value); }
Result<Message> get_node_lost(Reader& in) { return NodeLost{NodeId(in.u32())}; }
void put(Writer&, const Resync&) {}
Result<Message> get_resync(Reader&) { return Resync{}; }

using Getter = Result<Message> (*)(Reader&);
// In the order of the variant.
constexpr Getter getters[] = {get_hello,     get_image,    get_give_up, get_command,   get_on_disk, get_op_request,
                              get_op_result, get_shutdown, get_idle,    get_node_lost, get_resync};
static_assert(std::size(getters) == std::variant_size_v<Message>);

}  // namespace

Bytes encode(const Message& message) {
  Writer out;
  out.u8(static_cast<std::uint8_t>(message.index()));
  std::visit([&out](const auto& m) { put(out, m); }, message);
  return out.take();
}

Result<Message> decode(BytesView bytes) {
  Reader in(bytes);
  const std::size_t type = in.u8();
  if (!in.ok() || type >= std::size(getters)) return fail(ErrorKind::invalid, "unknown message type {}", type);
  auto message = getters[type](in);
  if (message && !in.done()) return fail(ErrorKind::invalid, "a message of type {} has the wrong length", type);
  return message;
}

}  // namespace relevo::controller
