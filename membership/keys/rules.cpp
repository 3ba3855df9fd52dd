// Uniting, settling, and changing a ring.
#include "membership/keys/rules.hpp"

#include <algorithm>
#include <tuple>

namespace relevo::keys {

namespace {
bool older(const Meta& a, const Meta& b) { return std::tie(a.created, a.fingerprint) < std::tie(b.created, b.fingerprint); }
}  // namespace

const Meta* Union::find(const Fingerprint& key) const {
  const auto it = std::find_if(keys.begin(), keys.end(), [&](const auto& m) { return m.fingerprint == key; });
  return it == keys.end() ? nullptr : &*it;
}

Union unite(const std::map<NodeId, Have>& haves) {
  Union all;
  std::map<Fingerprint, Meta> by_key;
  for (const auto& [node, have] : haves) {
    for (const auto& key : have.keys) {
      auto& meta = by_key.try_emplace(key.fingerprint, key).first->second;
      meta.state = std::max(meta.state, key.state);  // accept < active < retire
      if (key.state != KeyState::retire) all.holders[key.fingerprint].insert(node);
    }
  }
  for (const auto& [fingerprint, meta] : by_key) {
    all.keys.push_back(meta);
    if (meta.state == KeyState::retire && all.holders.erase(fingerprint) != 0) all.retired.insert(fingerprint);
  }
  std::sort(all.keys.begin(), all.keys.end(), older);
  const Meta* active = nullptr;
  for (const auto& meta : all.keys)
    if (meta.state == KeyState::active) active = &meta;
  // Every ring has an active key; that all of them are retired elsewhere needs an operator's force on both sides of a
  // partition. Then the newest that is left goes on.
  for (const auto& meta : all.keys)
    if (active == nullptr && meta.state != KeyState::retire) active = &meta;
  if (active == nullptr) return all;
  all.active = active->fingerprint;
  for (const auto& meta : all.keys)
    if (meta.state != KeyState::retire && older(*active, meta)) all.pending = meta.fingerprint;
  for (auto& meta : all.keys)
    if (meta.state == KeyState::active && meta.fingerprint != all.active) meta.state = KeyState::accept;
  return all;
}

std::set<std::pair<NodeId, Fingerprint>> lacking(const Union& all, const std::map<NodeId, Have>& haves) {
  std::set<std::pair<NodeId, Fingerprint>> out;
  for (const auto& [fingerprint, holders] : all.holders)
    for (const auto& [node, have] : haves)
      if (holders.count(node) == 0) out.emplace(node, fingerprint);
  return out;
}

bool is_settled(const Union& all, const std::map<NodeId, Have>& haves) {
  if (all.pending) return false;
  for (const auto& [node, have] : haves) {
    if (!have.durable) return false;
    for (const auto& key : have.keys) {
      const auto* meta = all.find(key.fingerprint);
      if (meta == nullptr || meta->state != key.state) return false;
    }
  }
  return lacking(all, haves).empty();
}

std::vector<Meta> metas_of(const seal::Keyring& ring) {
  std::vector<Meta> out;
  for (const auto& e : ring.entries) out.push_back({e.id, e.state, e.created, e.fingerprint});
  return out;
}

std::uint8_t next_id(const Union& all, std::size_t sides, std::size_t side) {
  const auto taken = [&](std::uint8_t id) {
    return std::any_of(all.keys.begin(), all.keys.end(), [&](const auto& m) { return m.id == id; });
  };
  // Far from the ids of before: a node that comes back after years must not take a new key for an old one.
  std::uint8_t id = all.keys.empty() ? std::uint8_t{0} : all.keys.back().id;
  for (int tries = 0; tries < 255; ++tries) {
    id = id == 255 ? std::uint8_t{1} : static_cast<std::uint8_t>(id + 1);
    if (id % sides == side && !taken(id)) return id;
  }
  return 0;
}

Status add_accepted(seal::Keyring& ring, const Meta& key, seal::Secret secret) {
  if (ring.find(key.fingerprint) != nullptr) return {};
  // The name of a retired key gives way. One in use stays: made by another side of a partition, or left by a rotation
  // that failed, it may be all that its holders have in common.
  std::erase_if(ring.entries, [&](const auto& e) { return e.id == key.id && e.state == KeyState::retire; });
  if (ring.entries.size() >= seal::max_keys) {
    const auto oldest = std::find_if(ring.entries.begin(), ring.entries.end(), [](const auto& e) { return e.state == KeyState::retire; });
    if (oldest == ring.entries.end())
      return fail(ErrorKind::exists, "{} keys are in use here already, and others have one more", seal::max_keys);
    ring.entries.erase(oldest);
  }
  ring.entries.push_back({key.id, KeyState::accept, key.created, key.fingerprint, std::move(secret)});
  ring.sort();
  return {};
}

bool settle(seal::Keyring& ring, const Fingerprint& active, const std::set<Fingerprint>& retired) {
  bool changed = false;
  const auto change = [&](seal::KeyEntry& entry, KeyState state) {
    changed = changed || entry.state != state;
    entry.state = state;
    if (state == KeyState::retire) entry.secret = {};
  };
  auto* next = ring.find(active);
  const bool usable = next != nullptr && next->state != KeyState::retire;
  for (auto& entry : ring.entries) {
    if (usable && &entry == next) {
      change(entry, KeyState::active);
    } else if (usable && entry.state == KeyState::active) {
      change(entry, KeyState::accept);
    }
    if (entry.state == KeyState::accept && retired.count(entry.fingerprint) != 0) change(entry, KeyState::retire);
  }
  return changed;
}

std::set<Fingerprint> older_than_active(const seal::Keyring& ring) {
  std::set<Fingerprint> out;
  for (const auto& entry : ring.entries) {
    if (entry.state == KeyState::active) break;  // oldest first
    if (entry.state == KeyState::accept) out.insert(entry.fingerprint);
  }
  return out;
}

}  // namespace relevo::keys
