// Random clusters; see random_cluster.hpp.
#include "tests/policy/property/random_cluster.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "common/xml/tree.hpp"

namespace relevo::policy::test {
namespace {

pugi::xml_node element(pugi::xml_node parent, const char* name, std::initializer_list<std::pair<const char*, std::string>> attributes) {
  auto made = parent.append_child(name);
  for (const auto& [key, value] : attributes) made.append_attribute(key) = value.c_str();
  return made;
}

}  // namespace

std::string RandomCluster::id(const char* what) { return fmt::format("{}-{}", what, ++ids_); }

std::string RandomCluster::score() {
  if (shape_.strange_scores) return random.one_of({"99999999999", "-99999999999", "1000001", "-1000001", "999999", "-999999", "+INFINITY", "12abc", ""});
  return random.one_of({"INFINITY", "-INFINITY", "100", "50", "10", "-10", "-50", "1000"});
}

void RandomCluster::pair(pugi::xml_node block, const char* name, const std::string& value) {
  element(block, "nvpair", {{"id", id("nv")}, {"name", name}, {"value", value}});
}

void RandomCluster::metas(pugi::xml_node rsc, bool is_part) {
  auto block = element(rsc, "meta_attributes", {{"id", id("meta")}});
  if (random.chance(30)) pair(block, "resource-stickiness", shape_.strange_scores ? score() : random.one_of({"0", "1", "50", "100", "INFINITY"}));
  if (random.chance(20)) pair(block, "migration-threshold", random.one_of({"1", "2", "3"}));
  if (!is_part && random.chance(15)) pair(block, "priority", random.one_of({"1", "5", "10"}));
  if (!is_part && random.chance(5)) pair(block, "target-role", "Stopped");
}

void RandomCluster::make_primitive(pugi::xml_node parent, const std::string& name, bool promotable) {
  auto rsc = element(parent, "primitive", {{"id", name}, {"class", "ocf"}, {"provider", "pacemaker"}, {"type", promotable ? "Stateful" : "Dummy"}});
  metas(rsc, parent.name() != std::string_view("resources"));
  const auto operations = rsc.append_child("operations");
  element(operations, "op", {{"id", id("op")}, {"name", "monitor"}, {"interval", "10s"}});
  if (promotable) element(operations, "op", {{"id", id("op")}, {"name", "monitor"}, {"interval", "11s"}, {"role", "Promoted"}});
  if (random.chance(30)) element(operations, "op", {{"id", id("op")}, {"name", "start"}, {"interval", "0"}, {"timeout", "30s"}});
  primitives_.push_back(name);
}

void RandomCluster::make_group(pugi::xml_node parent, const std::string& name) {
  const auto group = element(parent, "group", {{"id", name}});
  metas(group, parent.name() != std::string_view("resources"));
  for (std::size_t i = 0, count = 1 + random.below(3); i < count; ++i) make_primitive(group, fmt::format("{}-m{}", name, i), false);
}

void RandomCluster::make_clone(pugi::xml_node parent, const std::string& name) {
  const auto clone = element(parent, "clone", {{"id", name}});
  metas(clone, false);
  const bool promotable = random.chance(40);
  const auto block = clone.child("meta_attributes");
  if (promotable) pair(block, "promotable", "true");
  if (random.chance(40)) pair(block, "interleave", "true");
  if (random.chance(20)) pair(block, "notify", "true");
  if (random.chance(20)) pair(block, "ordered", "true");
  if (random.chance(30)) pair(block, "clone-max", random.one_of({"1", "2", "3"}));
  if (!promotable && random.chance(30)) return make_group(clone, name + "-g");
  make_primitive(clone, name + "-p", promotable);
  if (!promotable) return;
  const auto constraints = cib.child("cib").child("configuration").child("constraints");
  const auto rule = element(element(constraints, "rsc_location", {{"id", id("loc")}, {"rsc", name}}), "rule", {{"id", id("rule")}, {"role", "Promoted"}, {"score", "20"}});
  element(rule, "expression", {{"id", id("expr")}, {"attribute", "#uname"}, {"operation", "eq"}, {"value", random.one_of(nodes)}});
}

void RandomCluster::make_resources(pugi::xml_node resources) {
  if (shape_.fencing) element(resources, "primitive", {{"id", "fence"}, {"class", "stonith"}, {"type", "fence_xvm"}});
  for (std::size_t i = 0, count = 1 + random.below(6); i < count; ++i) {
    const auto kind = shape_.only_primitives ? 0 : random.below(shape_.clones ? 10 : 7);
    const auto name = fmt::format("r{}", i);
    if (kind < 5) make_primitive(resources, name, false);
    else if (kind < 7) make_group(resources, name);
    else make_clone(resources, name);
    top_.push_back(name);
  }
}

void RandomCluster::make_location(pugi::xml_node constraints) {
  element(constraints, "rsc_location", {{"id", id("loc")}, {"rsc", random.one_of(top_)}, {"node", random.one_of(nodes)}, {"score", score()}});
}

/// Later resources go with earlier ones, so that nothing goes round in a circle.
void RandomCluster::make_colocation(pugi::xml_node constraints) {
  if (top_.size() < 2) return;
  const auto dependent = 1 + random.below(top_.size() - 1), primary = random.below(dependent);
  if (!together_.insert(top_[dependent] + top_[primary]).second) return;
  element(constraints, "rsc_colocation", {{"id", id("col")}, {"rsc", top_[dependent]}, {"with-rsc", top_[primary]}, {"score", score()}});
}

void RandomCluster::make_order(pugi::xml_node constraints) {
  if (top_.size() < 2) return;
  const auto then = 1 + random.below(top_.size() - 1), first = random.below(then);
  if (!ordered_.insert(top_[first] + top_[then]).second) return;
  auto order = element(constraints, "rsc_order", {{"id", id("ord")}, {"first", top_[first]}, {"then", top_[then]}});
  if (random.chance(50)) order.append_attribute("kind") = random.one_of({"Mandatory", "Optional"}).c_str();
}

void RandomCluster::make_options(pugi::xml_node configuration) {
  const auto block = element(configuration.append_child("crm_config"), "cluster_property_set", {{"id", "cib-bootstrap-options"}});
  pair(block, "stonith-enabled", shape_.fencing ? "true" : "false");
  if (random.chance(20)) pair(block, "start-failure-is-fatal", "false");
  if (random.chance(30)) pair(block, "concurrent-fencing", "true");
  if (!shape_.symmetric && random.chance(10)) pair(block, "symmetric-cluster", "false");
}

void RandomCluster::make_nodes(pugi::xml_node configuration, pugi::xml_node status) {
  const auto section = configuration.append_child("nodes");
  for (std::size_t i = 1, count = 2 + random.below(3); i <= count; ++i) {
    const auto name = fmt::format("n{}", i), number = std::to_string(i);
    nodes.push_back(name);
    element(section, "node", {{"id", number}, {"uname", name}});
    const auto state = element(status, "node_state", {{"id", number}, {"uname", name}, {"in_ccm", "true"}, {"crmd", "online"}, {"join", "member"}, {"expected", "member"}});
    element(state, "lrm", {{"id", number}}).append_child("lrm_resources");
  }
}

RandomCluster::RandomCluster(std::uint64_t seed, Shape shape) : random(seed), shape_(shape) {
  auto root = element(cib, "cib", {{"crm_feature_set", "3.16.1"}, {"validate-with", "pacemaker-3.9"}, {"epoch", "1"}, {"num_updates", "0"},
                                   {"admin_epoch", "0"}, {"have-quorum", "1"}, {"dc-uuid", "1"}});
  auto configuration = root.append_child("configuration");
  make_options(configuration);
  make_nodes(configuration, root.append_child("status"));
  const auto resources = configuration.append_child("resources");
  const auto constraints = configuration.append_child("constraints");
  make_resources(resources);
  for (std::size_t left = random.below(2 + top_.size()); left > 0; --left) make_location(constraints);
  for (std::size_t left = shape_.colocations ? random.below(1 + top_.size()) : 0; left > 0; --left) make_colocation(constraints);
  for (std::size_t left = shape_.orders ? random.below(1 + top_.size()) : 0; left > 0; --left) make_order(constraints);
}

void RandomCluster::disturb() {
  Injections events;
  const auto node = random.one_of(nodes);
  switch (random.below(5)) {
    case 0: events.node_fail = {node}; break;
    case 1: events.node_down = {node}; break;
    case 2: events.node_up = {node}; break;
    case 3: events.op_inject = {fmt::format("{}_monitor_10000@{}=7", random.one_of(primitives_), node)}; break;
    default: {
      auto entry = cib.child("cib").child("configuration").child("nodes").find_child_by_attribute("uname", node.c_str());
      auto block = entry.child("instance_attributes") ? entry.child("instance_attributes") : element(entry, "instance_attributes", {{"id", id("attr")}});
      auto standby = block.find_child_by_attribute("name", "standby");
      if (!standby) pair(block, "standby", "on");
      else xml::set_attribute(standby, "value", standby.attribute("value").value() == std::string_view("on") ? "off" : "on");
    }
  }
  happen(cib, events);
}

void RandomCluster::grow(int times) {
  for (int i = 0; i < times; ++i) {
    auto planned = plan(cib);
    Injections failures;
    if (random.chance(20)) failures.op_fail = {fmt::format("{}_start_0@{}=1", random.one_of(primitives_), random.one_of(nodes))};
    carry_out(cib, planned, failures);
    disturb();
  }
}

}  // namespace relevo::policy::test
