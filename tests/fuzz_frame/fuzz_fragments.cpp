// Fuzz target: streams of sealed parts of bodies from several proven nodes: any numbers, orders, overlaps, sizes, peers
// that restart or fall silent. What comes out is what a slow twin puts together, and what is unfinished stays below the
// bounds of reassembly.hpp, counted by the twin and, where the sanitizer tells, by the memory that is taken.
// Input: records of {operation and peer, body number, index, count, u16 total, extra}.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "membership/links/links.hpp"
#include "tests/fuzz_frame/insider.hpp"

// Of the address sanitizer; null without it.
extern "C" std::size_t __sanitizer_get_current_allocated_bytes() __attribute__((weak));

namespace {

using namespace relevo;

constexpr NodeId self{1};
constexpr std::uint32_t last_peer = 6;  // more than the bound of all divided by the bound of one

std::size_t allocated() { return __sanitizer_get_current_allocated_bytes == nullptr ? 0 : __sanitizer_get_current_allocated_bytes(); }

void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

/// The slow twin: unfinished bodies in the order of their first parts, each as the parts that came.
class Twin {
 public:
  std::optional<Bytes> take(NodeId from, const links::Part& part) {
    auto* body = find(from, part.body);
    if (body == nullptr) {
      make_room(from);
      bodies_.push_back({from, part.body, part.count, part.total, {}});
      body = &bodies_.back();
    }
    if (body->count != part.count || body->total != part.total) return std::nullopt;
    body->parts.try_emplace(part.index, part.data.begin(), part.data.end());
    if (body->parts.size() < body->count) return std::nullopt;
    Bytes whole;
    for (const auto& [index, data] : body->parts) whole.insert(whole.end(), data.begin(), data.end());
    std::erase_if(bodies_, [&](const Body& b) { return b.from == from && b.number == part.body; });
    return whole;
  }
  void forget(NodeId peer) {
    std::erase_if(bodies_, [&](const Body& b) { return b.from == peer; });
  }
  std::uint64_t dropped = 0;
  [[nodiscard]] std::size_t unfinished(NodeId from) const {
    return static_cast<std::size_t>(std::count_if(bodies_.begin(), bodies_.end(), [&](const Body& b) { return b.from == from; }));
  }
  [[nodiscard]] std::size_t unfinished() const { return bodies_.size(); }

 private:
  struct Body {
    NodeId from;
    std::uint64_t number = 0;
    std::size_t count = 0, total = 0;
    std::map<std::uint8_t, Bytes> parts;
  };
  Body* find(NodeId from, std::uint64_t number) {
    for (auto& b : bodies_)
      if (b.from == from && b.number == number) return &b;
    return nullptr;
  }
  void make_room(NodeId from) {
    const bool of_peer = unfinished(from) >= links::Reassembly::max_of_peer;
    if (!of_peer && bodies_.size() < links::Reassembly::max_in_all) return;
    const auto oldest = std::find_if(bodies_.begin(), bodies_.end(), [&](const Body& b) { return !of_peer || b.from == from; });
    bodies_.erase(oldest);
    ++dropped;
  }
  std::vector<Body> bodies_;
};

/// The links of one node whose peers are insiders.
class Bench {
 public:
  Bench() : links_(options(), keys(), Incarnation{1}, random_) {
    for (std::uint32_t n = 2; n <= last_peer; ++n) peers_.emplace(n, fuzz::Insider(NodeId{n}, self, keys(), random_, false));
    take(links_.start(now_));
    run(200ms);
    memory_ = allocated();
  }

  void operate(Reader& in) {
    const auto head = in.u8();
    const std::uint32_t peer = 2 + (head >> 4) % (last_peer - 1);
    if ((head & 15U) == 15U) return restart(peer);
    if ((head & 15U) == 14U) return run(std::chrono::milliseconds(in.u8()));
    if ((head & 15U) == 13U) return silence(in.u8());
    links::Part part;
    part.body = in.u8();
    part.index = in.u8();
    part.count = in.u8();
    part.total = in.u16();
    const auto extra = in.u8();
    Bytes data(due(part) + ((head & 7U) == 7U ? extra : 0U), static_cast<std::uint8_t>(extra ^ part.index));
    part.data = data;
    auto body = encode(part);
    if ((head & 7U) == 6U) body.resize(std::min<std::size_t>(body.size(), extra));
    say(peer, (head & 8U) != 0 ? seal::Kind::fragment : seal::Kind::fragment_all, body);
  }
  void check() {
    require(twin_.unfinished() <= links::Reassembly::max_in_all, "too many unfinished bodies");
    require(links_.counters().bodies_dropped == twin_.dropped, "other bodies had to give way");
    // The twin holds as much again, at most, and maps of small parts cost more than their bytes.
    constexpr std::size_t most = 2 * links::Reassembly::max_in_all * links::max_body + (std::size_t{4} << 20);
    if (memory_ != 0) require(allocated() <= memory_ + most, "too much memory");
  }

 private:
  static seal::ClusterKeys keys() { return seal::ClusterKey(test::key_of(0), "c"); }
  static Address address(std::uint32_t node) {
    Address a;
    a.family = Address::Family::v4;
    a.bytes = {10, 0, 0, static_cast<std::uint8_t>(node)};
    a.port = 5405;
    return a;
  }
  static links::Options options() {
    links::Options o;
    o.self = self;
    for (std::uint32_t n = 1; n <= last_peer; ++n) o.addresses[NodeId{n}] = {address(n)};
    return o;
  }
  /// What a part with these numbers should carry, if they fit each other.
  static std::size_t due(const links::Part& part) {
    if (part.count == 0) return 0;
    const auto size = links::part_size(part.total, part.count);
    const auto before = size * (part.count - 1U);
    if (part.index + 1 != part.count) return size;
    return part.total > before ? part.total - before : 0;
  }

  void say(std::uint32_t peer, seal::Kind kind, const Bytes& body) {
    auto& insider = peers_.at(peer);
    insider.say(kind, LinkId{0}, body);
    if (insider.frames.empty()) return;
    const auto frame = insider.frames.back();
    insider.frames.clear();
    const auto taken = links_.counters().fragments_received;
    const auto output = links_.datagram(frame.link, address(peer), frame.bytes, now_);
    std::optional<Bytes> expected;
    const auto part = links::decode_part(body);
    if (part && links_.counters().fragments_received != taken) expected = twin_.take(NodeId{peer}, *part);
    const links::Received* received = nullptr;
    for (const auto& event : output.events)
      if (const auto* r = std::get_if<links::Received>(&event)) received = r;
    require((received != nullptr) == expected.has_value(), "a body came at another part than it should");
    if (received != nullptr) require(received->body == *expected, "a body is not what was sent");
    follow(output);
  }

  void restart(std::uint32_t peer) {
    peers_.at(peer).restart();
    // Its next sign of life is of an incarnation that is not proven; a HELLO makes the links ask.
    peers_.at(peer).say(seal::Kind::hello, LinkId{0}, Bytes(16, 1));
    pump();
    // A restarted node is proven by a new answer only: until then its parts are refused, and nothing is known of it.
    run(20ms);
  }
  /// Nobody says anything for a while.
  void silence(std::uint8_t tens) {
    for (int i = 0; i < tens % 64; ++i) {
      now_ += 10ms;
      follow(links_.tick(now_));
      for (auto& [n, insider] : peers_) insider.frames.clear();
    }
  }
  void take(const links::Output& output) {
    follow(output);
    for (const auto& send : output.sends)
      for (const auto& to : send.to)
        if (const auto it = peers_.find(to.bytes[3]); it != peers_.end()) it->second.hear(send.link, send.bytes, now_);
  }
  /// The twin forgets what the links forget.
  void follow(const links::Output& output) {
    for (const auto& event : output.events)
      if (const auto* down = std::get_if<links::PeerDown>(&event)) twin_.forget(down->node);
  }
  void pump() {
    for (int round = 0; round < 8; ++round)
      for (auto& [n, insider] : peers_)
        for (const auto& frame : std::exchange(insider.frames, {})) take(links_.datagram(frame.link, address(n), frame.bytes, now_));
  }
  void run(Duration time) {
    const auto end = now_ + time;
    while (now_ < end) {
      now_ = std::min(end, now_ + 10ms);
      take(links_.tick(now_));
      pump();
    }
  }

  Instant now_{10s};
  test::SeededRandom random_{1};
  links::Links links_;
  std::map<std::uint32_t, fuzz::Insider> peers_;
  Twin twin_;
  std::size_t memory_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr int max_operations = 400;
  Bench bench;
  Reader in({data, size});
  for (int i = 0; i < max_operations && in.left() > 0 && in.ok(); ++i) {
    bench.operate(in);
    bench.check();
  }
  return 0;
}
