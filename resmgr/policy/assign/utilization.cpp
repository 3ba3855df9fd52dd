// Placement by capacity: nodes that cannot hold a resource together with what must be on the same node are banned.
#include <algorithm>
#include <map>

#include "resmgr/policy/assign/inside.hpp"

namespace relevo::policy {
namespace {

using Amounts = std::map<std::string, int, std::less<>>;

bool is_clone(const Resource& rsc) { return rsc.is(Variant::clone); }

// Resources in the order in which they were found, and whether one was.
struct Chain {
  const Resource& origin;
  std::vector<Resource*> found{};
  [[nodiscard]] bool has(const Resource& rsc) const { return std::find(found.begin(), found.end(), &rsc) != found.end(); }
};

void add_chain(Chain& chain, Resource& rsc);

bool binds(const Resource& dependent, const Resource& primary, const Colocation& colocation) {
  return colocation.score >= Score::infinity && colocation_affects(dependent, primary, colocation, true) == Affects::location;
}

void add_plain(Chain& chain, Resource& rsc) {
  if (chain.has(rsc)) return;
  chain.found.push_back(&rsc);
  for (const Colocation* colocation : rsc.this_with) {
    if (colocation->primary != &chain.origin && binds(rsc, *colocation->primary, *colocation)) add_chain(chain, *colocation->primary);
  }
  for (const Colocation* colocation : rsc.with_this) {
    Resource& dependent = *colocation->dependent;
    if (&dependent == &chain.origin || (is_clone(rsc) && !is_clone(dependent))) continue;
    if (binds(dependent, rsc, *colocation)) add_chain(chain, dependent);
  }
}

bool is_together(const Resource& group) { return group.group_colocated || (group.parent != nullptr && is_clone(*group.parent)); }

// The members of a group lead to what the group is colocated with.
void add_chain(Chain& chain, Resource& rsc) {
  if (chain.has(rsc)) return;
  if (rsc.is(Variant::group) && is_together(rsc)) {
    for (Resource* member : rsc.children) add_chain(chain, *member);
  }
  add_plain(chain, rsc);
}

void add_needs(const Resource& rsc, const Chain& chain, Amounts& needs);

void add_group_needs(const Resource& group, const Chain& chain, Amounts& needs) {
  const bool together = is_together(group);
  for (const Resource* member : group.children) {
    if (member->provisional && !chain.has(*member)) add_needs(*member, chain, needs);
    if (!together) break;
  }
}

// What is in the chain by itself is not counted again; a member of a cloned group stands for its instance.
void add_clone_needs(const Resource& clone, const Chain& chain, Amounts& needs) {
  bool existing = false;
  for (const Resource* instance : clone.children) {
    if (chain.has(*instance)) {
      existing = true;
      continue;
    }
    for (const Resource* member : instance->children) {
      if (!chain.has(*member)) continue;
      add_needs(*instance, chain, needs);
      existing = true;
      break;
    }
  }
  if (!existing && !clone.children.empty()) add_needs(*clone.children.front(), chain, needs);
}

void add_needs(const Resource& rsc, const Chain& chain, Amounts& needs) {
  if (!rsc.provisional) return;
  switch (rsc.variant) {
    case Variant::primitive:
      for (const auto& [name, value] : rsc.utilization) needs[name] += value;
      break;
    case Variant::group: add_group_needs(rsc, chain, needs); break;
    case Variant::clone: add_clone_needs(rsc, chain, needs); break;
    case Variant::bundle:
      if (!rsc.bundle->replica.empty() && rsc.bundle->replica.front().container != nullptr) {
        add_needs(*rsc.bundle->replica.front().container, chain, needs);
      }
      break;
  }
}

bool holds(const Node& node, const Amounts& needs) {
  return std::all_of(needs.begin(), needs.end(), [&](const auto& need) {
    const auto at = node.capacity.find(need.first);
    return need.second <= (at == node.capacity.end() ? 0 : at->second);
  });
}

void ban_where_too_small(WorkingSet& set, Resource& rsc, const Amounts& needs) {
  for (const Node* node : set.nodes) {
    if (!is_available_with(*node, rsc.allowed.find(*node)) || holds(*node, needs)) continue;
    add_location_score(set, rsc, node, Score(-Score::infinity), Cause::capacity);
  }
}

}  // namespace

std::vector<Resource*> colocated_resources(Resource& rsc) {
  Chain chain{rsc};
  add_chain(chain, rsc);
  return chain.found;
}

Node* ban_insufficient(Assigner& to, Resource& rsc) {
  if (to.set.options.placement == Placement::standard) return nullptr;
  Chain chain{rsc};
  add_chain(chain, rsc);
  Amounts needs;
  for (const Resource* each : chain.found) add_needs(*each, chain, needs);
  Node* freest = nullptr;
  bool any = false;
  for (Node* node : table_order(to.set, rsc.allowed)) {
    if (!is_available_with(*node, rsc.allowed.find(*node))) continue;
    any = any || holds(*node, needs);
    if (freest == nullptr || compare_capacity(*node, *freest) < 0) freest = node;
  }
  ban_where_too_small(to.set, rsc, any ? needs : rsc.utilization);
  return any ? nullptr : freest;
}

}  // namespace relevo::policy
