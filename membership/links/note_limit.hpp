// Keeps notes that packets can cause from flooding the log: one every 10 s per key, for a bounded number of keys.
#pragma once

#include <map>
#include <utility>

#include "common/base/address.hpp"
#include "common/base/time.hpp"

namespace relevo::links {

/// What a note that packets can cause is about.
enum class Topic : std::uint8_t { key, retired_key, sender, source, stall, mtu };

/// Asked for every bad packet of a flood, so it makes no text and takes no memory once it is full.
class NoteLimit {
 public:
  static constexpr Duration pause = 10s;
  static constexpr std::size_t max_keys = 64;

  /// Whether the note on `topic` about `address` (its port does not count) may be said now; if so, not again for 10 s.
  /// More than 64 at once: silent.
  bool allow(Topic topic, Address address, Instant now) {
    address.port = 0;
    const auto [it, fresh] = find(Key{topic, address}, now);
    if (it == last_.end()) return false;
    if (!fresh && now - it->second < pause) return false;
    it->second = now;
    return true;
  }
  bool allow(Topic topic, Instant now) { return allow(topic, Address{}, now); }

 private:
  using Key = std::pair<Topic, Address>;
  std::pair<std::map<Key, Instant>::iterator, bool> find(const Key& key, Instant now) {
    if (const auto it = last_.find(key); it != last_.end()) return {it, false};
    if (last_.size() >= max_keys && now >= next_sweep_) {
      std::erase_if(last_, [&](const auto& entry) { return now - entry.second >= pause; });
      next_sweep_ = now + pause / 10;
    }
    if (last_.size() >= max_keys) return {last_.end(), false};
    return last_.emplace(key, now);
  }

  std::map<Key, Instant> last_;
  Instant next_sweep_{};
};

}  // namespace relevo::links
