// The working set's own housekeeping; see working_set.hpp.
#include "resmgr/policy/set/working_set.hpp"

#include <algorithm>

namespace relevo::policy {
namespace {

template <class Map>
auto look_up(const Map& map, std::string_view key) -> typename Map::mapped_type {
  const auto found = map.find(key);
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

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// The digits at the front, cut off.
std::string_view cut_number(std::string_view& text) {
  std::size_t length = 0;
  while (length < text.size() && is_digit(text[length])) ++length;
  const auto digits = text.substr(0, length);
  text.remove_prefix(length);
  return digits;
}

std::string_view without_zeros(std::string_view digits) {
  const auto at = digits.find_first_not_of('0');
  return at == std::string_view::npos ? std::string_view() : digits.substr(at);
}

/// Negative, 0 or positive: by value, then by length (007 behind 7).
int compare_numbers(std::string_view a, std::string_view b) {
  const auto x = without_zeros(a);
  const auto y = without_zeros(b);
  if (x.size() != y.size()) return x.size() < y.size() ? -1 : 1;
  if (const int order = x.compare(y); order != 0) return order;
  return a.size() == b.size() ? 0 : (a.size() < b.size() ? -1 : 1);
}

/// As people sort nodes: numbers in names by value, capitals as small letters.
bool comes_before(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    if (is_digit(a.front()) && is_digit(b.front())) {
      const auto x = cut_number(a);
      if (const int order = compare_numbers(x, cut_number(b)); order != 0) return order < 0;
      continue;
    }
    const auto x = static_cast<unsigned char>(lower(a.front()));
    const auto y = static_cast<unsigned char>(lower(b.front()));
    if (x != y) return x < y;
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  return a.empty() && !b.empty();
}

}  // namespace

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
  const auto place = std::upper_bound(nodes.begin(), nodes.end(), &node, [](const Node* a, const Node* b) { return comes_before(a->name, b->name); });
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
  note_score(entry->because, delta, false, cause, subject);
}

void WorkingSet::set_score(NodeTable& table, const Node& node, Score value, Cause cause, std::string_view subject) {
  auto* entry = table.find(node);
  if (entry == nullptr) return;
  entry->score = value;
  note_score(entry->because, value, true, cause, subject);
}

}  // namespace relevo::policy
