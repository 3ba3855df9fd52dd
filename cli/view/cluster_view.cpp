// From the CIB to what a person is shown; see cluster_view.hpp. Resources are in resource_view.cpp.
#include "cli/view/cluster_view.hpp"

#include <algorithm>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "cli/view/resource_view.hpp"
#include "common/base/text.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/policy/constraints/constraints.hpp"
#include "resmgr/policy/set/actions.hpp"
#include "resmgr/policy/set/values.hpp"
#include "resmgr/policy/simulate/simulate.hpp"
#include "resmgr/policy/unpack/unpack.hpp"

namespace relevo::cli::view {
namespace {

std::string option(const policy::WorkingSet& set, const char* name, const char* otherwise = "") {
  const auto* value = policy::find(set.options.set, name);
  return value == nullptr ? otherwise : *value;
}

/// Attributes with which the cluster talks to itself have places of their own.
bool is_shown(std::string_view name) {
  return !name.starts_with("fail-count-") && !name.starts_with("last-failure-") && !name.starts_with("#") &&
         name != "standby" && name != "maintenance";
}

NodeLine node_line(const policy::Node& node) {
  NodeLine line;
  line.name = node.name;
  line.id = node.id;
  line.online = node.online;
  line.standby = node.standby;
  line.maintenance = node.maintenance;
  line.pending = node.pending;
  line.unclean = node.unclean;
  line.shutdown = node.shutdown;
  line.expected_up = node.expected_up;
  line.is_dc = node.is_dc;
  line.resources_running = node.running.size();
  for (const auto& [name, value] : node.attributes)
    if (is_shown(name)) line.attributes.emplace_back(name, value);
  return line;
}

/// Of the instances of a clone that share a name the one that is meant there.
bool is_meant(const policy::Resource& rsc, const policy::Node& node) {
  if (!rsc.is_anonymous_instance()) return true;
  const auto is_there = [&](const std::vector<policy::Node*>& nodes) {
    return std::find(nodes.begin(), nodes.end(), &node) != nodes.end();
  };
  return is_there(rsc.running_on) || is_there(rsc.known_on);
}

void put_fail_counts(ClusterView& cluster, policy::WorkingSet& set) {
  for (const auto* node : set.nodes)
    for (const auto& rsc : set.all_resources) {
      if (!rsc.is(policy::Variant::primitive) || !is_meant(rsc, *node)) continue;
      const auto failures = policy::fail_count(set, *node, rsc, false, false);
      if (failures.count == 0) continue;
      const int threshold = rsc.migration_threshold == 0 ? model::Score::infinity : rsc.migration_threshold;
      cluster.fail_counts.push_back({node->name, std::string(configured_name(rsc)),
                                     model::to_string(model::Score(failures.count)), date_text(failures.last.seconds),
                                     fmt::format("{}", threshold)});
    }
}

FailedAction failed_action(const policy::FailedOp& failed) {
  const auto number = [&](const char* name) { return parse_int(xml::attribute_or(failed.entry, name)).value_or(0); };
  FailedAction f;
  const auto key = policy::parse_key(xml::attribute_or(failed.entry, "operation_key"));
  f.resource = key ? key->rsc : failed.rsc->id;
  f.node = failed.node->name;
  f.task = xml::attribute_or(failed.entry, "operation");
  f.interval_ms = number("interval");
  f.at = number("last-rc-change");
  f.exec_ms = number("exec-time");
  f.queue_ms = number("queue-time");
  f.rc = static_cast<int>(number("rc-code"));
  f.status = static_cast<int>(number("op-status"));
  f.call = static_cast<int>(number("call-id"));
  f.exit_reason = xml::attribute_or(failed.entry, "exit-reason");
  return f;
}

void put_failures(ClusterView& cluster, const policy::WorkingSet& set) {
  for (const auto* failed : policy::shown_failures(set)) cluster.failed.push_back(failed_action(*failed));
  std::stable_sort(cluster.failed.begin(), cluster.failed.end(), [](const FailedAction& a, const FailedAction& b) {
    return a.resource != b.resource ? a.resource < b.resource : a.node < b.node;
  });
}

/// After everything else: reading constraints changes what resources may do where.
void put_moved(ClusterView& cluster, policy::WorkingSet& set) {
  policy::unpack_constraints(set);
  for (const auto* location : set.locations) {
    const bool ours = location->id.starts_with("cli-prefer-") || location->id.starts_with("cli-ban-");
    if (!ours || location->scores.empty() || location->rsc == nullptr) continue;
    const auto& id = location->rsc->id;
    if (std::find(cluster.moved.begin(), cluster.moved.end(), id) == cluster.moved.end()) cluster.moved.push_back(id);
  }
}

void put_root(ClusterView& cluster, const cib::Document& document) {
  const auto root = document.root();
  cluster.last_change = xml::attribute_or(root, "cib-last-written");
  cluster.change_user = xml::attribute_or(root, "update-user");
  cluster.change_client = xml::attribute_or(root, "update-client");
  cluster.change_origin = xml::attribute_or(root, "update-origin");
}

void put_options(ClusterView& cluster, const policy::WorkingSet& set) {
  const auto& options = set.options;
  cluster.cluster_name = option(set, "cluster-name");
  cluster.dc_version = option(set, "dc-version");
  cluster.fencing_enabled = options.stonith_enabled;
  cluster.has_fence_device = set.has_stonith_resource;
  cluster.maintenance_mode = options.maintenance_mode;
  cluster.symmetric = options.symmetric_cluster;
  cluster.stop_all = options.stop_all_resources;
  cluster.no_quorum_policy = option(set, "no-quorum-policy", "stop");
}

/// What is configured or needed and cannot be carried out: nothing of it shall be silent.
void put_warnings(ClusterView& cluster, const policy::WorkingSet& set) {
  auto& warnings = cluster.warnings;
  for (const auto* node : set.nodes)
    if (node->unclean)
      warnings.push_back(fmt::format(
          "{} should be fenced, and this version cannot fence: what may run there is started nowhere else", node->name));
  for (const auto& rsc : set.all_resources) {
    if (rsc.removed) continue;
    if (rsc.is_stonith) warnings.push_back(fmt::format("fence device '{}' cannot be used: fencing is not supported yet", rsc.id));
    if (rsc.is_remote_connection && rsc.container == nullptr)
      warnings.push_back(fmt::format("remote node '{}' cannot be used: connections to remote nodes are not supported yet", rsc.id));
    if (rsc.is(policy::Variant::bundle))
      warnings.push_back(fmt::format("what runs inside the containers of bundle '{}' cannot be managed yet", rsc.id));
  }
}

}  // namespace

std::string date_text(std::int64_t seconds) {
  return fmt::format("{:%a %b %e %H:%M:%S %Y}", fmt::localtime(static_cast<std::time_t>(seconds)));
}

Result<ClusterView> build(const cib::Document& document, const resmgr::Snapshot& snapshot, WallTime now) {
  policy::WorkingSet set(document.root(), now);
  if (auto done = policy::unpack(set); !done) return pass(done.error());
  ClusterView cluster;
  cluster.now = now;
  put_options(cluster, set);
  cluster.has_cluster = !snapshot.local_node.empty();
  cluster.quorate = cluster.has_cluster ? snapshot.quorate : set.options.have_quorum;
  cluster.quorum_reason = snapshot.quorum_reason;
  // Every member of a running cluster speaks this very protocol: the DC's version is this program's.
  if (cluster.dc_version.empty() && cluster.has_cluster) cluster.dc_version = RELEVO_VERSION;
  put_root(cluster, document);
  for (const auto* node : set.nodes) cluster.nodes.push_back(node_line(*node));
  for (auto line : policy::node_lines(set)) {
    --line.depth;  // crm_simulate has one heading more above them
    cluster.node_texts.push_back(policy::render(line, true).value_or(""));
  }
  const auto* dc = set.find_node_id(set.options.dc_uuid);
  cluster.dc = cluster.has_cluster ? snapshot.dc : dc != nullptr ? dc->name : "";
  cluster.instances = static_cast<std::size_t>(std::max(0, set.instances));
  cluster.disabled = static_cast<std::size_t>(std::max(0, set.disabled_resources));
  cluster.blocked = static_cast<std::size_t>(std::max(0, set.blocked_resources));
  put_resources(cluster, set);
  put_fail_counts(cluster, set);
  put_failures(cluster, set);
  put_warnings(cluster, set);
  put_moved(cluster, set);
  return cluster;
}

}  // namespace relevo::cli::view
