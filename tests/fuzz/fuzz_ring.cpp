// A ring that is fed any packets from its peers and any inputs of its shell, in any order, with time passing: it keeps
// its invariants. Input: records of {operation, time step, u16 length, bytes}.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstdio>

#include "membership/totem/ring.hpp"
#include "membership/wire/codec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {
using namespace relevo;

constexpr NodeId self{2};

/// Two peers, or one of the others that are configured.
NodeId peer(std::uint8_t choice) { return NodeId(choice % 4 == 0 ? 1U : choice % 4 == 2 ? 4U : choice % 4); }

/// A ring of one that sees two peers.
totem::Ring started(Instant now) {
  totem::Ring ring{totem::Options{}};
  (void)ring.step(totem::Start{self, 0, 10}, now);
  (void)ring.step(totem::PeerUp{NodeId(1)}, now);
  (void)ring.step(totem::PeerUp{NodeId(3)}, now);
  return ring;
}

/// Timers that configuration could give: every one at least 1 ms, limits from tiny to large.
totem::Options options_from(Reader& in) {
  const auto ms = [&] { return std::chrono::milliseconds(1 + in.u16() % 10'000); };
  totem::Options o;
  o.token = ms();
  o.token_retransmit = std::min<Duration>(ms(), o.token);
  o.hold = std::min<Duration>(ms(), o.token);
  o.join = ms();
  o.consensus = ms();
  o.merge = ms();
  o.window_size = in.u8();
  o.max_messages = in.u8();
  o.miss_count = in.u8();
  o.seqno_unchanged = 1U + in.u8();
  o.queue_messages = 1U + in.u16();
  return o;
}

/// The ring that the node is on, written over the first ring id of a packet, so that its checks of the ring are passed.
Bytes on_this_ring(BytesView packet, const RingId& ring) {
  Bytes out(packet.begin(), packet.end());
  Writer id;
  id.u32(ring.rep.value);
  id.u64(ring.seq);
  constexpr std::size_t after_type = 1;
  if (out.size() >= after_type + id.size()) std::ranges::copy(id.view(), out.begin() + after_type);
  return out;
}

void receive(totem::Ring& ring, NodeId from, Bytes bytes, Instant now) {
  if (auto packet = wire::decode(std::move(bytes))) (void)ring.step(totem::Receive{from, std::move(*packet)}, now);
}

void apply(totem::Ring& ring, std::uint8_t operation, BytesView bytes, Instant now) {
  Reader in(bytes);
  const auto who = peer(operation >> 4);
  switch (operation & 15U) {
    case 0: return receive(ring, who, {bytes.begin(), bytes.end()}, now);
    case 1: return receive(ring, who, on_this_ring(bytes, ring.view().ring), now);
    case 2: return (void)ring.step(totem::Submit{{bytes.begin(), bytes.end()}, groups::Guarantee::safe}, now);
    case 3: return (void)ring.submit({bytes.begin(), bytes.end()}, groups::Guarantee::agreed, now);
    case 4: return (void)ring.step(totem::Standing{in.u32(), in.u8() % 2 == 1}, now);
    case 5: return (void)ring.step(totem::Reconfigure{options_from(in)}, now);
    case 6: return (void)ring.step(totem::FrameRoom{std::max<std::size_t>(512, in.u16())}, now);
    case 7: return (void)ring.step(totem::PathSwitched{who}, now);
    case 8: return (void)ring.step(totem::PeerUp{who}, now);
    case 9: return (void)ring.step(totem::PeerDown{who}, now);
    case 10: return (void)ring.step(totem::Leave{}, now);
    default: return (void)ring.step(totem::Tick{}, now);
  }
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Instant now{};
  auto ring = started(now);
  Reader in({data, size});
  while (in.left() > 0 && in.ok()) {
    const auto operation = in.u8();
    now += std::chrono::milliseconds(in.u8());
    apply(ring, operation, in.raw(in.u16()), now);
    if (const auto wrong = ring.broken_invariant()) {
      std::fprintf(stderr, "%s\n", wrong->c_str());
      std::abort();
    }
  }
  return 0;
}
