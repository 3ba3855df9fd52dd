// What is asked of resources of any variant: where they are, in which role, what they are told to be. See unpack.hpp.
#include <algorithm>

#include "common/base/text.hpp"
#include "resmgr/policy/set/values.hpp"
#include "resmgr/policy/unpack/unpack.hpp"

namespace relevo::policy {
namespace {

/// On an offline node a managed resource is gone; an unclean node may still run it.
bool is_primitive_active(const Resource& rsc) {
  return std::any_of(rsc.running_on.begin(), rsc.running_on.end(),
                     [&](const Node* node) { return node->unclean || node->online || !rsc.managed; });
}

bool is_any_active(const std::vector<Resource*>& parts) {
  return std::any_of(parts.begin(), parts.end(), [](const Resource* part) { return is_active(*part, false); });
}

void add_nodes(const Resource& rsc, std::vector<Node*>& out) {
  for (auto* node : rsc.running_on)
    if (std::find(out.begin(), out.end(), node) == out.end()) out.push_back(node);
  for (const auto* child : rsc.children) add_nodes(*child, out);
}

}  // namespace

bool is_active(const Resource& rsc, bool all) {
  if (rsc.is(Variant::primitive)) return is_primitive_active(rsc);
  const bool every = std::all_of(rsc.children.begin(), rsc.children.end(), [](const Resource* child) { return is_active(*child, true); });
  if (all) return every && (!rsc.is(Variant::group) || !rsc.children.empty());
  return is_any_active(rsc.children);
}

Role role_of(const Resource& rsc, bool current) {
  if (rsc.is(Variant::primitive)) return current ? rsc.role : rsc.next_role;
  if (rsc.is(Variant::bundle)) return Role::unknown;
  auto role = Role::unknown;
  for (const auto* child : rsc.children) role = std::max(role, role_of(*child, current));
  return role;
}

std::vector<Node*> active_nodes(const Resource& rsc) {
  std::vector<Node*> nodes;
  add_nodes(rsc, nodes);
  return nodes;
}

Resource* find_instance_on(const Resource& rsc, std::string_view name_in_history, const Node& node) {
  for (auto* child : rsc.children) {
    const bool named = child->name_in_history() == name_in_history || child->id == name_in_history ||
                       (!child->unique && name_in_history == child->xml.attribute("id").value());
    const auto& at = child->running_on;
    if (named && std::find(at.begin(), at.end(), &node) != at.end()) return child;
    if (auto* below = find_instance_on(*child, name_in_history, node)) return below;
  }
  return nullptr;
}

bool target_role(const Resource& rsc, Role& role) {
  const auto* text = find(rsc.meta, "target-role");
  if (text == nullptr || equals_ignoring_case(*text, "default")) return false;
  const auto wanted = role_of(*text);
  if (wanted == Role::unknown || wanted == Role::started) return false;
  // Promoted is what a promotable clone does anyway; anything else has no such roles.
  if (wanted > Role::started && (wanted == Role::promoted || !rsc.top_inside().promotable)) return false;
  role = wanted;
  return true;
}

}  // namespace relevo::policy
