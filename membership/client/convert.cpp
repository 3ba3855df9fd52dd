// Between the types of the membership layer and the messages of its local socket.
#include "membership/client/convert.hpp"

namespace relevo::membership {
namespace {

groups::Member from_ipc(const ipc::GroupMember& m) { return {m.node, m.client}; }
ipc::GroupMember to_ipc(const groups::Member& m) { return {m.node, m.client}; }

std::vector<groups::Member> from_ipc(const std::vector<ipc::GroupMember>& members) {
  std::vector<groups::Member> out;
  for (const auto& m : members) out.push_back(from_ipc(m));
  return out;
}

std::vector<ipc::GroupMember> to_ipc(const std::vector<groups::Member>& members) {
  std::vector<ipc::GroupMember> out;
  for (const auto& m : members) out.push_back(to_ipc(m));
  return out;
}

}  // namespace

Welcome from_ipc(ipc::Welcome v) {
  Welcome out{v.local, v.client, std::move(v.cluster_name), {}};
  for (auto& n : v.nodes) out.nodes.push_back({n.id, std::move(n.name), std::move(n.addresses), n.votes});
  return out;
}

ipc::Welcome to_ipc(const Welcome& v) {
  ipc::Welcome out{v.local, v.client, v.cluster_name, {}};
  for (const auto& n : v.nodes) out.nodes.push_back({n.id, n.name, n.addresses, n.votes});
  return out;
}

groups::GroupView from_ipc(ipc::GroupView v) {
  groups::GroupView out{std::move(v.group), v.ring, from_ipc(v.members), from_ipc(v.joined), {},
                        static_cast<groups::Reason>(v.join_reason), std::move(v.pids)};
  for (const auto& d : v.left) out.left.push_back({from_ipc(d.member), static_cast<groups::Reason>(d.reason)});
  return out;
}

ipc::GroupView to_ipc(const groups::GroupView& v) {
  ipc::GroupView out{v.group, v.ring, to_ipc(v.members), to_ipc(v.joined), {}, static_cast<std::uint8_t>(v.join_reason), v.pids};
  for (const auto& d : v.left) out.left.push_back({to_ipc(d.member), static_cast<std::uint8_t>(d.reason)});
  return out;
}

groups::GroupMessage from_ipc(const ipc::GroupMessage& v) {
  return {v.group, from_ipc(v.from), v.safe ? groups::Guarantee::safe : groups::Guarantee::agreed,
          Bytes(v.payload.begin(), v.payload.end())};
}

ipc::GroupMessage to_ipc(const groups::GroupMessage& v) {
  return {v.group, to_ipc(v.from), v.guarantee == groups::Guarantee::safe, v.payload};
}

}  // namespace relevo::membership
