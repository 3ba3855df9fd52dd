// A group and its members.
#include "resmgr/policy/unpack/build.hpp"

namespace relevo::policy {
namespace {

/// Deprecated, but a group without order or togetherness is still one.
bool group_flag(WorkingSet& set, const Resource& rsc, std::string_view name) {
  const auto* text = find(rsc.meta, name);
  if (text == nullptr || !is_false(*text)) return true;
  set.say_once(Notice::Level::warning, fmt::format("The meta attribute '{}' of groups is deprecated: use a resource set instead", name));
  return false;
}

}  // namespace

bool build_group(WorkingSet& set, Resource& rsc, std::string_view instance) {
  rsc.group_ordered = group_flag(set, rsc, "ordered");
  rsc.group_colocated = group_flag(set, rsc, "collocated");
  for (auto member = rsc.xml.child("primitive"); member; member = member.next_sibling("primitive")) {
    if (std::string_view(member.attribute("id").value()).empty()) continue;
    if (auto* child = build_resource(set, member, &rsc, instance)) rsc.children.push_back(child);
  }
  if (rsc.children.empty()) set.say(Notice::Level::warning, fmt::format("Group {} is ignored because it has no members", rsc.id));
  return true;
}

}  // namespace relevo::policy
