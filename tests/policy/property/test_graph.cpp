// What every plan is: no circle of waiting, scores inside their range, the same bytes for the same document.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "resmgr/policy/graph/graph.hpp"
#include "resmgr/policy/graph/plan_json.hpp"
#include "tests/policy/property/random_cluster.hpp"

using namespace relevo::policy;
using namespace relevo::policy::test;

namespace {

/// An action of a circle, or empty: takes away what waits for nothing that is left, again and again. What waits for an action
/// that is not in the graph at all is in no circle.
std::string in_a_circle(const Planned& planned) {
  std::map<std::string, std::size_t> left;
  std::map<std::string, std::vector<std::string>> behind;
  std::vector<std::string> free;
  for (const auto& [id, action] : planned.actions) {
    left[id] = 0;
    for (const auto& before : action.after) {
      if (planned.actions.count(before) == 0) continue;
      ++left[id];
      behind[before].push_back(id);
    }
    if (left[id] == 0) free.push_back(id);
  }
  while (!free.empty()) {
    const auto id = free.back();
    free.pop_back();
    left.erase(id);
    for (const auto& later : behind[id])
      if (--left[later] == 0) free.push_back(later);
  }
  return left.empty() ? std::string() : planned.actions.at(left.begin()->first).key;
}

}  // namespace

TEST_CASE("policy: orders that form no circle give a graph without a circle", "[policy][property]") {
  for (std::uint64_t seed = 1; seed <= rounds(150); ++seed) {
    RandomCluster cluster(seed, {});
    cluster.grow(static_cast<int>(seed % 4));
    const auto planned = plan(cluster.cib);
    INFO("seed " << seed << "\n" << text_of(cluster.cib));
    CHECK(in_a_circle(planned) == "");
  }
}

TEST_CASE("policy: orders that form a circle leave a graph that cannot be finished, and that is told", "[policy][property]") {
  RandomCluster cluster(7, {.fencing = false, .colocations = false, .orders = false, .only_primitives = true});
  auto constraints = cluster.cib.child("cib").child("configuration").child("constraints");
  constraints.append_buffer("<rsc_order id='a' first='r0' then='r1'/><rsc_order id='b' first='r1' then='r0'/>", 79);
  auto planned = plan(cluster.cib);
  REQUIRE(in_a_circle(planned) != "");
  CHECK(carry_out(cluster.cib, planned).is_stuck);
}

TEST_CASE("policy: scores never leave their range, whatever is written", "[policy][property]") {
  for (std::uint64_t seed = 1; seed <= rounds(80); ++seed) {
    RandomCluster cluster(seed, {.strange_scores = true});
    cluster.grow(static_cast<int>(seed % 3));
    const auto planned = plan(cluster.cib);
    INFO("seed " << seed);
    for (const auto& rsc : planned.set->all_resources)
      for (const auto* node : planned.set->nodes)
        if (const auto* entry = rsc.allowed.find(*node); entry != nullptr) CHECK(std::abs(entry->score.value) <= Score::infinity);
    for (const auto& line : planned.log.scores) CHECK(std::abs(line.score.value) <= Score::infinity);
  }
}

TEST_CASE("policy: the same document gives the same bytes", "[policy][property]") {
  for (std::uint64_t seed = 1; seed <= rounds(60); ++seed) {
    RandomCluster cluster(seed, {});
    cluster.grow(2);
    pugi::xml_document copy;
    copy.reset(cluster.cib);
    auto one = plan(cluster.cib), other = plan(copy);
    INFO("seed " << seed);
    CHECK(one.graph_text == other.graph_text);
    CHECK(make_dot(*one.set, true) == make_dot(*other.set, true));
    CHECK(plan_json(*one.set).dump() == plan_json(*other.set).dump());
    carry_out(cluster.cib, one);
    carry_out(copy, other);
    CHECK(text_of(cluster.cib) == text_of(copy));
  }
}
