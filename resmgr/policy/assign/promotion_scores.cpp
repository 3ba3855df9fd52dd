// Promotion scores: what the agents say, by node attribute, about which instance should be promoted, and when that counts.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "resmgr/policy/assign/inside.hpp"
#include "resmgr/policy/set/values.hpp"

namespace relevo::policy {
namespace {

std::string_view without_number(std::string_view id) {
  const auto at = id.rfind(':');
  if (at == std::string_view::npos || at + 1 == id.size()) return id;
  const bool digits = std::all_of(id.begin() + static_cast<std::ptrdiff_t>(at) + 1, id.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits ? id.substr(0, at) : id;
}

bool has(const std::vector<Node*>& nodes, const Node& node) { return std::find(nodes.begin(), nodes.end(), &node) != nodes.end(); }

// The outermost parent that is no bundle.
const Resource& clone_of(const Resource& rsc) {
  const Resource* top = &rsc;
  while (top->parent != nullptr && !top->parent->is(Variant::bundle)) top = top->parent;
  return *top;
}

// In one instance (a group, perhaps): the resource of that name; running on `node`, if one is given.
const Resource* find_in(const Resource& rsc, std::string_view name, const Node* node) {
  const bool named = rsc.id == name || without_number(rsc.id) == name;
  if (named && (node == nullptr || has(rsc.running_on, *node))) return &rsc;
  for (const Resource* part : rsc.children) {
    if (const auto* found = find_in(*part, name, node)) return found;
  }
  return nullptr;
}

const Resource* active_instance(const Resource& clone, std::string_view name, const Node& node) {
  for (const Resource* instance : clone.children) {
    if (const auto* found = find_in(*instance, name, &node)) return found;
  }
  return nullptr;
}

bool probed_there(const Resource& clone, std::string_view name, const Node& node) {
  return std::any_of(clone.children.begin(), clone.children.end(), [&](const Resource* instance) {
    const auto* found = find_in(*instance, name, nullptr);
    return found != nullptr && has(found->known_on, node);
  });
}

// An anonymous instance is asked where it is, or where none is but the state is known; any instance where its own state is known,
// and everywhere while nothing is known.
bool counts(const Resource& rsc, const Node& node) {
  if (!rsc.unique) {
    const auto& clone = clone_of(rsc);
    const auto name = without_number(rsc.id);
    const auto* active = active_instance(clone, name, node);
    if (active == &rsc) return true;
    if (active == nullptr && probed_there(clone, name, node)) return true;
  }
  if (rsc.running_on.empty() && rsc.known_on.empty()) return true;
  return has(rsc.known_on, node) || has(rsc.running_on, node);
}

bool is_allowed(const Resource& rsc, const Node& node) {
  const auto* entry = rsc.allowed.find(node);
  return entry != nullptr && entry->score.value >= 0;
}

// The node that holds the attribute: with container-attribute-target=host the one where the container runs.
const Node* attribute_holder(const Resource& rsc, const Node& node) {
  const auto* target = find(rsc.meta, "container-attribute-target");
  if (target == nullptr || *target != "host") return &node;
  if (node.connection == nullptr || node.connection->container == nullptr) return &node;
  const auto& hosts = node.connection->container->running_on;
  return hosts.empty() ? nullptr : hosts.front();
}

const std::string* attribute_for(const Resource& rsc, const Node& node, std::string_view name) {
  const Node* holder = attribute_holder(rsc, node);
  return holder == nullptr ? nullptr : attribute_of(*holder, "master-" + std::string(name));
}

}  // namespace

std::optional<int> promotion_score(const WorkingSet& set, const Resource& rsc, const Node& node) {
  if (!rsc.children.empty()) {
    constexpr int most = 1'000'000'000;  // only against overflow
    std::optional<int> sum;
    for (const Resource* member : rsc.children) {
      if (const auto score = promotion_score(set, *member, node)) sum = std::clamp(sum.value_or(0) + *score, -most, most);
    }
    return sum;
  }
  if (!counts(rsc, node) || !is_allowed(rsc, node)) return std::nullopt;
  const auto* value = attribute_for(rsc, node, rsc.name_in_history());
  if (value == nullptr && !rsc.unique) value = attribute_for(rsc, node, without_number(rsc.id));
  if (value == nullptr) return std::nullopt;
  return score_of(set, *value);
}

void set_promotion_priority(WorkingSet& set, Resource& instance, int priority, Cause cause, std::string_view subject) {
  instance.priority = priority;
  instance.promotion_priority = priority;
  set.note_score(instance.promotion_because, Score(priority), true, cause, subject);
}

void add_to_promotion_priority(WorkingSet& set, Resource& instance, Score delta, Cause cause, std::string_view subject) {
  const int sum = (Score(instance.priority) + delta).value;
  instance.priority = sum;
  instance.promotion_priority = sum;
  set.note_score(instance.promotion_because, delta, false, cause, subject);
}

void add_promotion_scores(WorkingSet& set, Resource& clone) {
  if (clone.promotion_scores_added) return;
  clone.promotion_scores_added = true;
  for (Resource* instance : clone.children) {
    for (const Node* node : set.nodes) {
      const auto* entry = instance->allowed.find(*node);
      if (entry == nullptr || !is_available(*node)) continue;
      const int score = promotion_score(set, *instance, *node).value_or(0);
      if (score > 0 && entry->score + Score(score) != entry->score) {
        set.add_score(instance->allowed, *node, Score(score), Cause::promotion, instance->id);
      }
      if (score > instance->priority) set_promotion_priority(set, *instance, score, Cause::promotion, node->name);
    }
  }
}

}  // namespace relevo::policy
