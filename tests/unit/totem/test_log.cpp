// The frame log against a slow twin: a plain map.
#include <catch2/catch.hpp>
#include <map>

#include "common/base/rng.hpp"
#include "membership/totem/log.hpp"

using namespace relevo;
using namespace relevo::totem;

namespace {

wire::Mcast frame(std::uint64_t seq) { return {{NodeId(1), 4}, MessageSeq(seq), NodeId(1), false, std::nullopt, {}}; }

/// Says the same as Log, in the obvious way.
struct Twin {
  std::map<std::uint64_t, bool> held;
  std::uint64_t released = 0;
  std::uint64_t high = 0;
  std::uint64_t limit = 0;

  bool insert(std::uint64_t seq) {
    if (seq <= released || seq > released + limit || held.contains(seq)) return false;
    high = std::max(high, seq);
    return held[seq] = true;
  }
  std::uint64_t aru() const {
    auto seq = released;
    while (held.contains(seq + 1)) ++seq;
    return seq;
  }
  void release(std::uint64_t seq) {
    const auto end = std::min(seq, aru());
    for (; released < end; ++released) held.erase(released + 1);
  }
};

}  // namespace

TEST_CASE("log: holds, finds and releases as a plain map does", "[totem]") {
  Rng rng(7);
  for (int run = 0; run < 30; ++run) {
    const auto limit = 5 + rng.below(40);
    Log log(limit);
    Twin twin{{}, 0, 0, limit};
    for (int i = 0; i < 400; ++i) {
      const auto seq = 1 + twin.released + rng.below(limit + 5);
      if (rng.chance(1, 6)) {
        log.release(MessageSeq(seq));
        twin.release(seq);
      } else {
        REQUIRE(log.insert(frame(seq)) == twin.insert(seq));
      }
      REQUIRE(log.aru().value == twin.aru());
      REQUIRE(log.released().value == twin.released);
      REQUIRE(log.size() == twin.held.size());
      REQUIRE(log.high().value == std::max(twin.high, twin.released));
      REQUIRE((log.find(MessageSeq(seq)) != nullptr) == twin.held.contains(seq));
    }
  }
}

TEST_CASE("log: a frame far beyond the window takes no memory", "[totem]") {
  Log log(100);
  CHECK_FALSE(log.insert(frame(101)));
  CHECK_FALSE(log.insert(frame(~std::uint64_t{0})));
  CHECK(log.high() == MessageSeq(0));
  CHECK(log.insert(frame(100)));
}
