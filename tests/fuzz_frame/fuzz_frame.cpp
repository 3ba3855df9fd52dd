// Fuzz target: packets into a whole running stack: of strangers, of nodes with the right key that say anything, copies
// of earlier ones with and without a change, payloads in the total order. No crash, the ring keeps its invariants, and
// what has no key changes nothing that anybody sees.
// Input: a mode byte (World), then records of {operation, choice, u16 length, bytes}.
#include <algorithm>
#include <cstdint>

#include "membership/groups/payload.hpp"
#include "tests/fuzz_frame/world.hpp"

namespace {

using namespace relevo;
using namespace relevo::fuzz;

constexpr int max_operations = 100;

seal::Kind kind_of(std::uint8_t choice) { return static_cast<seal::Kind>(1 + (choice >> 1) % seal::last_kind); }
LinkId link_of(std::uint8_t choice) { return LinkId{static_cast<std::uint8_t>((choice >> 5) % World::links)}; }

/// The ring id of an encoded packet replaced: its checks of the ring are passed then.
Bytes on_ring(BytesView packet, const RingId& ring) {
  Bytes out(packet.begin(), packet.end());
  Writer id;
  id.u32(ring.rep.value);
  id.u64(ring.seq);
  if (out.size() > id.size()) std::ranges::copy(id.view(), out.begin() + 1);
  return out;
}

/// One byte changed by a place (u16) and a difference: what the fuzzer can do to bytes it does not know.
Bytes bent(BytesView original, Reader& in) {
  Bytes out(original.begin(), original.end());
  const std::size_t place = in.u16();
  const auto difference = in.u8();
  if (!out.empty()) out[place % out.size()] ^= difference;
  return out;
}

void stranger(World& world, std::uint8_t choice, BytesView bytes) {
  const auto node = NodeId{1U + choice % 4};
  world.datagram(link_of(choice), World::address(node, link_of(choice)), bytes, true);
}

void copy(World& world, std::uint8_t choice, Reader in) {
  if (world.recorded.empty()) return;
  const auto frame = world.recorded[choice % world.recorded.size()];
  const auto source = World::address(frame.from, frame.link);
  if (in.left() == 0) return world.datagram(frame.link, source, frame.bytes, false);
  const auto other = bent(frame.bytes, in);
  world.datagram(frame.link, source, other, other != frame.bytes);
}

void echo(World& world, std::uint8_t choice, Reader in) {
  auto& insider = world.insider(choice);
  if (insider.heard().empty()) return;
  const auto body = bent(insider.heard()[(choice >> 1) % insider.heard().size()], in);
  insider.say((choice & 64U) != 0 ? seal::Kind::ring : seal::Kind::ring_all, LinkId{0}, body);
}

void operate(World& world, std::uint8_t operation, std::uint8_t choice, BytesView bytes) {
  auto& insider = world.insider(choice);
  switch (operation % 12) {
    case 0: return stranger(world, choice, bytes);
    case 1: return insider.say(kind_of(choice), link_of(choice), bytes);
    case 2: return insider.say(seal::Kind::ring, link_of(choice), on_ring(bytes, world.ring()));
    case 3: return insider.say(seal::Kind::ring_all, link_of(choice), on_ring(bytes, insider.ring()));
    case 4: return copy(world, choice, Reader(bytes));
    case 5: return echo(world, choice, Reader(bytes));
    case 6: return insider.submit({bytes.begin(), bytes.end()}, groups::Guarantee::agreed, world.now);
    case 7: return insider.submit(groups::encode(groups::Control{{bytes.begin(), bytes.end()}}), groups::Guarantee::safe, world.now);
    case 8: return world.input(stack::ClientMulticast{1U + choice % 2, "g", groups::Guarantee::safe, {bytes.begin(), bytes.end()}, 1});
    case 9: return insider.restart();
    case 10: return insider.submit(groups::encode(groups::JoinList{world.ring(), {bytes.begin(), bytes.end()}, {}}), groups::Guarantee::agreed, world.now);
    default: return world.run(std::chrono::milliseconds(choice * 4));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Reader in({data, size});
  World world(in.u8());
  for (int i = 0; i < max_operations && in.left() > 0; ++i) {
    const auto operation = in.u8();
    const auto choice = in.u8();
    const auto length = std::min<std::size_t>(in.u16(), in.left());
    operate(world, operation, choice, in.raw(length));
    world.pump();
    world.check();
  }
  world.run(100ms);
  world.check();
  return 0;
}
