// Keeps notes that packets can cause from flooding the log: one every 10 s per key, for a bounded number of keys.
#pragma once

#include <map>
#include <string>

#include "common/base/time.hpp"

namespace relevo::links {

class NoteLimit {
 public:
  static constexpr Duration pause = 10s;
  static constexpr std::size_t max_keys = 64;

  /// Whether the note of `key` may be said now; if so, not again for 10 s. More than 64 keys at once: silent.
  bool allow(const std::string& key, Instant now) {
    std::erase_if(last_, [&](const auto& entry) { return now - entry.second >= pause; });
    if (last_.count(key) != 0 || last_.size() >= max_keys) return false;
    last_.emplace(key, now);
    return true;
  }

 private:
  std::map<std::string, Instant> last_;
};

}  // namespace relevo::links
