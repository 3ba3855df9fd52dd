// The messages of the membership socket from bytes. Total: any input gives a value or an error, and no allocation is
// larger than the input justifies.
#include "common/ipc/membership.hpp"

namespace relevo::ipc {
namespace {

RingId ring_id(Reader& r) {
  RingId ring;
  ring.rep = NodeId(r.u32());
  ring.seq = r.u64();
  return ring;
}

GroupMember member(Reader& r) {
  GroupMember m;
  m.node = NodeId(r.u32());
  m.client = r.u32();
  return m;
}

std::vector<NodeId> nodes(Reader& r) {
  std::vector<NodeId> out;
  const auto n = r.count(r.u32(), 4);
  for (std::size_t i = 0; i < n; ++i) out.emplace_back(r.u32());
  return out;
}

std::vector<GroupMember> members(Reader& r) {
  std::vector<GroupMember> out;
  const auto n = r.count(r.u32(), 8);
  for (std::size_t i = 0; i < n; ++i) out.push_back(member(r));
  return out;
}

/// An error of a kind that this version does not know is a plain failure: its words still say what happened.
Error error(Reader& r) {
  Error e;
  const auto kind = r.u8();
  if (kind <= static_cast<std::uint8_t>(ErrorKind::try_again)) e.kind = static_cast<ErrorKind>(kind);
  e.message = r.text();
  return e;
}

template <class T>
Result<T> finished(const Reader& r, T value, std::string_view what) {
  if (!r.done()) return fail(ErrorKind::invalid, "a malformed {} on the membership socket", what);
  return value;
}

}  // namespace

Result<GroupRequest> decode_group_request(BytesView in) {
  Reader r(in);
  GroupRequest v;
  v.group = r.text(max_group_name);
  return finished(r, std::move(v), "join or leave");
}

Result<MulticastRequest> decode_multicast_request(BytesView in) {
  Reader r(in);
  MulticastRequest v;
  v.group = r.text(max_group_name);
  v.safe = r.boolean();
  v.tag = r.u64();
  v.payload = r.bytes(max_multicast);
  return finished(r, std::move(v), "multicast");
}

Result<NumberedRequest> decode_numbered_request(BytesView in) {
  Reader r(in);
  NumberedRequest v;
  v.number = r.u32();
  v.text = r.text();
  return finished(r, std::move(v), "request");
}

Result<Welcome> decode_welcome(BytesView in) {
  Reader r(in);
  const auto protocol = r.u16();
  if (r.ok() && protocol != membership_protocol) {
    return fail(ErrorKind::unsupported, "the membership daemon speaks protocol {}, this program {}: they are of different versions",
                protocol, membership_protocol);
  }
  Welcome v;
  v.local = NodeId(r.u32());
  v.client = r.u32();
  v.cluster_name = r.text();
  const auto n = r.count(r.u32(), 16);
  for (std::size_t i = 0; i < n && r.ok(); ++i) {
    NodeEntry node;
    node.id = NodeId(r.u32());
    node.name = r.text();
    const auto addresses = r.count(r.u32(), 4);
    for (std::size_t a = 0; a < addresses && r.ok(); ++a) node.addresses.push_back(r.text());
    node.votes = r.u32();
    v.nodes.push_back(std::move(node));
  }
  return finished(r, std::move(v), "welcome");
}

Result<Configuration> decode_configuration(BytesView in) {
  Reader r(in);
  Configuration v;
  v.kind = r.boolean() ? Configuration::Kind::regular : Configuration::Kind::transitional;
  v.ring = ring_id(r);
  v.members = nodes(r);
  return finished(r, std::move(v), "configuration");
}

Result<QuorumView> decode_quorum_view(BytesView in) {
  Reader r(in);
  QuorumView v;
  v.quorate = r.boolean();
  v.expected_votes = r.u32();
  v.highest_expected = r.u32();
  v.total_votes = r.u32();
  v.quorum = r.u32();
  v.two_node = r.boolean();
  v.wait_for_all = r.boolean();
  v.waiting_for_all = r.boolean();
  v.last_man_standing = r.boolean();
  v.auto_tie_breaker = r.boolean();
  v.allow_downscale = r.boolean();
  v.device_configured = r.boolean();
  v.device_alive = r.boolean();
  v.device_vote = r.boolean();
  v.device_pending = r.boolean();
  v.device_votes = r.u32();
  v.ring = ring_id(r);
  v.members = nodes(r);
  const auto n = r.count(r.u32(), 4);
  for (std::size_t i = 0; i < n; ++i) v.votes.push_back(r.u32());
  v.reason = r.text();
  return finished(r, std::move(v), "quorum view");
}

Result<GroupView> decode_group_view(BytesView in) {
  Reader r(in);
  GroupView v;
  v.group = r.text();
  v.ring = ring_id(r);
  v.members = members(r);
  v.joined = members(r);
  const auto n = r.count(r.u32(), 9);
  bool known = true;
  for (std::size_t i = 0; i < n; ++i) {
    GroupDeparture d;
    d.member = member(r);
    d.reason = r.u8();
    known = known && d.reason <= 4;
    v.left.push_back(d);
  }
  v.join_reason = r.u8();
  const auto pids = r.count(r.u32(), 4);
  for (std::size_t i = 0; i < pids; ++i) v.pids.push_back(r.u32());
  if (r.ok() && v.pids.size() != v.members.size()) return fail(ErrorKind::invalid, "a group view has {} members and {} process ids", v.members.size(), v.pids.size());
  if (!known || v.join_reason > 4) return fail(ErrorKind::invalid, "an unknown reason in a group view on the membership socket");
  return finished(r, std::move(v), "group view");
}

Result<GroupMessage> decode_group_message(BytesView in) {
  Reader r(in);
  GroupMessage v;
  v.group = r.text();
  v.from = member(r);
  v.safe = r.boolean();
  v.payload = r.bytes();
  return finished(r, std::move(v), "group message");
}

Result<Rejected> decode_rejected(BytesView in) {
  Reader r(in);
  Rejected v;
  v.group = r.text();
  v.tag = r.u64();
  v.error = error(r);
  return finished(r, std::move(v), "rejection");
}

Result<Goodbye> decode_goodbye(BytesView in) {
  Reader r(in);
  Goodbye v;
  v.reason = r.text();
  return finished(r, std::move(v), "goodbye");
}

Result<Answer> decode_answer(BytesView in) {
  Reader r(in);
  Answer v;
  v.number = r.u32();
  if (r.boolean()) {
    v.text = r.text();
  } else {
    v.text = pass(error(r));
  }
  return finished(r, std::move(v), "answer");
}

}  // namespace relevo::ipc
