// The keys between links, groups and disk: deliveries and writes in, payloads, writes and other keys out.
#include <iterator>

#include "membership/stack/impl.hpp"

namespace relevo::stack {

void Stack::Impl::on(const RotateKey& input, Instant) {
  learn_nodes();
  take(keys.rotate(input));
}

void Stack::Impl::on(const RetireKey& input, Instant) {
  learn_nodes();
  take(keys.retire(input));
}

void Stack::Impl::on(const KeyringStored& input, Instant now) {
  take(keys.stored(input.ticket, input.failure ? ::relevo::Status(pass(*input.failure)) : ::relevo::Status{}, now));
}

/// A reload may have changed the node list.
void Stack::Impl::learn_nodes() {
  std::set<NodeId> nodes{self};
  for (const auto& peer : links.peers()) nodes.insert(peer.node);
  keys.set_configured(std::move(nodes));
}

/// A ring that is over by now compares nothing; the next one follows in this same breath.
void Stack::Impl::compare_keys(const groups::Synced& synced) {
  if (synced.breaking_up || !regular) return;
  learn_nodes();
  take(keys.synced(synced.ring, {regular->members.begin(), regular->members.end()}, quorum.view().quorate));
}

bool Stack::Impl::on_keys_control(NodeId from, BytesView payload) {
  if (payload.empty() || payload.front() != static_cast<std::uint8_t>(ControlKind::keys)) return false;
  learn_nodes();
  keys.set_quorate(quorum.view().quorate);
  take(keys.control(from, payload.subspan(1), step_time));
  return true;
}

void Stack::Impl::drive_keys(Instant now) {
  keys.set_quorate(quorum.view().quorate);
  const auto due = keys.next_deadline();
  if (!due || *due > now) return;
  learn_nodes();
  take(keys.tick(now));
}

void Stack::Impl::take(keys::Output output) {
  if (output.use) links.set_keys(seal::ClusterKeys(*output.use, cluster_name));
  std::move(output.stores.begin(), output.stores.end(), std::back_inserter(out.store_keyring));
  std::move(output.answers.begin(), output.answers.end(), std::back_inserter(out.key_answers));
  std::move(output.notes.begin(), output.notes.end(), std::back_inserter(out.notes));
  for (const auto& message : output.controls) {
    Bytes payload{static_cast<std::uint8_t>(ControlKind::keys)};
    payload.insert(payload.end(), message.begin(), message.end());
    groups.control(std::move(payload));
  }
}

}  // namespace relevo::stack
