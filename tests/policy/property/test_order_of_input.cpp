// What has no order in the CIB has none in the plan: nodes, constraints, name-value pairs, operations, histories.
#include <functional>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "tests/policy/property/random_cluster.hpp"

using namespace relevo::policy;
using namespace relevo::policy::test;

namespace {

void each_element(pugi::xml_node from, const std::function<void(pugi::xml_node)>& what) {
  for (auto child : from.children()) {
    what(child);
    each_element(child, what);
  }
}

void shuffle_children(pugi::xml_node parent, Random& random) {
  std::vector<pugi::xml_node> children(parent.begin(), parent.end());
  random.shuffle(children);
  for (const auto& child : children) parent.append_move(child);
}

void shuffle_attributes(pugi::xml_node node, Random& random) {
  std::vector<std::pair<std::string, std::string>> attributes;
  for (auto attribute : node.attributes()) attributes.emplace_back(attribute.name(), attribute.value());
  random.shuffle(attributes);
  node.remove_attributes();
  for (const auto& [name, value] : attributes) node.append_attribute(name.c_str()) = value.c_str();
}

/// Plans the cluster as it is and changed, and compares what comes of it.
void compare(const char* what, const std::function<void(pugi::xml_document&, Random&)>& change) {
  for (std::uint64_t seed = 1; seed <= rounds(40); ++seed) {
    RandomCluster cluster(seed, {});
    cluster.grow(static_cast<int>(seed % 4));
    const auto right = outcome(plan(cluster.cib));
    const auto before = text_of(cluster.cib);
    change(cluster.cib, cluster.random);
    const auto found = outcome(plan(cluster.cib));
    std::string differences;
    for (const auto& line : right)
      if (found.count(line) == 0) differences += "- " + line + "\n";
    for (const auto& line : found)
      if (right.count(line) == 0) differences += "+ " + line + "\n";
    INFO(what << ", seed " << seed << "\n" << before << "\nchanged:\n" << text_of(cluster.cib));
    CHECK(differences == "");
  }
}

void shuffle_children_of(pugi::xml_document& cib, Random& random, std::initializer_list<std::string_view> parents) {
  each_element(cib.child("cib"), [&](pugi::xml_node node) {
    for (const auto name : parents)
      if (name == node.name()) shuffle_children(node, random);
  });
}

}  // namespace

TEST_CASE("policy: the order of attributes of an element does not matter", "[policy][property]") {
  compare("attributes", [](auto& cib, auto& random) { each_element(cib.child("cib"), [&](pugi::xml_node node) { shuffle_attributes(node, random); }); });
}

TEST_CASE("policy: the order of nodes does not matter", "[policy][property]") {
  compare("nodes", [](auto& cib, auto& random) { shuffle_children_of(cib, random, {"nodes"}); });
}

TEST_CASE("policy: the order of name-value pairs does not matter", "[policy][property]") {
  compare("pairs", [](auto& cib, auto& random) { shuffle_children_of(cib, random, {"meta_attributes", "instance_attributes", "cluster_property_set"}); });
}

TEST_CASE("policy: the order of constraints does not matter", "[policy][property]") {
  compare("constraints", [](auto& cib, auto& random) { shuffle_children_of(cib, random, {"constraints"}); });
}

TEST_CASE("policy: the order of operations does not matter", "[policy][property]") {
  compare("operations", [](auto& cib, auto& random) { shuffle_children_of(cib, random, {"operations"}); });
}

TEST_CASE("policy: the order in which a history is written does not matter", "[policy][property]") {
  compare("results", [](auto& cib, auto& random) { shuffle_children_of(cib, random, {"lrm_resource"}); });
}

TEST_CASE("policy: the order of the resources in a node's history does not matter", "[policy][property]") {
  compare("histories", [](auto& cib, auto& random) { shuffle_children_of(cib, random, {"lrm_resources"}); });
}
