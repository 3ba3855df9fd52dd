// A ring that is fed any packets from its peers, in any order, with time passing: it keeps its invariants.
// Input: records of {sender and time step, u16 length, packet bytes}.
#include <cstdint>
#include <cstdlib>

#include "membership/totem/ring.hpp"
#include "membership/wire/codec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {
using namespace relevo;

/// A ring of one that sees two peers.
totem::Ring started(Instant now) {
  totem::Ring ring{totem::Options{}};
  (void)ring.step(totem::Start{NodeId(2), 0, 10}, now);
  (void)ring.step(totem::PeerUp{NodeId(1)}, now);
  (void)ring.step(totem::PeerUp{NodeId(3)}, now);
  return ring;
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Instant now{};
  auto ring = started(now);
  Reader in({data, size});
  while (in.left() > 0 && in.ok()) {
    const auto control = in.u8();
    now += std::chrono::milliseconds(control >> 2);
    const auto bytes = in.raw(in.u16());
    const NodeId from((control & 3U) == 0 ? 1U : (control & 3U));
    auto packet = wire::decode(bytes);
    if (!packet) {
      (void)ring.step(totem::Submit{Bytes(bytes.begin(), bytes.end()), groups::Guarantee::safe}, now);
    } else {
      (void)ring.step(totem::Receive{from, std::move(*packet)}, now);
    }
    if (ring.broken_invariant()) std::abort();
  }
  return 0;
}
