// The messages of the membership socket to bytes. The mirror of decode.cpp, function by function.
#include "common/ipc/membership.hpp"

namespace relevo::ipc {
namespace {

void count(Writer& w, std::size_t n) { w.u32(static_cast<std::uint32_t>(n)); }

void put(Writer& w, const RingId& ring) {
  w.u32(ring.rep.value);
  w.u64(ring.seq);
}

void put(Writer& w, const GroupMember& member) {
  w.u32(member.node.value);
  w.u32(member.client);
}

void put(Writer& w, const std::vector<NodeId>& nodes) {
  count(w, nodes.size());
  for (const auto node : nodes) w.u32(node.value);
}

void put(Writer& w, const std::vector<GroupMember>& members) {
  count(w, members.size());
  for (const auto& m : members) put(w, m);
}

void put(Writer& w, const Error& error) {
  w.u8(static_cast<std::uint8_t>(error.kind));
  w.text(error.message);
}

}  // namespace

Bytes encode(const GroupRequest& v) {
  Writer w;
  w.text(v.group);
  return w.take();
}

Bytes encode(const MulticastRequest& v) {
  Writer w;
  w.text(v.group);
  w.boolean(v.safe);
  w.u64(v.tag);
  w.bytes(v.payload);
  return w.take();
}

Bytes encode(const NumberedRequest& v) {
  Writer w;
  w.u32(v.number);
  w.text(v.text);
  return w.take();
}

Bytes encode(const Welcome& v) {
  Writer w;
  w.u16(membership_protocol);
  w.u32(v.local.value);
  w.u32(v.client);
  w.text(v.cluster_name);
  count(w, v.nodes.size());
  for (const auto& node : v.nodes) {
    w.u32(node.id.value);
    w.text(node.name);
    count(w, node.addresses.size());
    for (const auto& address : node.addresses) w.text(address);
    w.u32(node.votes);
  }
  return w.take();
}

Bytes encode(const Configuration& v) {
  Writer w;
  w.boolean(v.kind == Configuration::Kind::regular);
  put(w, v.ring);
  put(w, v.members);
  return w.take();
}

Bytes encode(const QuorumView& v) {
  Writer w;
  w.boolean(v.quorate);
  w.u32(v.expected_votes);
  w.u32(v.highest_expected);
  w.u32(v.total_votes);
  w.u32(v.quorum);
  w.boolean(v.two_node);
  w.boolean(v.wait_for_all);
  w.boolean(v.waiting_for_all);
  w.boolean(v.last_man_standing);
  w.boolean(v.auto_tie_breaker);
  w.boolean(v.allow_downscale);
  w.boolean(v.device_configured);
  w.boolean(v.device_alive);
  w.boolean(v.device_vote);
  w.boolean(v.device_pending);
  w.u32(v.device_votes);
  put(w, v.ring);
  put(w, v.members);
  count(w, v.votes.size());
  for (const auto votes : v.votes) w.u32(votes);
  w.text(v.reason);
  return w.take();
}

Bytes encode(const GroupView& v) {
  Writer w;
  w.text(v.group);
  put(w, v.ring);
  put(w, v.members);
  put(w, v.joined);
  count(w, v.left.size());
  for (const auto& d : v.left) {
    put(w, d.member);
    w.u8(d.reason);
  }
  w.u8(v.join_reason);
  count(w, v.pids.size());
  for (const auto pid : v.pids) w.u32(pid);
  return w.take();
}

Bytes encode(const GroupMessage& v) {
  Writer w;
  w.text(v.group);
  put(w, v.from);
  w.boolean(v.safe);
  w.bytes(v.payload);
  return w.take();
}

Bytes encode(const Rejected& v) {
  Writer w;
  w.text(v.group);
  w.u64(v.tag);
  put(w, v.error);
  return w.take();
}

Bytes encode(const Goodbye& v) {
  Writer w;
  w.text(v.reason);
  return w.take();
}

Bytes encode(const Answer& v) {
  Writer w;
  w.u32(v.number);
  w.boolean(v.text.has_value());
  if (v.text) {
    w.text(*v.text);
  } else {
    put(w, v.text.error());
  }
  return w.take();
}

}  // namespace relevo::ipc
