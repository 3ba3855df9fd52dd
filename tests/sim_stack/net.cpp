// What each path does to a packet.
#include "tests/sim_stack/net.hpp"

namespace relevo::sim {

Net::Net(std::uint32_t nodes, std::uint8_t links, Network given, std::uint64_t seed)
    : weather(given), nodes_(nodes), links_(links), conditions_(std::size_t{nodes} * nodes * links), rng_(seed) {}

std::size_t Net::index(const Path& path) const {
  return ((path.from - 1) * std::size_t{nodes_} + (path.to - 1)) * links_ + path.link;
}

Condition& Net::at(const Path& path) { return conditions_.at(index(path)); }
const Condition& Net::at(const Path& path) const { return conditions_.at(index(path)); }

void Net::cut(std::uint32_t from, std::uint32_t to) {
  for (std::uint8_t link = 0; link < links_; ++link) at({from, to, link}).cut = true;
}

void Net::partition(const std::vector<std::set<std::uint32_t>>& groups) {
  const auto group_of = [&](std::uint32_t n) {
    for (std::size_t i = 0; i < groups.size(); ++i)
      if (groups[i].contains(n)) return i;
    return groups.size() + n;
  };
  for (auto& condition : conditions_) condition.cut = false;
  for (std::uint32_t a = 1; a <= nodes_; ++a)
    for (std::uint32_t b = 1; b <= nodes_; ++b)
      if (a != b && group_of(a) != group_of(b)) cut(a, b);
}

void Net::heal() {
  for (auto& condition : conditions_) condition = {};
}

bool Net::are_connected(std::uint32_t a, std::uint32_t b) const {
  for (std::uint8_t link = 0; link < links_; ++link)
    if (!at({a, b, link}).cut && !at({b, a, link}).cut) return true;
  return false;
}

std::vector<Duration> Net::carry(const Path& path, std::size_t size, bool ring) {
  const auto& condition = at(path);
  std::vector<Duration> copies;
  const bool twice = rng_.chance(weather.duplicate_permille, 1000);
  deeds.copied += twice ? 1 : 0;
  for (int i = 0; i < (twice ? 2 : 1); ++i) {
    Duration delay{rng_.between(weather.delay_min.count(), weather.delay_max.count())};
    if (condition.extra_delay != Duration{}) delay += Duration{rng_.between(0, condition.extra_delay.count())};
    const bool lost = rng_.chance(weather.loss_permille, 1000) ||
                      (condition.loss_permille != 0 && rng_.chance(condition.loss_permille, 1000));
    const bool late = rng_.chance(weather.straggle_permille, 1000);
    if (late) delay += Duration{rng_.between(1'000'000, 60'000'000)};
    deeds.cut += condition.cut ? 1 : 0;
    deeds.too_large += size > condition.mtu ? 1 : 0;
    deeds.lost += lost ? 1 : 0;
    if (condition.cut || lost || (condition.deaf && ring) || size > condition.mtu) continue;
    deeds.straggled += late ? 1 : 0;
    copies.push_back(delay);
  }
  return copies;
}

}  // namespace relevo::sim
