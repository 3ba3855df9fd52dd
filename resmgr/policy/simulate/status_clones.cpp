// Clones of a status text: instances with nothing special together by role, the others one by one, and where none runs.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "resmgr/policy/assign/assign.hpp"
#include "resmgr/policy/set/values.hpp"
#include "resmgr/policy/simulate/status_parts.hpp"
#include "resmgr/policy/unpack/unpack.hpp"

namespace relevo::policy {
namespace {

using Names = std::vector<std::string>;

/// True when it, or something below it, is so.
template <class Question>
bool any_part(const Resource& rsc, const Question& is_so) {
  return is_so(rsc) || std::any_of(rsc.children.begin(), rsc.children.end(), [&](const Resource* child) { return any_part(*child, is_so); });
}

struct Sorted {
  std::vector<const Resource*> alone;  ///< shown one by one
  Names promoted, started;
};

bool is_pending(const StatusText& out, const Resource& instance) {
  return out.show_pending && !instance.pending_task.empty() && instance.pending_task != "probe";
}

/// The one node of an instance that is wholly active; nullptr when its parts are not together.
const Node* one_place(const Resource& instance) {
  if (instance.variant == Variant::primitive) return active_node(instance);
  const auto nodes = active_nodes(instance);
  return nodes.size() == 1 ? nodes.front() : nullptr;
}

void sort_anonymous(const StatusText& out, const Resource& instance, Sorted& sorted) {
  const bool odd = any_part(instance, [](const Resource& r) { return r.removed || r.failed || !r.managed; });
  if (is_pending(out, instance)) return sorted.alone.push_back(&instance);
  if (!is_active(instance, false)) return;
  const Node* place = odd || !is_active(instance, true) ? nullptr : one_place(instance);
  if (place == nullptr || (!place->online && place->unclean)) return sorted.alone.push_back(&instance);
  (role_of(instance, true) > Role::unpromoted ? sorted.promoted : sorted.started).push_back(place->name);
}

Sorted sort_instances(const StatusText& out, const Resource& clone) {
  Sorted sorted;
  for (const auto* instance : clone.children) {
    if (is_out_of_sight(*instance)) continue;
    if (!clone.unique) sort_anonymous(out, *instance, sorted);
    else if (is_active(*instance, false) || !clone.removed) sorted.alone.push_back(instance);
  }
  for (auto* names : {&sorted.promoted, &sorted.started})
    std::stable_sort(names->begin(), names->end(), [](const auto& a, const auto& b) { return compare_names(a, b) < 0; });
  return sorted;
}

/// What the collection shall be or, if it does not say, what its parts shall be.
/// What it is told to be; a clone that says nothing is what its instances are told.
Role configured_role(const Resource& rsc) {
  const auto* target = find(rsc.meta, "target-role");
  if (target == nullptr && !rsc.children.empty()) target = find(rsc.children.front()->meta, "target-role");
  if (target == nullptr && !rsc.children.empty()) target = find(rsc.children.front()->meta, "target-role");
  return target == nullptr ? Role::unknown : role_of(*target);
}

/// Where it may run and does not: state to names. Without places to run (an asymmetric cluster), where it was probed.
std::map<std::string, Names> stopped_places(const StatusText& out, const Resource& clone) {
  std::vector<const Node*> nodes;
  for (const auto* node : out.set.nodes)
    if (const auto* entry = clone.allowed.find(*node); entry != nullptr && entry->allowed) nodes.push_back(node);
  if (nodes.empty()) nodes.assign(clone.known_on.begin(), clone.known_on.end());
  std::map<std::string, Names> states;
  for (const auto* node : nodes) {
    if (std::find(clone.running_on.begin(), clone.running_on.end(), node) != clone.running_on.end()) continue;
    const auto probe = failed_probe(out.set, clone, node);
    const auto* plain = configured_role(clone) == Role::stopped ? "Stopped (disabled)" : "Stopped";
    states[probe.empty() ? plain : fmt::format("Stopped ({})", probe)].push_back(node->name);
  }
  for (auto& [state, names] : states)
    std::stable_sort(names.begin(), names.end(), [](const auto& a, const auto& b) { return compare_names(a, b) < 0; });
  return states;
}

std::string header(const Resource& clone) {
  std::vector<std::string> words;
  if (clone.promotable) words.emplace_back("promotable");
  if (clone.unique) words.emplace_back("unique");
  if (!clone.managed) words.emplace_back("unmanaged");
  if (is_disabled(clone)) words.emplace_back("disabled");
  return fmt::format("Clone Set: {} [{}]{}", clone.id, clone.clone.child.attribute("id").as_string(), in_brackets(words));
}

}  // namespace

void put_clone(StatusText& out, const Resource& clone, int depth) {
  const auto sorted = sort_instances(out, clone);
  const auto before = out.lines.size();
  out.heading(depth, header(clone));
  for (const auto* instance : sorted.alone) put_resource(out, *instance, depth + 1);
  const auto list = [&](const std::string& state, const Names& names) {
    if (!names.empty()) out.entry(depth + 1, fmt::format("{}: {}", state, bracketed(names)));
  };
  list("Promoted", sorted.promoted);
  const bool held = configured_role(clone) == Role::unpromoted;
  list(!clone.promotable ? "Started" : held ? "Unpromoted (target-role)" : "Unpromoted", sorted.started);
  const auto running = sorted.promoted.size() + sorted.started.size();
  bool any_stopped = false;
  if (out.show_inactive && !clone.unique && clone.clone.clone_max > static_cast<int>(running))
    for (const auto& [state, names] : stopped_places(out, clone)) {
      list(state, names);
      any_stopped = true;
    }
  // Everything is elsewhere or nowhere: a heading alone is shown only where nothing runs at all.
  if (out.lines.size() == before + 1 && !any_stopped && running > 0) out.lines.pop_back();
}

}  // namespace relevo::policy
