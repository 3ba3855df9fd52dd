// JSON of the cluster; see json.hpp.
#include "cli/view/json.hpp"

#include <nlohmann/json.hpp>

namespace relevo::cli::view {
namespace {

using nlohmann::json;

json node(const NodeLine& n) {
  return {{"name", n.name},       {"id", n.id},           {"online", n.online},     {"standby", n.standby},
          {"unclean", n.unclean}, {"pending", n.pending}, {"shutdown", n.shutdown}, {"maintenance", n.maintenance},
          {"dc", n.is_dc},        {"resources_running", n.resources_running}};
}

json collection(const CollectionLine& c) {
  return {{"kind", c.kind},         {"id", c.id},           {"managed", c.managed},       {"disabled", c.disabled},
          {"members", c.members},   {"unique", c.unique},   {"promotable", c.promotable}, {"failed", c.failed}};
}

json resource(const ResourceLine& r) {
  return {{"id", r.id},           {"agent", r.agent},     {"role", r.role},       {"nodes", r.nodes},
          {"pending", r.pending}, {"managed", r.managed}, {"disabled", r.disabled}, {"blocked", r.blocked},
          {"failed", r.failed},   {"orphaned", r.orphaned}};
}

json failure(const FailedAction& f) {
  return {{"resource", f.resource}, {"node", f.node}, {"task", f.task}, {"interval_ms", f.interval_ms}, {"rc", f.rc},
          {"status", f.status}, {"at", f.at}, {"exit_reason", f.exit_reason}};
}

template <class List, class Make>
json list_of(const List& list, const Make& make) {
  auto out = json::array();
  for (const auto& item : list) out.push_back(make(item));
  return out;
}

/// Each with the ids of what it is part of, the outermost first.
json resources_of(const ClusterView& cluster) {
  auto out = json::array();
  for (const auto& r : cluster.resources) {
    out.push_back(resource(r));
    out.back()["inside"] = list_of(r.inside, [&](std::size_t i) { return json(cluster.collections[i].id); });
  }
  return out;
}

}  // namespace

std::string resources_json(const ClusterView& cluster) { return resources_of(cluster).dump(2); }

std::string to_json(const ClusterView& cluster) {
  const json out{{"format", 1},
                 {"cluster", {{"name", cluster.cluster_name}, {"dc", cluster.dc}, {"quorate", cluster.quorate},
                              {"quorum_reason", cluster.quorum_reason}, {"fencing_enabled", cluster.fencing_enabled},
                              {"fence_device", cluster.has_fence_device}, {"maintenance_mode", cluster.maintenance_mode}}},
                 {"nodes", list_of(cluster.nodes, node)},
                 {"collections", list_of(cluster.collections, collection)},
                 {"resources", resources_of(cluster)},
                 {"failures", list_of(cluster.failed, failure)},
                 {"moved", cluster.moved},
                 {"warnings", cluster.warnings}};
  return out.dump(2);
}

}  // namespace relevo::cli::view
