// The history of one node: resource by resource, the entries in their order, then what they come to.
#include <fmt/format.h>

#include "resmgr/policy/unpack/status_pass.hpp"
#include "resmgr/policy/unpack/unpack.hpp"

namespace relevo::policy::past {
namespace {

using Entries = std::vector<Record>;

/// A resource that is in no configuration: nothing but being stopped is left for it.
Resource* adopt_removed(WorkingSet& set, std::string_view id, pugi::xml_node lrm_resource) {
  Resource* rsc = removed_resource(set, id, lrm_resource);
  if (rsc == nullptr) return nullptr;
  if (!set.options.stop_orphan_resources) {
    rsc->managed = false;
  } else {
    add_location(set, *rsc, nullptr, -Score::infinity, Cause::orphan, set.intern(id));
  }
  return rsc;
}

/// The resource is waiting for that node, which was shut down while it ran there.
void read_shutdown_lock(WorkingSet& set, Resource& rsc, Node& node, pugi::xml_node lrm_resource) {
  const std::int64_t since = number_of(lrm_resource, "shutdown-lock", 0);
  if (since == 0) return;
  const auto limit = set.options.shutdown_lock_limit.count();
  if (limit > 0 && set.now.seconds > since + limit) {
    custom_action(set, &rsc, op_key(rsc.id, "lrm_delete"), "lrm_delete", &node, false);
  } else {
    rsc.lock_node = &node;
    rsc.lock_time = WallTime{since};
  }
}

/// Recurring operations that go on there, as actions that need not be done.
void keep_recurring(WorkingSet& set, Resource& rsc, Node& node, const Entries& entries) {
  if (!node.online) return;
  const ActiveSpan span = active_span(entries);
  for (int at = 0; at < static_cast<int>(entries.size()); ++at) {
    const Record& entry = entries[static_cast<std::size_t>(at)];
    if (span.start < span.stop && at <= span.stop) continue;
    if (at < span.start) continue;
    const std::chrono::milliseconds interval{number_in(entry.interval, 0)};
    if (interval.count() == 0 || entry.op_status == "-1" || entry.task.empty()) continue;
    custom_action(set, &rsc, op_key(rsc.id, entry.task, interval), entry.task, &node, true);
  }
}

/// target-role binds where failures have not decided for less already.
void apply_target_role(Pass& pass, Resource& rsc) {
  const auto wanted = pass.target_roles.of(rsc);
  if (!wanted) return;
  if (rsc.next_role == Role::unknown || *wanted < rsc.next_role) set_next_role(rsc, *wanted, "target-role");
}

Resource* unpack_resource_history(Pass& pass, Node& node, pugi::xml_node lrm_resource) {
  WorkingSet& set = pass.set;
  const std::string_view id = lrm_resource.attribute("id").value();
  if (id.empty()) {
    set.say(Notice::Level::warning, fmt::format("A history without a resource's id on {} is ignored", node.name));
    return nullptr;
  }
  const Entries entries = sorted_entries(lrm_resource);
  if (entries.empty() && !set.options.shutdown_lock) return nullptr;
  Resource* rsc = owner_of_history(pass, node, id);
  if (rsc == nullptr && entries.empty()) return nullptr;
  if (rsc == nullptr) rsc = adopt_removed(set, id, lrm_resource);
  if (rsc == nullptr) return nullptr;
  if (set.options.shutdown_lock) read_shutdown_lock(set, *rsc, node, lrm_resource);

  const Role before = rsc->role;
  rsc->role = Role::unknown;
  Progress progress;
  for (const Record& entry : entries) unpack_entry(pass, *rsc, node, entry, progress);
  keep_recurring(set, *rsc, node, entries);
  apply_state(pass, *rsc, node, progress.on_fail);
  apply_target_role(pass, *rsc);
  if (before > rsc->role) rsc->role = before;
  return rsc;
}

/// Removed resources that lived in a container belong to it still, if it is there.
void map_removed_fillers(WorkingSet& set, pugi::xml_node lrm_resources) {
  for (const auto lrm_resource : lrm_resources.children("lrm_resource")) {
    const auto container_id = lrm_resource.attribute("container");
    if (!container_id) continue;
    Resource* container = set.find_resource(container_id.value());
    Resource* rsc = set.find_resource(lrm_resource.attribute("id").value());
    if (container == nullptr || rsc == nullptr || !rsc->removed_filler || rsc->container != nullptr) continue;
    if (container->removed_filler) continue;  // what lives in a container is none itself: no circles
    rsc->container = container;
    container->fillers.push_back(rsc);
  }
}

}  // namespace

std::optional<Role> TargetRoles::of(const Resource& rsc) {
  if (rsc.index >= known_.size()) known_.resize(rsc.index + 1);
  Known& known = known_[rsc.index];
  if (!known.asked) known.wants = target_role(rsc, known.role);
  known.asked = true;
  return known.wants ? std::optional(known.role) : std::nullopt;
}

void unpack_history(Pass& pass, Node& node, pugi::xml_node node_state) {
  const auto lrm_resources = node_state.child("lrm").child("lrm_resources");
  bool removed_filler = false;
  for (const auto lrm_resource : lrm_resources.children("lrm_resource")) {
    const Resource* rsc = unpack_resource_history(pass, node, lrm_resource);
    if (rsc != nullptr && rsc->removed_filler) removed_filler = true;
  }
  if (removed_filler) map_removed_fillers(pass.set, lrm_resources);
}

}  // namespace relevo::policy::past
