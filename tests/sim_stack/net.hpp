// The simulated network between hosts: what each one-way path of each link does to packets. It moves no time and knows
// no host; the world asks it what becomes of a packet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

#include "common/base/rng.hpp"
#include "common/base/time.hpp"

namespace relevo::sim {

/// What befalls every packet, whichever path it takes.
struct Network {
  Duration delay_min = 100us, delay_max = 300us;
  std::uint64_t loss_permille = 0, duplicate_permille = 0, corrupt_permille = 0;
  std::uint64_t straggle_permille = 0;  ///< comes up to 60 ms later than what was sent after it
};

/// One direction of one link between two hosts, numbered from 1 (hosts) and 0 (links).
struct Path {
  std::uint32_t from = 0, to = 0;
  std::uint8_t link = 0;
};

/// What is wrong with one path.
struct Condition {
  bool cut = false;
  bool deaf = false;  ///< ring traffic is lost, what the links say to each other passes: they cannot see it
  std::uint64_t loss_permille = 0;
  Duration extra_delay{};
  std::size_t mtu = 65535;  ///< largest IP packet that passes; larger ones vanish without a word
};

class Net {
 public:
  Net(std::uint32_t nodes, std::uint8_t links, Network weather, std::uint64_t seed);

  [[nodiscard]] Condition& at(const Path& path);
  [[nodiscard]] const Condition& at(const Path& path) const;
  /// All links from one host to another.
  void cut(std::uint32_t from, std::uint32_t to);
  /// Nodes of different groups do not hear each other; who is not named is alone.
  void partition(const std::vector<std::set<std::uint32_t>>& groups);
  /// Every path is as new.
  void heal();
  /// Packets pass both ways over one link at least.
  [[nodiscard]] bool are_connected(std::uint32_t a, std::uint32_t b) const;

  /// When each copy arrives, counted from now; empty = lost. `size` is that of the IP packet;
  /// `ring` when it carries ring traffic.
  [[nodiscard]] std::vector<Duration> carry(const Path& path, std::size_t size, bool ring);
  [[nodiscard]] bool is_corrupting() { return rng_.chance(weather.corrupt_permille, 1000); }
  [[nodiscard]] Rng& rng() { return rng_; }

  Network weather;
  /// What the network did, for the coverage table.
  struct Deeds {
    std::uint64_t lost = 0, copied = 0, corrupted = 0, straggled = 0, cut = 0, too_large = 0;
  };
  Deeds deeds;

 private:
  [[nodiscard]] std::size_t index(const Path& path) const;
  std::uint32_t nodes_;
  std::uint8_t links_;
  std::vector<Condition> conditions_;
  Rng rng_;
};

}  // namespace relevo::sim
