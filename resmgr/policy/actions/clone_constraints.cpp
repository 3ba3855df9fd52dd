// Orderings that clones bring with them: the whole around its instances, and promotion around starts and stops.
#include <algorithm>
#include <charconv>
#include <string_view>

#include "resmgr/policy/actions/collections.hpp"

namespace relevo::policy {
namespace {

long number_of(const Resource& instance) {
  const std::string_view id = instance.id;
  auto at = id.rfind(':');
  if (at == std::string_view::npos) at = id.rfind('-');
  if (at == std::string_view::npos) return 0;
  long number = 0;
  std::from_chars(id.data() + at + 1, id.data() + id.size(), number);
  return number;
}

void order_instance(WorkingSet& set, Resource& clone, Resource& instance, Resource* previous) {
  order_resources(set, clone, "start", instance, "start", order::runnable_left | order::implies_first_printed);
  order_resources(set, instance, "start", clone, "running", order::implies_then_printed);
  if (previous != nullptr) order_resources(set, *previous, "start", instance, "start", order::optional);
  order_resources(set, clone, "stop", instance, "stop", order::implies_first_printed);
  order_resources(set, instance, "stop", clone, "stopped", order::implies_then_printed);
  if (previous != nullptr) order_resources(set, instance, "stop", *previous, "stop", order::optional);
}

}  // namespace

void sort_instances(std::vector<Resource*>& instances) {
  std::stable_sort(instances.begin(), instances.end(),
                   [](const Resource* a, const Resource* b) { return number_of(*a) < number_of(*b); });
}

void order_promotable_restart(WorkingSet& set, Resource& collection) {
  order_resources(set, collection, "stopped", collection, "start", order::optional);
  order_resources(set, collection, "stopped", collection, "promote", order::optional);
  for (const std::string_view task : {"stop", "start", "promote"}) {
    order_resources(set, collection, "demoted", collection, task, order::optional);
  }
  order_resources(set, collection, "running", collection, "promote", order::optional);
  order_resources(set, collection, "demote", collection, "demoted", order::optional);
}

void order_promotable_instances(WorkingSet& set, Resource& clone) {
  order_promotable_restart(set, clone);
  Resource* previous = nullptr;
  for (Resource* instance : clone.children) {
    order_resources(set, *instance, "demote", *instance, "promote", order::optional);
    order_resources(set, clone, "promote", *instance, "promote", order::optional);
    order_resources(set, *instance, "promote", clone, "promoted", order::optional);
    if (previous != nullptr) order_resources(set, *previous, "promote", *instance, "promote", order::optional);
    order_resources(set, clone, "demote", *instance, "demote", order::implies_first_printed);
    order_resources(set, *instance, "demote", clone, "demoted", order::implies_then_printed);
    if (previous != nullptr) order_resources(set, *instance, "demote", *previous, "demote", order::optional);
    if (clone.clone.ordered) previous = instance;
  }
}

void clone_internal_constraints(WorkingSet& set, Resource& clone) {
  order_resources(set, clone, "stopped", clone, "start", order::optional);
  order_resources(set, clone, "start", clone, "running", order::runnable_left);
  order_resources(set, clone, "stop", clone, "stopped", order::runnable_left);
  if (clone.promotable) {
    order_resources(set, clone, "demoted", clone, "stop", order::optional);
    order_resources(set, clone, "running", clone, "promote", order::runnable_left);
  }
  if (clone.clone.ordered) sort_instances(clone.children);
  Resource* previous = nullptr;
  for (Resource* instance : clone.children) {
    internal_constraints(set, *instance);
    order_instance(set, clone, *instance, previous);
    if (clone.clone.ordered) previous = instance;
  }
  if (clone.promotable) order_promotable_instances(set, clone);
}

}  // namespace relevo::policy
