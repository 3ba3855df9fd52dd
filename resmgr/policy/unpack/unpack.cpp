// Stage 1 in its order; see unpack.hpp. What each part does is in the file of its name.
#include "resmgr/policy/unpack/unpack.hpp"

#include "resmgr/policy/set/values.hpp"

namespace relevo::policy {
namespace {

bool is_disabled(const Resource& rsc) {
  const auto* text = find(rsc.meta, "target-role");
  if (text == nullptr) return false;
  const auto role = role_of(*text);
  return role == Role::stopped || (role == Role::unpromoted && rsc.top_inside().promotable);
}

/// How many there are, are blocked, and are asked not to run; removed ones only while they run.
void count_resources(WorkingSet& set) {
  set.instances = set.disabled_resources = set.blocked_resources = 0;
  for (const auto& rsc : set.all_resources) {
    if (!rsc.is(Variant::primitive) || (rsc.removed && rsc.role <= Role::stopped)) continue;
    ++set.instances;
    if (is_disabled(rsc)) ++set.disabled_resources;
    if (rsc.blocked) ++set.blocked_resources;
  }
}

}  // namespace

Status unpack(WorkingSet& set) {
  if (std::string_view(set.cib.name()) != "cib") return fail(ErrorKind::invalid, "this is no <cib> but <{}>", set.cib.name());
  unpack_options(set);
  unpack_nodes(set);
  unpack_remote_nodes(set);
  unpack_resources(set);
  unpack_tags(set);
  unpack_status(set);
  count_resources(set);
  return {};
}

}  // namespace relevo::policy
