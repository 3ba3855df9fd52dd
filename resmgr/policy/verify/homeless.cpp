// Resources that can run nowhere, see verify.hpp: told from a plan in which every node is up.
#include <algorithm>

#include <fmt/format.h>

#include "common/base/text.hpp"
#include "resmgr/policy/explain/explain.hpp"
#include "resmgr/policy/unpack/unpack.hpp"
#include "resmgr/policy/verify/verify.hpp"

namespace relevo::policy {
namespace {

bool is_at_home(const Resource& rsc) {
  return rsc.assigned_to != nullptr || std::any_of(rsc.children.begin(), rsc.children.end(), [](const Resource* part) { return is_at_home(*part); });
}

/// Somebody wants it so: disabled, not managed, everything stopped, no instance at all.
bool is_meant(const WorkingSet& set, const Resource& rsc) {
  if (rsc.removed || set.options.stop_all_resources || !rsc.managed || rsc.settlement.by == Settled::unmanaged) return true;
  Role role = Role::unknown;
  for (const Resource* at = &rsc; at != nullptr; at = at->parent) {
    if (target_role(*at, role) && role == Role::stopped) return true;
    if (at->is(Variant::clone) && at->clone.clone_max == 0) return true;
  }
  return false;
}

/// On a remote node or a guest, if that comes up: whether it does is not known before it was there.
bool may_live_remotely(const WorkingSet& set, const Resource& rsc) {
  return std::any_of(set.nodes.begin(), set.nodes.end(), [&](const Node* node) {
    const NodeEntry* entry = node->is_remote() ? rsc.allowed.find(*node) : nullptr;
    return entry != nullptr && entry->score.value >= 0;
  });
}

/// What stands against one node, shortly.
std::string against(const WorkingSet& set, const Resource& rsc, const Node& node) {
  if (const auto unusable = why_unusable(node); !unusable.empty()) return fmt::format("{} {}", node.name, unusable);
  const NodeEntry* entry = rsc.allowed.find(node);
  if (entry == nullptr) return fmt::format("{}: nothing allows it there", node.name);
  std::vector<std::string> reasons;
  for (const Contribution& one : counting(contributions_of(set.ledger, entry->because))) {
    auto text = told(set, rsc, one);
    if (one.delta.value < 0 && std::find(reasons.begin(), reasons.end(), text) == reasons.end()) reasons.push_back(std::move(text));
  }
  return fmt::format("{}: {}", node.name, reasons.empty() ? "what it needs cannot be there" : join(reasons, ", "));
}

/// The primitives that stand for a resource at the top: of a clone those of its first instance.
void collect(const Resource& rsc, std::vector<const Resource*>& out) {
  if (rsc.children.empty()) out.push_back(&rsc);
  for (const Resource* part : rsc.children) {
    collect(*part, out);
    if (rsc.is(Variant::clone)) break;
  }
}

}  // namespace

Notes find_homeless(const WorkingSet& set) {
  Notes notes;
  for (const Resource* top : set.resources) {
    const bool has_instances = top->is(Variant::clone) || top->is(Variant::bundle);
    if (has_instances && is_at_home(*top)) continue;  // fewer than configured are no fault
    std::vector<const Resource*> parts;
    collect(*top, parts);
    for (const Resource* rsc : parts) {
      if (is_at_home(*rsc) || is_meant(set, *rsc) || may_live_remotely(set, *rsc)) continue;
      std::vector<std::string> nodes;
      for (const Node* node : set.nodes) {
        if (!node->is_remote()) nodes.push_back(against(set, *rsc, *node));
      }
      const auto& name = top->is(Variant::clone) ? top->id : rsc->id;
      notes.push_back(note(Level::warning, "resource \"{}\" can run nowhere, even with every node up: {}", name,
                           nodes.empty() ? "there is no node" : join(nodes, "; ")));
      break;  // the others of a group follow from the first one
    }
  }
  return notes;
}

}  // namespace relevo::policy
