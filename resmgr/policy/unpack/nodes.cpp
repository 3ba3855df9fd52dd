// Nodes as the configuration names them: kind, score, permanent attributes, capacity. Not their state.
#include <algorithm>

#include "common/base/text.hpp"
#include "resmgr/policy/set/values.hpp"
#include "resmgr/policy/unpack/build.hpp"
#include "resmgr/policy/unpack/unpack.hpp"

namespace relevo::policy {

void expect_state(WorkingSet& set, Node& node) {
  // A remote node whose connection was removed from the configuration is nobody's business any more.
  if (node.is_remote() && node.connection == nullptr) return;
  node.unclean = set.options.startup_fencing;
}

void read_node_attributes(WorkingSet& set, pugi::xml_node from, Node& node, bool overwrite) {
  auto& attributes = node.attributes;
  attributes.insert_or_assign("#uname", node.name);
  attributes.insert_or_assign("#id", node.id);
  const bool is_dc = !set.options.dc_uuid.empty() && equals_ignoring_case(node.id, set.options.dc_uuid);
  if (is_dc) set.dc = &node;
  node.is_dc = node.is_dc || is_dc;
  attributes.insert_or_assign("#is_dc", is_dc ? "true" : "false");
  const auto& cluster_name = set.options.cluster_name;
  if (!cluster_name.empty()) attributes.insert_or_assign("#cluster-name", cluster_name);
  Asking asking;
  asking.node = &node;
  read_blocks(set, from, "instance_attributes", asking, attributes, {}, overwrite);
  if (find(attributes, "#site-name") != nullptr) return;
  if (const auto* site = find(attributes, "site-name")) {
    attributes.emplace("#site-name", *site);
  } else if (!cluster_name.empty()) {
    attributes.emplace("#site-name", cluster_name);
  }
}

void read_utilization(WorkingSet& set, pugi::xml_node from, const Asking& asking, std::map<std::string, int, std::less<>>& out) {
  Attributes texts;
  read_blocks(set, from, "utilization", asking, texts);
  for (const auto& [name, text] : texts) {
    const auto number = parse_int(trim(text));
    if (!number) set.say(Notice::Level::warning, fmt::format("Using 0 for utilization '{}' instead of '{}'", name, text));
    constexpr std::int64_t most = 2'000'000'000;
    out[name] = static_cast<int>(std::clamp(number.value_or(0), -most, most));
  }
}

namespace {

void unpack_node(WorkingSet& set, pugi::xml_node xml) {
  const std::string id = xml.attribute("id").value();
  if (id.empty()) return set.say(Notice::Level::error, "Ignoring <node> without id");
  const auto uname = xml.attribute("uname");
  const std::string name = uname ? uname.value() : id;
  if (set.find_node(name) != nullptr) set.say(Notice::Level::warning, fmt::format("More than one node has the name '{}'", name));
  const std::string_view type = xml.attribute("type").value();
  auto& node = set.new_node(id, name, equals_ignoring_case(type, "remote") ? NodeKind::remote : NodeKind::cluster);
  node.score = Score(score_of(set, xml.attribute("score").value()));
  expect_state(set, node);
  read_node_attributes(set, xml, node, false);
  Asking asking;
  asking.node = &node;
  read_utilization(set, xml, asking, node.capacity);
}

}  // namespace

void unpack_nodes(WorkingSet& set) {
  const auto section = set.cib.child("configuration").child("nodes");
  for (auto xml = section.child("node"); xml; xml = xml.next_sibling("node")) unpack_node(set, xml);
}

}  // namespace relevo::policy
