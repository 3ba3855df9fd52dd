// Packets that nobody may take, thrown at one real stack that is in a ring: recordings of earlier starts and of another
// cluster, other links and key ids, cut, changed, repeated and forged ones. Prints how many were accepted (must be
// none) and what rejecting one costs. usage: hostile [COUNT]; exit 1 when one was accepted.
#include <fmt/core.h>

#include <array>
#include <ctime>

#include "common/base/text.hpp"
#include "tests/bench/hostile/cluster.hpp"

namespace relevo::hostile {
namespace {

constexpr std::size_t kinds = 10;
constexpr std::array<const char*, kinds> names = {
    "of an earlier start of the victim", "of an earlier start of a peer", "of another cluster with the same key file",
    "on another link", "with another key id", "cut short", "with a changed bit", "repeated", "forged with a random tag", "forged HELLOs of made-up starts"};
constexpr std::uint32_t victim = 1, peer = 2;

struct Shot {
  LinkId link;
  std::uint32_t as = peer;  ///< whose address it comes from
  Bytes bytes;
};

double cpu_now() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

std::vector<Taped> to_victim(const std::vector<Taped>& tape) {
  std::vector<Taped> out;
  for (const auto& p : tape)
    if (p.to == victim && p.from != victim) out.push_back(p);
  return out;
}

class Attack {
 public:
  explicit Attack(std::uint64_t seed) : rng_(seed), cluster_("alpha", 3, 2, 1), other_("beta", 3, 2, 77) {}

  bool prepare() {
    for (std::uint32_t n = 1; n <= 3; ++n) {
      cluster_.boot(n);
      other_.boot(n);
    }
    cluster_.run(3s);
    other_.run(3s);
    before_victim_ = to_victim(std::exchange(cluster_.tape, {}));
    cluster_.boot(victim);
    cluster_.run(3s);
    before_peer_ = to_victim(std::exchange(cluster_.tape, {}));
    cluster_.boot(peer);
    cluster_.boot(3);
    cluster_.run(5s);
    current_ = to_victim(std::exchange(cluster_.tape, {}));
    cluster_.taping = false;
    foreign_ = to_victim(other_.tape);
    return cluster_.is_one_ring() && !current_.empty() && !before_peer_.empty() && !foreign_.empty();
  }

  int run(std::size_t count) {
    for (std::size_t done = 0; done < count;) {
      const auto kind = (done / batch) % kinds;
      std::vector<Shot> shots;
      for (std::size_t i = 0; i < batch; ++i) shots.push_back(make(kind));
      fire(kind, shots);
      done += batch;
      cluster_.run(1ms);  // 20,000 a second
    }
    return report();
  }

 private:
  static constexpr std::size_t batch = 20;

  Shot replay(const std::vector<Taped>& from) {
    const auto& p = from[rng_.below(from.size())];
    return {p.link, p.from, p.bytes};
  }

  Shot make(std::size_t kind) {
    switch (kind) {
      case 0: return replay(before_victim_);
      case 1: return replay(before_peer_);
      case 2: return replay(foreign_);
      case 7: return replay(current_);
      default: break;
    }
    auto shot = replay(current_);
    auto& b = shot.bytes;
    if (kind == 3) shot.link = LinkId{static_cast<std::uint8_t>(1 - shot.link.value)};
    if (kind == 4) b[7] = static_cast<std::uint8_t>(b[7] + 1 + rng_.below(255));
    if (kind == 5) b.resize(cut_++ % b.size());
    if (kind == 6) b[rng_.below(b.size())] ^= static_cast<std::uint8_t>(1U << rng_.below(8));
    // A clear header of now with a sequence that has not come yet, so that every cheap check lets it pass.
    if (kind == 8) {
      for (std::size_t i = 21; i < 29; ++i) b[i] = i == 25 ? std::uint8_t{1} : std::uint8_t{0};
      b.back() = static_cast<std::uint8_t>(b.back() ^ (1 + rng_.below(255)));
    }
    // Of someone of whom nothing is proven: its key must be made before the tag can be judged.
    if (kind == 9) {
      b.resize(85);
      b[5] = 1;
      for (std::size_t i = 13; i < 21; ++i) b[i] = static_cast<std::uint8_t>(rng_.next() | 1U);
    }
    return shot;
  }

  void fire(std::size_t kind, const std::vector<Shot>& shots) {
    auto& target = cluster_.node(victim);
    const auto before = target.status();
    std::size_t told = 0;
    std::vector<stack::Output> outputs;
    outputs.reserve(shots.size());
    const auto start = cpu_now();
    for (const auto& shot : shots)
      outputs.push_back(target.step(stack::Datagram{shot.link, cluster_.address(shot.as, shot.link), shot.bytes}, cluster_.now));
    spent_[kind] += cpu_now() - start;
    fired_[kind] += shots.size();
    for (auto& out : outputs) {
      told += out.events.size();
      answered_[kind] += out.sends.size();
      notes_ += out.notes.size();
      cluster_.perform(victim, std::move(out));
    }
    const auto after = target.status();
    const auto taken = after.counters.at("links.frames_received") - before.counters.at("links.frames_received");
    const bool moved = after.ring != before.ring || after.members != before.members || after.state != before.state;
    accepted_[kind] += taken + told + (moved ? 1 : 0);
  }

  int report() {
    std::size_t accepted = 0, fired = 0;
    double spent = 0;
    fmt::print("{:<45} {:>9} {:>9} {:>9} {:>9}\n", "packets", "sent", "accepted", "answered", "us each");
    for (std::size_t k = 0; k < kinds; ++k) {
      fmt::print("{:<45} {:>9} {:>9} {:>9} {:>9.2f}\n", names[k], fired_[k], accepted_[k], answered_[k],
                 fired_[k] == 0 ? 0.0 : 1e6 * spent_[k] / static_cast<double>(fired_[k]));
      accepted += accepted_[k];
      fired += fired_[k];
      spent += spent_[k];
    }
    fmt::print("all: {} packets, {} accepted, {} notes, {:.2f} us each: 20,000 a second cost {:.1f} % of a core\n", fired, accepted, notes_,
               1e6 * spent / static_cast<double>(fired), 100.0 * 20000.0 * spent / static_cast<double>(fired));
    if (!cluster_.is_one_ring()) fmt::print("the ring did not hold\n");
    return accepted == 0 && cluster_.is_one_ring() ? 0 : 1;
  }

  Rng rng_;
  Cluster cluster_, other_;
  std::vector<Taped> before_victim_, before_peer_, current_, foreign_;
  std::size_t cut_ = 0, notes_ = 0;
  std::array<std::size_t, kinds> fired_{}, accepted_{}, answered_{};
  std::array<double, kinds> spent_{};
};

}  // namespace
}  // namespace relevo::hostile

int main(int argc, char** argv) {
  const auto count = argc > 1 ? relevo::parse_uint(argv[1]) : std::optional<std::uint64_t>(1000000);
  if (!count || argc > 2) {
    fmt::print("usage: hostile [COUNT]\n");
    return 2;
  }
  relevo::hostile::Attack attack(5);
  if (!attack.prepare()) {
    fmt::print("no ring formed\n");
    return 1;
  }
  return attack.run(*count);
}
