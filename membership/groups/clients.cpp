// The local clients' side: what they ask for, what is refused, and the queue to the ring.
#include <algorithm>

#include "membership/groups/groups.hpp"

namespace relevo::groups {

void Groups::connect(std::uint32_t client, std::uint32_t pid) { clients_.try_emplace(client, Client{pid, {}}); }

void Groups::gone(std::uint32_t client) {
  const auto it = clients_.find(client);
  if (it == clients_.end()) return;
  memberships_ -= it->second.asked.size();
  for (const auto& group : it->second.asked) wait(LeaveGroup{group, client, Reason::process_down}, Guarantee::agreed);
  clients_.erase(it);
}

void Groups::wait(Payload payload, Guarantee guarantee) {
  auto bytes = encode(payload);
  const auto size = bytes.size();
  waiting_.push_back({std::move(bytes), guarantee, size});
  waiting_bytes_ += size;
}

Status Groups::join(std::uint32_t client, const std::string& group) {
  const auto it = clients_.find(client);
  if (it == clients_.end()) return fail(ErrorKind::not_found, "client {} is not connected", client);
  if (group.empty() || group.size() > max_group_name)
    return fail(ErrorKind::invalid, "a group name has 1 to {} bytes, this one has {}", max_group_name, group.size());
  if (it->second.asked.count(group) != 0) return fail(ErrorKind::exists, "already in group '{}'", group);
  if (it->second.asked.size() >= max_groups_of_client)
    return fail(ErrorKind::invalid, "one program can be in {} groups at most", max_groups_of_client);
  if (memberships_ >= max_memberships)
    return fail(ErrorKind::invalid, "the programs of this node can be {} times in a group at most", max_memberships);
  if (waiting_.size() >= max_waiting_messages) return fail(ErrorKind::try_again, "too many requests wait for the ring");
  it->second.asked.insert(group);
  ++memberships_;
  wait(Join{group, client, it->second.pid}, Guarantee::agreed);
  return {};
}

Status Groups::leave(std::uint32_t client, const std::string& group) {
  const auto it = clients_.find(client);
  if (it == clients_.end() || it->second.asked.erase(group) == 0) return fail(ErrorKind::not_found, "not in group '{}'", group);
  --memberships_;
  wait(LeaveGroup{group, client, Reason::leave}, Guarantee::agreed);
  return {};
}

Status Groups::multicast(std::uint32_t client, const std::string& group, Guarantee guarantee, BytesView payload) {
  const auto it = clients_.find(client);
  if (it == clients_.end() || it->second.asked.count(group) == 0)
    return fail(ErrorKind::not_found, "not in group '{}': join it before sending to it", group);
  if (payload.size() > max_payload)
    return fail(ErrorKind::invalid, "the message is {} bytes long, {} are allowed", payload.size(), max_payload);
  if (waiting_.size() >= max_waiting_messages || waiting_bytes_ + payload.size() > max_waiting_bytes)
    return fail(ErrorKind::try_again, "{} messages wait for the ring already", waiting_.size());
  wait(ClientMessage{group, client, Bytes(payload.begin(), payload.end())}, guarantee);
  return {};
}

void Groups::control(Bytes payload, Guarantee guarantee) { wait(Control{std::move(payload)}, guarantee); }

Outgoing* Groups::outgoing() {
  if (list_out_) return &*list_out_;
  return synced_ && !waiting_.empty() ? &waiting_.front() : nullptr;
}

void Groups::pop_outgoing() {
  if (list_out_) {
    list_out_.reset();
  } else if (!waiting_.empty()) {
    waiting_bytes_ -= waiting_.front().counted;
    waiting_.pop_front();
  }
}

}  // namespace relevo::groups
