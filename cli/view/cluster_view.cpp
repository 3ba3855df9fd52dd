// From the CIB to what a person is shown; see cluster_view.hpp.
#include "cli/view/cluster_view.hpp"

#include <algorithm>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "common/base/text.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/cib/unpack.hpp"

namespace relevo::cli::view {
namespace {

std::string option(const model::ClusterState& state, const char* name) {
  const auto found = state.options.set.find(name);
  return found == state.options.set.end() ? std::string{} : found->second;
}

NodeLine node_line(const model::Node& node, const model::ClusterState& state) {
  NodeLine line;
  line.name = node.uname;
  line.id = node.id;
  line.online = node.online;
  line.standby = node.standby;
  line.maintenance = node.maintenance;
  line.pending = node.pending;
  line.unclean = node.unclean;
  line.shutdown = node.shutdown;
  line.expected_up = node.expected_up;
  line.is_dc = !state.options.dc_uuid.empty() && state.options.dc_uuid == node.id;
  for (const auto& r : state.resources)
    line.resources_running += static_cast<std::size_t>(std::count(r.active_on.begin(), r.active_on.end(), node.uname));
  line.attributes.assign(node.attributes.begin(), node.attributes.end());
  for (const auto& pair : node.transient)
    if (!pair.first.starts_with("fail-count-") && !pair.first.starts_with("last-failure-")) line.attributes.push_back(pair);
  std::erase_if(line.attributes, [](const auto& pair) { return pair.first == "standby" || pair.first == "maintenance" || pair.first.starts_with("#"); });
  std::sort(line.attributes.begin(), line.attributes.end());
  return line;
}

/// What is under way, in crm_mon's words.
std::string pending_word(const model::Resource& r) {
  if (r.pending_task == "start") return "Starting";
  if (r.pending_task == "stop") return "Stopping";
  return {};
}

ResourceLine resource_line(const model::Resource& r) {
  ResourceLine line;
  line.id = r.id;
  line.agent = r.agent();
  line.role = std::string(to_string(r.role));
  line.target_role = r.target_role == model::Role::unknown ? "" : std::string(to_string(r.target_role));
  line.nodes = r.active_on;
  line.pending = pending_word(r);
  if (!line.pending.empty() && line.nodes.empty() && !r.pending_node.empty()) line.nodes = {r.pending_node};
  line.disabled = r.target_role == model::Role::stopped;
  line.managed = r.managed;
  line.maintenance = r.maintenance;
  line.blocked = r.blocked;
  line.failed = r.failed;
  line.orphaned = r.orphan;
  return line;
}

void put_fail_counts(ClusterView& cluster, const model::ClusterState& state) {
  for (const auto& node : state.nodes)
    for (const auto& r : state.resources) {
      const auto found = r.fail_counts.find(node.uname);
      if (found == r.fail_counts.end() || found->second.count == 0) continue;
      cluster.fail_counts.push_back({node.uname, r.id, model::to_string(model::Score(found->second.count)),
                                     date_text(found->second.last_failure.seconds),
                                     fmt::format("{}", r.migration_threshold == 0 ? model::Score::infinity : r.migration_threshold)});
    }
}

void put_failures(ClusterView& cluster, const model::ClusterState& state) {
  for (const auto& f : state.failures)
    cluster.failed.push_back({f.resource, f.node, f.entry.task, f.entry.interval.count(), f.entry.last_rc_change.seconds,
                              f.entry.exec_time.count(), f.entry.queue_time.count(), f.entry.rc,
                              static_cast<int>(f.entry.status), f.entry.call_id, f.entry.exit_reason});
}

void put_moved(ClusterView& cluster, const model::ClusterState& state) {
  for (const auto& location : state.locations) {
    const bool ours = location.id.starts_with("cli-prefer-") || location.id.starts_with("cli-ban-");
    if (ours && !location.scores.empty() &&
        std::find(cluster.moved.begin(), cluster.moved.end(), location.resource) == cluster.moved.end())
      cluster.moved.push_back(location.resource);
  }
}

void put_root(ClusterView& cluster, const cib::Document& document) {
  const auto root = document.root();
  cluster.last_change = xml::attribute_or(root, "cib-last-written");
  cluster.change_user = xml::attribute_or(root, "update-user");
  cluster.change_client = xml::attribute_or(root, "update-client");
  cluster.change_origin = xml::attribute_or(root, "update-origin");
}

}  // namespace

std::string date_text(std::int64_t seconds) {
  return fmt::format("{:%a %b %e %H:%M:%S %Y}", fmt::localtime(static_cast<std::time_t>(seconds)));
}

Result<ClusterView> build(const cib::Document& document, const resmgr::Snapshot& snapshot, WallTime now) {
  auto state = cib::unpack(document, now);
  if (!state) return pass(state.error());
  ClusterView cluster;
  cluster.now = now;
  cluster.has_cluster = !snapshot.local_node.empty();
  cluster.quorate = cluster.has_cluster ? snapshot.quorate : state->options.have_quorum;
  cluster.quorum_reason = snapshot.quorum_reason;
  cluster.cluster_name = option(*state, "cluster-name");
  cluster.dc_version = option(*state, "dc-version");
  // Every member of a running cluster speaks this very protocol: the DC's version is this program's.
  if (cluster.dc_version.empty() && cluster.has_cluster) cluster.dc_version = RELEVO_VERSION;
  cluster.fencing_enabled = state->options.stonith_enabled;
  cluster.has_fence_device = state->has_fence_device;
  cluster.maintenance_mode = state->options.maintenance_mode;
  cluster.symmetric = state->options.symmetric_cluster;
  cluster.stop_all = state->options.stop_all_resources;
  cluster.no_quorum_policy = option(*state, "no-quorum-policy");
  if (cluster.no_quorum_policy.empty()) cluster.no_quorum_policy = "stop";
  put_root(cluster, document);
  for (const auto& node : state->nodes) cluster.nodes.push_back(node_line(node, *state));
  const auto* dc = state->node_by_id(state->options.dc_uuid);
  cluster.dc = cluster.has_cluster ? snapshot.dc : dc != nullptr ? dc->uname : "";
  for (const auto& r : state->resources) {
    cluster.resources.push_back(resource_line(r));
    cluster.disabled += cluster.resources.back().disabled ? 1U : 0U;
    cluster.blocked += cluster.resources.back().blocked ? 1U : 0U;
  }
  put_fail_counts(cluster, *state);
  put_failures(cluster, *state);
  put_moved(cluster, *state);
  cluster.warnings = state->unsupported;
  return cluster;
}

}  // namespace relevo::cli::view
