// Plans come to an end: carried out again and again, one after the other, nothing is left to do.
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "common/base/text.hpp"
#include "tests/policy/property/random_cluster.hpp"

using namespace relevo::policy;
using namespace relevo::policy::test;

namespace {

/// What is left to do for somebody. Points of passage remain where what would come behind them is blocked, and on paper no fail
/// count is cleared.
std::vector<std::string> real_actions(const Planned& planned) {
  std::vector<std::string> keys;
  for (const auto& [id, action] : planned.actions)
    if (action.kind != "pseudo_event" && action.operation != "clear_failcount") keys.push_back(action.key + " on " + action.node);
  return keys;
}

void check_end(const RandomCluster& cluster, const std::string& what) {
  constexpr int most = 8;
  pugi::xml_document cib;
  cib.reset(cluster.cib);
  auto planned = plan(cib);
  for (int i = 0; i < most && !real_actions(planned).empty(); ++i) {
    carry_out(cib, planned);
    planned = plan(cib);
  }
  INFO(what << "\n" << text_of(cluster.cib) << "\nstill planned:\n" << relevo::join(planned.summary, "\n"));
  CHECK(relevo::join(real_actions(planned), ", ") == "");
}

}  // namespace

// Between clones and others there are no constraints here: with colocations, or orders behind a clone that is not whole, the
// instances of some clusters change places or are restarted for ever. The peer does the same with the same clusters.
TEST_CASE("policy: carried out often enough, a plan leaves nothing to do", "[policy][property]") {
  for (std::uint64_t seed = 1; seed <= rounds(300); ++seed) {
    RandomCluster cluster(seed, {.colocations = false, .orders = false});
    cluster.grow(static_cast<int>(seed % 4));
    check_end(cluster, fmt::format("seed {}", seed));
  }
}

TEST_CASE("policy: carried out often enough, a plan of primitives and groups with constraints leaves nothing to do", "[policy][property]") {
  for (std::uint64_t seed = 1; seed <= rounds(300); ++seed) {
    RandomCluster cluster(seed, {.clones = false});
    cluster.grow(static_cast<int>(seed % 4));
    check_end(cluster, fmt::format("seed {}", seed));
  }
}
