// Packets to bytes and back. Decoding is total: any bytes give a packet within all limits or an error.
#pragma once

#include "common/base/bytes.hpp"
#include "common/base/result.hpp"
#include "membership/wire/packet.hpp"

namespace relevo::wire {

/// Fixed little-endian layout, first byte the type. The packet must keep the limits of packet.hpp.
[[nodiscard]] Bytes encode(const Packet& packet);

/// Errors: invalid (names the type and what is wrong): unknown type, short, bytes left over, counts above the
/// limits, lists unsorted, node 0, ring numbers out of range.
[[nodiscard]] Result<Packet> decode(BytesView bytes);

/// `token`, `mcast` ...: for notes and traces.
[[nodiscard]] const char* type_name(const Packet& packet);

}  // namespace relevo::wire
