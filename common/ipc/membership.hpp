// What is said on the local socket of relevo-membershipd: every request, every event, to bytes and back.
// No I/O: the frames are carried by common/io/unix_socket. Field order on the wire is the order in the structs.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "common/base/bytes.hpp"
#include "common/base/ids.hpp"
#include "common/base/result.hpp"
#include "common/base/view.hpp"

namespace relevo::ipc {

/// Both sides must have the same; it stands first in the welcome.
constexpr std::uint16_t membership_protocol = 2;
/// Longest payload of one multicast.
constexpr std::size_t max_multicast = 1U << 20;
/// Longest name of a group. Source: cpg(8), 128 bytes.
constexpr std::size_t max_group_name = 128;

/// The type of a frame. Requests go to the daemon, events to the client.
enum class MembershipFrame : std::uint16_t {
  join = 1,
  leave = 2,
  multicast = 3,
  ping = 4,
  report = 5,
  control = 6,
  flush = 7,
  welcome = 64,
  configuration = 65,
  quorum = 66,
  group_view = 67,
  group_message = 68,
  rejected = 69,
  pong = 70,
  answer = 71,
  flushed = 72,
  goodbye = 73,
};

// ---- requests -------------------------------------------------------------------------------------------------

/// join and leave.
struct GroupRequest {
  std::string group;
  bool operator==(const GroupRequest&) const = default;
};
struct MulticastRequest {
  std::string group;
  bool safe = false;
  std::uint64_t tag = 0;  ///< comes back in Rejected
  BytesView payload;      ///< lives as long as the frame
};
/// ping and flush (text empty), report (what), control (command). The number comes back in the pong, flushed or answer.
/// A flushed comes when every join, leave and multicast before the flush was taken or rejected.
struct NumberedRequest {
  std::uint32_t number = 0;
  std::string text;
  bool operator==(const NumberedRequest&) const = default;
};

// ---- events ---------------------------------------------------------------------------------------------------

struct NodeEntry {
  NodeId id;
  std::string name;
  std::vector<std::string> addresses;
  std::uint32_t votes = 1;
  bool operator==(const NodeEntry&) const = default;
};
struct Welcome {
  NodeId local;
  std::uint32_t client = 0;
  std::string cluster_name;
  std::vector<NodeEntry> nodes;
  bool operator==(const Welcome&) const = default;
};
struct GroupMember {
  NodeId node;
  std::uint32_t client = 0;
  constexpr auto operator<=>(const GroupMember&) const = default;
};
struct GroupDeparture {
  GroupMember member;
  std::uint8_t reason = 0;  ///< the number of a groups::Reason, 0..4
  bool operator==(const GroupDeparture&) const = default;
};
struct GroupView {
  std::string group;
  RingId ring;
  std::vector<GroupMember> members;
  std::vector<GroupMember> joined;
  std::vector<GroupDeparture> left;
  std::uint8_t join_reason = 0;     ///< of all in `joined`: the number of a groups::Reason, 0..4
  std::vector<std::uint32_t> pids;  ///< of the members, as many as they
  bool operator==(const GroupView&) const = default;
};
struct GroupMessage {
  std::string group;
  GroupMember from;
  bool safe = false;
  BytesView payload;  ///< lives as long as the frame
};
/// A join, leave (tag 0) or multicast that was not taken: nothing was sent.
struct Rejected {
  std::string group;
  std::uint64_t tag = 0;
  Error error;
};
/// Why the daemon ends the connection: the last frame of it.
struct Goodbye {
  std::string reason;
  bool operator==(const Goodbye&) const = default;
};
/// To a report or control request.
struct Answer {
  std::uint32_t number = 0;
  Result<std::string> text;
};

// ---- to bytes and back: a decoder gives a value or an error for any bytes ----------------------------------------

[[nodiscard]] Bytes encode(const GroupRequest& v);
[[nodiscard]] Bytes encode(const MulticastRequest& v);
[[nodiscard]] Bytes encode(const NumberedRequest& v);
[[nodiscard]] Bytes encode(const Welcome& v);
[[nodiscard]] Bytes encode(const Configuration& v);
[[nodiscard]] Bytes encode(const QuorumView& v);
[[nodiscard]] Bytes encode(const GroupView& v);
[[nodiscard]] Bytes encode(const GroupMessage& v);
[[nodiscard]] Bytes encode(const Rejected& v);
[[nodiscard]] Bytes encode(const Answer& v);
[[nodiscard]] Bytes encode(const Goodbye& v);

Result<GroupRequest> decode_group_request(BytesView in);
Result<MulticastRequest> decode_multicast_request(BytesView in);
Result<NumberedRequest> decode_numbered_request(BytesView in);
Result<Welcome> decode_welcome(BytesView in);
Result<Configuration> decode_configuration(BytesView in);
Result<QuorumView> decode_quorum_view(BytesView in);
Result<GroupView> decode_group_view(BytesView in);
Result<GroupMessage> decode_group_message(BytesView in);
Result<Rejected> decode_rejected(BytesView in);
Result<Answer> decode_answer(BytesView in);
Result<Goodbye> decode_goodbye(BytesView in);

}  // namespace relevo::ipc
