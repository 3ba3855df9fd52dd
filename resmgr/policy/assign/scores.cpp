// Scores on paper, as crm_simulate -s shows them: what a step of the allocator had before it chose.
#include "resmgr/policy/assign/inside.hpp"

namespace relevo::policy {

void log_scores(Assigner& to, const Resource& rsc, std::string_view function) {
  if (!to.log.wanted || rsc.removed) return;
  for (const Node* node : to.set.nodes) {
    const auto* entry = rsc.allowed.find(*node);
    if (entry == nullptr) continue;
    to.log.scores.push_back({std::string(function), &rsc, node->name, entry->score, entry->because});
  }
  for (const Resource* part : rsc.children) log_scores(to, *part, function);
}

void log_promotion_score(Assigner& to, const Resource& instance) {
  if (!to.log.wanted) return;
  const Node* node = location_of(instance, nullptr, false);
  to.log.scores.push_back({{}, &instance, node == nullptr ? "none" : node->name, Score(instance.sort_index), instance.promotion_because});
}

}  // namespace relevo::policy
