// Fuzz target: any bytes as the files that the daemons keep: the ring number (what is taken reads the same when written
// again; nothing of another node is taken) and the arbiter's record of a vote (what is taken encodes to the same bytes).
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "membership/arbiter/court.hpp"
#include "membership/daemon/ring_store.hpp"

namespace {

using namespace relevo;

void ring_file(std::string_view text) {
  constexpr NodeId node{2};
  const auto number = membership::parse_ring_file(text, node);
  if (!number && number.error().message.empty()) std::abort();
  if (number && membership::ring_file_text(node, *number) != text) std::abort();
  if (number && membership::parse_ring_file(text, NodeId{3})) std::abort();
}

void arbiter_record(BytesView bytes) {
  const auto record = arbiter::decode_record(bytes);
  if (record && !std::ranges::equal(encode(*record), bytes)) std::abort();
}

/// A mutation hardly ever finds a checksum, so that bytes are also taken as numbers of files that are whole but for one
/// changed byte: such a file must be refused.
void damaged(Reader in) {
  const auto number = in.u64();
  const std::size_t place = in.u16();
  const auto difference = in.u8();
  auto text = membership::ring_file_text(NodeId{2}, number);
  ring_file(text);
  text[place % text.size()] = static_cast<char>(text[place % text.size()] ^ difference);
  if (difference != 0 && membership::parse_ring_file(text, NodeId{2})) std::abort();

  arbiter::Record record{number, std::chrono::milliseconds(place), {}};
  if (in.left() >= 4) record.granted = arbiter::Granted{{NodeId{1U + in.u8()}, number}, {NodeId{1U + in.u8()}, NodeId{1U + in.u8()}}};
  auto bytes = encode(record);
  const auto again = arbiter::decode_record(bytes);
  if (again && *again != record) std::abort();
  bytes[place % bytes.size()] ^= difference;
  if (difference != 0 && arbiter::decode_record(bytes)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const BytesView bytes(data, size);
  ring_file(as_text(bytes));
  arbiter_record(bytes);
  damaged(Reader(bytes));
  return 0;
}
