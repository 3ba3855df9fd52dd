// The record on disk: which partition had the vote last. With a checksum, because a torn one must not count.
#include <sodium.h>

#include <algorithm>

#include "membership/arbiter/court.hpp"

namespace relevo::arbiter {
namespace {

constexpr std::string_view magic = "relevo arbiter record 1\n";
constexpr std::size_t checksum_size = 16;

void append_checksum(Writer& out) {
  std::uint8_t sum[checksum_size];
  crypto_generichash(sum, sizeof sum, out.view().data(), out.size(), nullptr, 0);
  out.raw(sum);
}

}  // namespace

Bytes encode(const Record& record) {
  Writer out;
  out.raw(as_bytes(magic));
  out.u64(record.number);
  out.u32(static_cast<std::uint32_t>(to_ms(record.lease)));
  out.boolean(record.granted.has_value());
  if (record.granted) {
    out.u32(record.granted->ring.rep.value);
    out.u64(record.granted->ring.seq);
    out.u16(static_cast<std::uint16_t>(record.granted->members.size()));
    for (const auto node : record.granted->members) out.u32(node.value);
  }
  append_checksum(out);
  return out.take();
}

std::optional<Record> decode_record(BytesView bytes) {
  if (bytes.size() < magic.size() + checksum_size) return std::nullopt;
  Writer check;
  check.raw(bytes.first(bytes.size() - checksum_size));
  append_checksum(check);
  if (!std::equal(bytes.begin(), bytes.end(), check.view().begin(), check.view().end())) return std::nullopt;
  Reader in(bytes.first(bytes.size() - checksum_size));
  if (as_text(in.raw(magic.size())) != magic) return std::nullopt;
  Record record;
  record.number = in.u64();
  record.lease = std::chrono::milliseconds(in.u32());
  if (in.boolean()) {
    Granted granted;
    granted.ring.rep = NodeId{in.u32()};
    granted.ring.seq = in.u64();
    const auto n = in.count(in.u16(), 4);
    for (std::size_t i = 0; i < n; ++i) granted.members.insert(NodeId{in.u32()});
    record.granted = std::move(granted);
  }
  return in.done() ? std::optional<Record>(std::move(record)) : std::nullopt;
}

}  // namespace relevo::arbiter
