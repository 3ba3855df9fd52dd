// Closed process groups as their members see them. Source: cpg(8); membership spec section 6.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "common/base/bytes.hpp"
#include "common/base/ids.hpp"

namespace relevo::groups {

/// How strong a delivery promise a message asks for. Source: Totem, "agreed" and "safe" delivery.
enum class Guarantee : std::uint8_t {
  agreed,  ///< in the total order
  safe,    ///< and only once every member of the configuration holds it
};

/// A process in a group.
struct Member {
  NodeId node;
  std::uint32_t client = 0;  ///< the local daemon's number for the connection; never reused in one incarnation
  constexpr auto operator<=>(const Member&) const = default;
};

/// Why a member came or went. Source: cpg(8), cpg_reason_t.
enum class Reason : std::uint8_t { join, leave, node_up, node_down, process_down };

struct Departure {
  Member member;
  Reason reason = Reason::leave;
  bool operator==(const Departure&) const = default;
};

/// What a reason is called in reports and logs.
[[nodiscard]] constexpr const char* name(Reason reason) {
  switch (reason) {
    case Reason::join: return "join";
    case Reason::leave: return "leave";
    case Reason::node_up: return "node_up";
    case Reason::node_down: return "node_down";
    case Reason::process_down: return "process_down";
  }
  return "unknown";
}

/// A group after one ordered change. Every member sees the same views and messages in the same order.
struct GroupView {
  std::string group;
  RingId ring;                    ///< the regular configuration it belongs to
  std::vector<Member> members;    ///< sorted
  std::vector<Member> joined;
  std::vector<Departure> left;
  Reason join_reason = Reason::join;  ///< of all in `joined`: join (asked for), or node_up (a ring was made complete)
  std::vector<std::uint32_t> pids;    ///< process ids of `members`, same order, as their own hosts count; 0 = unknown
  bool operator==(const GroupView&) const = default;
};

struct GroupMessage {
  std::string group;
  Member from;
  Guarantee guarantee = Guarantee::agreed;
  Bytes payload;
};

}  // namespace relevo::groups
