// In which order resources are assigned when they compete for capacity. Otherwise they keep the order of their priorities.
#include <optional>

#include "resmgr/policy/assign/inside.hpp"
#include "resmgr/policy/assign/list_sort.hpp"
#include "resmgr/policy/unpack/unpack.hpp"

namespace relevo::policy {
namespace {

// Scores with the wishes of primaries, made once for each resource: they do not change while sorting.
class Wishes {
 public:
  explicit Wishes(WorkingSet& set) : set_(set), tables_(set.all_resources.size()) {}
  const NodeTable& of(Resource& rsc) {
    auto& table = tables_[rsc.index];
    if (!table) table = scores_with_primaries(set_, rsc);
    return *table;
  }
  int at(Resource& rsc, const Node* node) {
    const auto* entry = node == nullptr ? nullptr : of(rsc).find(*node);
    return entry == nullptr ? -Score::infinity : entry->score.value;
  }

 private:
  WorkingSet& set_;
  std::vector<std::optional<NodeTable>> tables_;
};

int compare(Wishes& wishes, const std::vector<Node*>& nodes, Resource& a, Resource& b) {
  const auto more_first = [](int x, int y) { return x > y ? -1 : x < y ? 1 : 0; };
  if (const int order = more_first(a.priority, b.priority); order != 0) return order;
  if (const int order = more_first(wishes.at(a, active_node(a)), wishes.at(b, active_node(b))); order != 0) return order;
  for (const Node* node : nodes) {
    if (const int order = more_first(wishes.at(a, node), wishes.at(b, node)); order != 0) return order;
  }
  return 0;
}

}  // namespace

void sort_resources(WorkingSet& set) {
  const bool keep = set.keep_reasons;
  set.keep_reasons = false;  // scores that are only compared
  const auto nodes = sorted_nodes(set);
  Wishes wishes(set);
  list_sort(set.resources, [&](Resource* a, Resource* b) { return compare(wishes, nodes, *a, *b); });
  set.keep_reasons = keep;
}

}  // namespace relevo::policy
