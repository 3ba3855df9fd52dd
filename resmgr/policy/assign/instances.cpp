// Which instance of a collection gets its node first. Where they go is decided in distribute.cpp.
#include <charconv>
#include <string_view>

#include "resmgr/policy/assign/inside.hpp"
#include "resmgr/policy/assign/list_sort.hpp"
#include "resmgr/policy/constraints/constraints.hpp"
#include "resmgr/policy/unpack/unpack.hpp"

namespace relevo::policy {
namespace {

// Behind the colon of a clone's instance, or the dash of a bundle's part.
int number_of(std::string_view id) {
  auto at = id.rfind(':');
  if (at == std::string_view::npos) at = id.rfind('-');
  if (at == std::string_view::npos) return 0;
  int number = 0;
  std::from_chars(id.data() + at + 1, id.data() + id.size(), number);
  return number;
}

int less_first(int a, int b) { return a < b ? -1 : a > b ? 1 : 0; }
int more_first(int a, int b) { return less_first(b, a); }

// The node where it is, unless it must not be there any more.
const Node* allowed_current(const Resource& rsc, bool& fine) {
  fine = true;
  const Node* node = active_node(rsc);
  if (node == nullptr) return nullptr;
  const auto* entry = rsc.allowed.find(*node);
  fine = entry != nullptr && entry->score.value >= 0;
  return fine ? node : nullptr;
}

// What the colocations of the collection say about the node where the instance is.
Score colocated_score(WorkingSet& set, Resource& instance) {
  const Node& node = *active_node(instance);
  NodeTable table;
  entry_for(set, table, node);
  for (const Colocation* colocation : instance.parent->this_with) {
    merge_colocated(set, *colocation->primary, table, colocation->attribute, factor_of(*colocation), Merge{}, colocation->id);
  }
  for (const Colocation* colocation : instance.parent->with_this) {
    if (!has_influence(*colocation, &instance)) continue;
    merge_colocated(set, *colocation->dependent, table, colocation->attribute, factor_of(*colocation), Merge{.nonnegative = true},
                    colocation->id);
  }
  return table.find(node)->score;
}

// Both run on nodes that they may use.
int compare_active(WorkingSet& set, Resource& a, Resource& b, const Node& node_a, const Node& node_b) {
  if (const int order = more_first(is_available(node_a), is_available(node_b)); order != 0) return order;
  const auto* entry_a = parent_entry(a, node_a);
  const auto* entry_b = parent_entry(b, node_b);
  if (entry_a == nullptr && entry_b == nullptr) return 0;
  if (entry_a == nullptr) return 1;
  if (entry_b == nullptr) return -1;
  if (const int order = less_first(entry_a->count, entry_b->count); order != 0) return order;
  if (const int order = less_first(any_failed(a), any_failed(b)); order != 0) return order;
  // Without colocations it is what the nodes themselves count.
  const bool colocated = !a.parent->this_with.empty() || !a.parent->with_this.empty();
  const Score score_a = colocated ? colocated_score(set, a) : node_a.score;
  const Score score_b = colocated ? colocated_score(set, b) : node_b.score;
  if (const int order = more_first(score_a.value, score_b.value); order != 0) return order;
  return less_first(number_of(a.id), number_of(b.id));
}

}  // namespace

NodeEntry* parent_entry(Resource& instance, const Node& node) {
  return instance.parent == nullptr ? instance.allowed.find(node) : instance.parent->allowed.find(node);
}

int compare_instances(WorkingSet& set, Resource& a, Resource& b) {
  if (!a.running_on.empty() && !b.running_on.empty() && a.running_on.size() != b.running_on.size()) {
    return a.running_on.size() < b.running_on.size() ? -1 : 1;
  }
  bool fine_a = true;
  bool fine_b = true;
  const Node* node_a = allowed_current(a, fine_a);
  const Node* node_b = allowed_current(b, fine_b);
  if (fine_a != fine_b) return fine_a ? -1 : 1;
  if (const int order = more_first(a.priority, b.priority); order != 0) return order;
  if (node_a == nullptr && node_b == nullptr) return 0;
  if (node_a == nullptr) return 1;
  if (node_b == nullptr) return -1;
  return compare_active(set, a, b, *node_a, *node_b);
}

void sort_instances(WorkingSet& set, std::vector<Resource*>& instances) {
  const bool keep = set.keep_reasons;
  set.keep_reasons = false;  // scores that are only compared
  list_sort(instances, [&](Resource* a, Resource* b) { return compare_instances(set, *a, *b); });
  set.keep_reasons = keep;
}

}  // namespace relevo::policy
