// A naive twin of placement: primitives with locations and stickiness, nothing between them. Written from the rules as people
// read them: the best score; then the node with the fewest resources; then where it is; then the name.
#include <algorithm>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "tests/policy/property/random_cluster.hpp"

using namespace relevo::policy;
using namespace relevo::policy::test;

namespace {

constexpr int infinity = 1'000'000;

/// -INFINITY wins over everything, then INFINITY; else the sum, inside the range.
int add(int a, int b) {
  if (a <= -infinity || b <= -infinity) return -infinity;
  if (a >= infinity || b >= infinity) return infinity;
  return std::clamp(a + b, -infinity, infinity);
}

int number(const std::string& text) {
  if (text == "INFINITY") return infinity;
  if (text == "-INFINITY") return -infinity;
  return std::stoi(text);
}

class Twin {
 public:
  Twin(const RandomCluster& cluster, const WorkingSet& set) : cluster_(cluster), set_(set), configuration_(cluster.cib.child("cib").child("configuration")) {}

  std::map<std::string, std::string> places() {
    std::vector<pugi::xml_node> resources(configuration_.child("resources").begin(), configuration_.child("resources").end());
    std::stable_sort(resources.begin(), resources.end(), [&](auto a, auto b) { return number(meta(a, "priority", "0")) > number(meta(b, "priority", "0")); });
    for (const auto& rsc : resources) place(rsc);
    return places_;
  }

 private:
  struct Candidate {
    std::string node;
    int score = 0;
    bool is_here = false;
  };

  static std::string meta(pugi::xml_node rsc, const char* name, const char* otherwise) {
    const auto pair = rsc.child("meta_attributes").find_child_by_attribute("name", name);
    return pair ? pair.attribute("value").value() : otherwise;
  }
  bool symmetric() const {
    const auto pair = configuration_.child("crm_config").child("cluster_property_set").find_child_by_attribute("name", "symmetric-cluster");
    return !pair || pair.attribute("value").value() == std::string_view("true");
  }

  std::vector<Candidate> candidates(pugi::xml_node rsc) const {
    const std::string id = rsc.attribute("id").value();
    const auto& active = set_.find_resource(id)->running_on;
    std::vector<Candidate> found;
    for (const auto& node : cluster_.nodes) {
      Candidate candidate{node, 0, active.size() == 1 && active[0]->name == node};
      bool allowed = symmetric();
      for (const auto location : configuration_.child("constraints").children("rsc_location")) {
        if (location.attribute("rsc").value() != id || location.attribute("node").value() != node) continue;
        candidate.score = add(candidate.score, number(location.attribute("score").value()));
        allowed = true;
      }
      if (candidate.is_here && allowed) candidate.score = add(candidate.score, number(meta(rsc, "resource-stickiness", "0")));
      const auto* state = set_.find_node(node);
      if (allowed && state->online && !state->standby && candidate.score >= 0) found.push_back(candidate);
    }
    return found;
  }

  void place(pugi::xml_node rsc) {
    auto found = candidates(rsc);
    const auto worse = [&](const Candidate& a, const Candidate& b) {
      if (a.score != b.score) return a.score > b.score;
      if (count_[a.node] != count_[b.node]) return count_[a.node] < count_[b.node];
      if (a.is_here != b.is_here) return a.is_here;
      return a.node < b.node;
    };
    std::sort(found.begin(), found.end(), worse);
    auto& place = places_[rsc.attribute("id").value()];
    if (found.empty() || meta(rsc, "target-role", "Started") == "Stopped") return;
    place = found[0].node;
    // Where there is something to prefer, what is equally good is no reason to move.
    for (const auto& candidate : found)
      if (candidate.is_here && candidate.score == found[0].score && candidate.score > 0) place = candidate.node;
    ++count_[place];
  }

  const RandomCluster& cluster_;
  const WorkingSet& set_;
  pugi::xml_node configuration_;
  std::map<std::string, std::string> places_;
  std::map<std::string, int> count_;
};

}  // namespace

TEST_CASE("policy: primitives without constraints between them go where a naive twin puts them", "[policy][property]") {
  std::size_t placed = 0;
  for (std::uint64_t seed = 1; seed <= rounds(300); ++seed) {
    RandomCluster cluster(seed, {.fencing = false, .colocations = false, .orders = false, .only_primitives = true});
    for (std::uint64_t i = 0; i < seed % 4; ++i) {
      auto planned = plan(cluster.cib);
      carry_out(cluster.cib, planned);
      Injections events;
      (i % 2 == 0 ? events.node_down : events.node_up) = {cluster.random.one_of(cluster.nodes)};
      happen(cluster.cib, events);
    }
    const auto planned = plan(cluster.cib);
    INFO("seed " << seed << "\n" << text_of(cluster.cib));
    for (const auto& [id, node] : Twin(cluster, *planned.set).places()) {
      const auto* rsc = planned.set->find_resource(id);
      INFO(id);
      CHECK((rsc->assigned_to == nullptr ? "" : rsc->assigned_to->name) == node);
      if (!node.empty()) ++placed;
    }
  }
  CHECK(placed > 300);
}
