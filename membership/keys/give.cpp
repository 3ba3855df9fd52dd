// Keys on their way: who gives which key to whom, and what the receiver does before it confirms.
#include <algorithm>
#include <iterator>

#include "membership/keys/rotation.hpp"

namespace relevo::keys {

void Rotation::give(const Meta& key, const seal::Secret& secret, bool fresh, const std::set<NodeId>& to) {
  Give m{run_->round, key, fresh, {}};
  for (const auto node : to) {
    auto box = seal_for(run_->haves.at(node).open, secret, *random_);
    if (!box) return send(Failed{run_->round, fmt::format("node {} sent a public key that nothing can be sealed for", node)});
    m.boxes.emplace(node, std::move(*box));
  }
  send(std::move(m));
}

/// Of those who have a key, the first gives it to those who have not.
void Rotation::give_missing() {
  std::map<Fingerprint, std::set<NodeId>> missing;
  for (const auto& [node, key] : run_->awaited) missing[key].insert(node);
  for (const auto& [key, nodes] : missing) {
    const auto* entry = ring_.find(key);
    if (*run_->all.holders.at(key).begin() != options_.self || entry == nullptr || entry->secret.empty()) continue;
    const auto* meta = run_->all.find(key);
    for (const auto node : nodes) say(Level::notice, fmt::format("node {} lacks key {}: it is given to it", node, meta->id));
    give({meta->id, KeyState::accept, meta->created, key}, entry->secret, false, nodes);
  }
}

/// While nodes are away, others may make a key at the same time: each configured node then takes ids of its own. Should two
/// keys get one id all the same, every frame is tried with both.
std::uint8_t Rotation::fresh_id() const {
  const auto& nodes = options_.configured;
  const auto self = nodes.find(options_.self);
  if (is_complete() || self == nodes.end() || nodes.size() * seal::max_keys > 255) return next_id(run_->all);
  const auto own = next_id(run_->all, nodes.size(), static_cast<std::size_t>(std::distance(nodes.begin(), self)));
  return own != 0 ? own : next_id(run_->all);
}

void Rotation::give_fresh() {
  const auto id = fresh_id();
  const auto newest = run_->all.keys.empty() ? 0 : run_->all.keys.back().created;
  if (!wanted_ || id == 0 || newest >= latest_creation)
    return send(Failed{run_->round, "no new key can be made: too many are known, or the date of the newest is beyond all years"});
  seal::Secret secret(seal::ring_key_size);
  random_->fill({secret.data(), secret.size()});
  // Its date orders it behind all others, also when this node's clock runs behind, and can be written whatever the clock says.
  const auto created = std::clamp(wanted_->wall, newest + 1, latest_creation);
  const Meta meta{id, KeyState::accept, created, seal::fingerprint_of(secret)};
  wanted_->fresh = meta.fingerprint;
  give(meta, secret, true, run_->members);
}

void Rotation::on(NodeId from, const Give& m, Instant) {
  if (run_->phase != Phase::giving) return;
  if (m.fresh) {
    // Everybody waits for everybody: only a key that all have on disk is ever sealed with.
    if (run_->asked_by != from || run_->fresh) return;
    run_->fresh = m.key.fingerprint;
    run_->all.keys.push_back({m.key.id, KeyState::accept, m.key.created, m.key.fingerprint});
    for (const auto node : run_->members) run_->awaited.emplace(node, m.key.fingerprint);
  }
  const auto mine = m.boxes.find(options_.self);
  if (mine != m.boxes.end()) take(m, mine->second);
}

void Rotation::take(const Give& m, BytesView box) {
  const auto& key = m.key.fingerprint;
  if (ring_.find(key) != nullptr) return send(Held{run_->round, key});
  auto secret = open_box(box, run_->pair);
  const bool good = secret && (secret->size() == seal::ring_key_size || secret->size() == seal::condensed_key_size) &&
                    seal::fingerprint_of(*secret) == key;
  if (!good) return send(Failed{run_->round, fmt::format("key {} came damaged", m.key.id)});
  if (auto added = add_accepted(ring_, m.key, std::move(*secret)); !added) return send(Failed{run_->round, added.error().message});
  store({run_->round, key, false});
}

/// The rotation failed before anybody sealed with the new key: a settlement is sent only after all have confirmed, and
/// who failed never does. So it can be forgotten without cutting anybody off.
void Rotation::withdraw_fresh() {
  if (!run_->fresh) return;
  const auto key = *run_->fresh;
  const auto before = ring_.entries.size();
  std::erase_if(ring_.entries, [&](const auto& e) { return e.fingerprint == key && e.state == KeyState::accept; });
  if (ring_.entries.size() == before) return;
  out_.use = ring_;
  store({run_->round, std::nullopt, false});
}

}  // namespace relevo::keys
