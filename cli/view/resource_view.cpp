// Resources as a person is shown them; see resource_view.hpp.
#include "cli/view/resource_view.hpp"

#include <fmt/format.h>

#include "resmgr/policy/set/values.hpp"
#include "resmgr/policy/simulate/simulate.hpp"
#include "resmgr/policy/unpack/unpack.hpp"

namespace relevo::cli::view {
namespace {

using policy::Resource;
using policy::Role;
using policy::Variant;

/// Started instances of a promotable clone are unpromoted.
Role shown_role(const Resource& rsc) {
  return rsc.role == Role::started && rsc.top_inside().promotable ? Role::unpromoted : rsc.role;
}

/// What is under way, in crm_mon's words.
std::string pending_word(const std::string& task) {
  if (task == "start") return "Starting";
  if (task == "stop") return "Stopping";
  if (task == "promote") return "Promoting";
  if (task == "demote") return "Demoting";
  return task == "migrate_to" || task == "migrate_from" ? "Migrating" : "";
}

std::string agent_of(const Resource& rsc) {
  return rsc.klass + (rsc.provider.empty() ? "" : ":" + rsc.provider) + ":" + rsc.type;
}

std::string target_role_of(const Resource& rsc) {
  const auto* target = policy::find(rsc.meta, "target-role");
  return target == nullptr ? std::string{} : *target;
}

bool is_disabled(const Resource& rsc) {
  const auto role = policy::role_of(target_role_of(rsc));
  return role == Role::stopped || (role == Role::unpromoted && rsc.top_inside().promotable);
}

ResourceLine resource_line(const Resource& rsc) {
  ResourceLine line;
  line.id = configured_name(rsc);
  line.agent = agent_of(rsc);
  line.role = policy::name(shown_role(rsc));
  line.target_role = target_role_of(rsc);
  for (const auto* node : rsc.running_on) line.nodes.push_back(node->name);
  line.pending = pending_word(rsc.pending_task);
  if (!line.pending.empty() && line.nodes.empty() && rsc.pending_node != nullptr) line.nodes = {rsc.pending_node->name};
  line.disabled = is_disabled(rsc);
  line.managed = rsc.managed;
  line.maintenance = rsc.maintenance;
  line.blocked = rsc.blocked;
  line.failed = rsc.failed;
  line.orphaned = rsc.removed;
  return line;
}

CollectionLine collection_line(const Resource& rsc) {
  CollectionLine line;
  line.kind = rsc.is(Variant::group) ? "group" : rsc.is(Variant::clone) ? "clone" : "bundle";
  line.id = rsc.id;
  line.target_role = target_role_of(rsc);
  line.members = rsc.children.size();
  line.managed = rsc.managed;
  line.disabled = is_disabled(rsc);
  line.unique = rsc.unique;
  line.promotable = rsc.promotable;
  line.failed = rsc.failed;
  return line;
}

void put(ClusterView& cluster, const Resource& rsc, std::vector<std::size_t> inside) {
  if (rsc.is(Variant::primitive)) {
    if (policy::bool_of(rsc.meta, "internal_rsc", false)) return;
    cluster.resources.push_back(resource_line(rsc));
    cluster.resources.back().inside = std::move(inside);
    return;
  }
  inside.push_back(cluster.collections.size());
  cluster.collections.push_back(collection_line(rsc));
  for (const auto* child : rsc.children) put(cluster, *child, inside);
  if (!rsc.bundle) return;
  for (const auto& replica : rsc.bundle->replica)
    for (const auto* part : {replica.ip, replica.container, replica.remote, replica.child})
      if (part != nullptr) put(cluster, *part, inside);
}

std::vector<std::string> lines_of(const policy::WorkingSet& set, const Resource& rsc, bool inactive) {
  std::vector<std::string> lines;
  for (auto line : policy::resource_lines(set, rsc, inactive)) {
    --line.depth;  // crm_simulate has one heading more above them
    lines.push_back(policy::render(line, true).value_or(""));
  }
  return lines;
}

}  // namespace

std::string_view configured_name(const Resource& rsc) {
  return rsc.is_anonymous_instance() ? std::string_view(rsc.xml.attribute("id").as_string(rsc.id.c_str())) : std::string_view(rsc.id);
}

void put_resources(ClusterView& cluster, const policy::WorkingSet& set) {
  for (const auto* rsc : set.resources) {
    if (rsc->removed && !policy::is_active(*rsc, true)) continue;
    put(cluster, *rsc, {});
    cluster.resource_texts.push_back({lines_of(set, *rsc, true), lines_of(set, *rsc, false)});
  }
}

}  // namespace relevo::cli::view
