// The working set's own housekeeping; see working_set.hpp.
#include "resmgr/policy/set/working_set.hpp"

#include <algorithm>

namespace relevo::policy {
namespace {

template <class Map>
auto look_up(const Map& map, std::string_view key) -> typename Map::mapped_type {
  const auto found = map.find(std::string(key));
  return found == map.end() ? nullptr : found->second;
}

}  // namespace

Resource* WorkingSet::find_resource(std::string_view id) const { return look_up(by_id, id); }
Node* WorkingSet::find_node(std::string_view name) const { return look_up(node_by_name, name); }
Node* WorkingSet::find_node_id(std::string_view id) const { return look_up(node_by_id, id); }

Resource& WorkingSet::new_resource() {
  auto& rsc = all_resources.emplace_back();
  rsc.index = all_resources.size() - 1;
  return rsc;
}

Node& WorkingSet::new_node(std::string id, std::string name, NodeKind kind) {
  if (auto* known = find_node(name)) return *known;
  auto& node = all_nodes.emplace_back();
  node.index = all_nodes.size() - 1;
  node.id = std::move(id);
  node.name = std::move(name);
  node.kind = kind;
  node.attributes["#kind"] = kind == NodeKind::remote ? "remote" : "cluster";
  has_remotes = has_remotes || kind == NodeKind::remote;
  node_by_name.emplace(node.name, &node);
  node_by_id.emplace(node.id, &node);
  const auto place = std::upper_bound(nodes.begin(), nodes.end(), &node, [](const Node* a, const Node* b) { return a->name < b->name; });
  nodes.insert(place, &node);
  return node;
}

void WorkingSet::recheck_at(WallTime at) {
  if (at > now && (!recheck_by || at < *recheck_by)) recheck_by = at;
}

void WorkingSet::add_score(NodeTable& table, const Node& node, Score delta, Cause cause, std::string_view subject) {
  auto* entry = table.find(node);
  if (entry == nullptr) return;
  entry->score = entry->score + delta;
  if (keep_reasons) entry->because = ledger.add({entry->because, delta, false, cause, subject});
}

void WorkingSet::set_score(NodeTable& table, const Node& node, Score value, Cause cause, std::string_view subject) {
  auto* entry = table.find(node);
  if (entry == nullptr) return;
  entry->score = value;
  if (keep_reasons) entry->because = ledger.add({entry->because, value, true, cause, subject});
}

}  // namespace relevo::policy
