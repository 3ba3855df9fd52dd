// What the groups put into ring messages, as values, and their bytes. No other room reads them.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "common/base/bytes.hpp"
#include "common/base/ids.hpp"
#include "membership/groups/types.hpp"

namespace relevo::groups {

/// Longest group name. Source: cpg(8).
constexpr std::size_t max_group_name = 128;
/// What a client message grows by, at most.
constexpr std::size_t payload_overhead = 1 + 4 + 4 + max_group_name;

/// The sender's own members when the ring `ring` was installed, and a word from the layer above.
struct JoinList {
  struct Entry {
    std::string group;
    std::uint32_t client = 0;
    std::uint32_t pid = 0;  ///< of the client's process; 0 = unknown
    bool operator==(const Entry&) const = default;
  };
  RingId ring;
  Bytes note;
  std::vector<Entry> entries;
  bool operator==(const JoinList&) const = default;
};
struct Join {
  std::string group;
  std::uint32_t client = 0;
  std::uint32_t pid = 0;
  bool operator==(const Join&) const = default;
};
struct LeaveGroup {
  std::string group;
  std::uint32_t client = 0;
  Reason reason = Reason::leave;  ///< leave or process_down
  bool operator==(const LeaveGroup&) const = default;
};
struct ClientMessage {
  std::string group;
  std::uint32_t client = 0;
  Bytes payload;
  bool operator==(const ClientMessage&) const = default;
};
/// For the layer above, in the total order; groups do not look inside.
struct Control {
  Bytes payload;
  bool operator==(const Control&) const = default;
};

using Payload = std::variant<JoinList, Join, LeaveGroup, ClientMessage, Control>;

[[nodiscard]] Bytes encode(const Payload& payload);
/// Nothing when the bytes are not one of ours; any bytes are safe.
[[nodiscard]] std::optional<Payload> decode(BytesView bytes);

}  // namespace relevo::groups
