// Packets to bytes and back. Decoding is total: any bytes give a packet within all limits or an error.
#pragma once

#include <memory>

#include "common/base/bytes.hpp"
#include "common/base/result.hpp"
#include "membership/wire/packet.hpp"

namespace relevo::wire {

/// Fixed little-endian layout, first byte the type. The packet must keep the limits of packet.hpp.
[[nodiscard]] Bytes encode(const Packet& packet);

/// Errors: invalid (names the type and what is wrong): unknown type, short, bytes left over, counts above the
/// limits, lists unsorted, node 0, ring numbers out of range.
[[nodiscard]] Result<Packet> decode(BytesView bytes);

/// The same; a frame's pieces go on using the buffer instead of a copy.
[[nodiscard]] Result<Packet> decode(Bytes&& bytes);

/// What encode would give. A frame that came from decode(Bytes&&), or was built by the ring, is not copied.
[[nodiscard]] std::shared_ptr<const Bytes> image(const Packet& packet);

/// Writes the header of a fresh frame into the first fresh_mcast_header bytes of `frame`.
void put_fresh_header(Bytes& frame, const RingId& ring, MessageSeq seq, NodeId sender, bool safe, std::size_t pieces);

/// `token`, `mcast` ...: for notes and traces.
[[nodiscard]] const char* type_name(const Packet& packet);

}  // namespace relevo::wire
