// Strong identifiers: no bare integers in interfaces.
#pragma once

#include <fmt/core.h>

#include <algorithm>
#include <compare>
#include <cstdint>
#include <functional>
#include <string>

namespace relevo {

/// An integer of its own type: ordered, hashable, printable, never mixed with another.
template <class Tag, class Rep>
struct StrongId {
  Rep value{};
  constexpr StrongId() = default;
  constexpr explicit StrongId(Rep v) : value(v) {}
  constexpr auto operator<=>(const StrongId&) const = default;
};

/// A node's number in the nodelist. Never 0 for a real node.
using NodeId = StrongId<struct NodeIdTag, std::uint32_t>;
/// A link's number, 0..7 (corosync.conf `linknumber`).
using LinkId = StrongId<struct LinkIdTag, std::uint8_t>;
/// A random number that one start of a node's membership daemon bears; 0 = unknown.
using Incarnation = StrongId<struct IncarnationTag, std::uint64_t>;
/// A message's place on one ring. 1 is the first; 0 = none yet.
using MessageSeq = StrongId<struct MessageSeqTag, std::uint64_t>;

constexpr std::size_t max_links = 8;

/// Names one ring for ever: the representative (smallest member) and a number that only grows.
/// Source: Totem (Amir et al. 1995), "ring id"; membership spec 2.1.
struct RingId {
  NodeId rep;
  std::uint64_t seq = 0;
  constexpr auto operator<=>(const RingId&) const = default;
};

/// As Corosync's tools print it: `rep.seq`, seq in hexadecimal.
inline std::string to_string(const RingId& ring) { return fmt::format("{}.{:x}", ring.rep.value, ring.seq); }

}  // namespace relevo

template <class Tag, class Rep>
struct std::hash<relevo::StrongId<Tag, Rep>> {
  std::size_t operator()(const relevo::StrongId<Tag, Rep>& id) const noexcept { return std::hash<Rep>{}(id.value); }
};

template <class Tag, class Rep>
struct fmt::formatter<relevo::StrongId<Tag, Rep>> {
  constexpr auto parse(fmt::format_parse_context& ctx) { return ctx.begin(); }
  template <class Context>
  auto format(const relevo::StrongId<Tag, Rep>& id, Context& ctx) const {
    const auto text = std::to_string(id.value);
    return std::copy(text.begin(), text.end(), ctx.out());
  }
};

template <>
struct fmt::formatter<relevo::RingId> {
  constexpr auto parse(fmt::format_parse_context& ctx) { return ctx.begin(); }
  template <class Context>
  auto format(const relevo::RingId& ring, Context& ctx) const {
    const auto text = relevo::to_string(ring);
    return std::copy(text.begin(), text.end(), ctx.out());
  }
};
