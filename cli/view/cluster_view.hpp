// What a person is shown of the cluster, as one value: made from the CIB, rendered as text, XML or JSON.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "resmgr/cib/document.hpp"
#include "resmgr/client/client.hpp"

namespace relevo::cli::view {

struct NodeLine {
  std::string name, id;
  bool online = false, standby = false, maintenance = false, pending = false, unclean = false, shutdown = false;
  bool is_dc = false, expected_up = false;
  std::size_t resources_running = 0;
  std::vector<std::pair<std::string, std::string>> attributes;
};

/// A group, clone or bundle.
struct CollectionLine {
  std::string kind, id;  ///< kind: group, clone, bundle
  std::string target_role;
  std::size_t members = 0;
  bool managed = true, disabled = false, unique = false, promotable = false, failed = false;
};

/// A primitive, or one instance of it.
struct ResourceLine {
  std::string id, agent;  ///< agent: `ocf:heartbeat:IPaddr2`
  std::string role;       ///< Started, Stopped, Promoted, Unpromoted
  std::vector<std::size_t> inside;  ///< places in ClusterView::collections, the outermost first
  std::string target_role;
  std::vector<std::string> nodes;  ///< where it is active; more than one is a fault
  std::string pending;             ///< what is under way, e.g. `Starting`
  bool disabled = false, managed = true, maintenance = false, blocked = false, failed = false, orphaned = false;
};

/// What crm_mon prints of one resource that stands in no other.
struct ResourceText {
  std::vector<std::string> lines;         ///< with what does not run
  std::vector<std::string> active_lines;  ///< without it; empty when nothing of it runs
};

/// A resource's failure record on a node (crm_mon -f).
struct FailLine {
  std::string node, resource, fail_count, last_failure;
  std::string threshold;
};

/// A failed operation (crm_mon, "Failed Resource Actions").
struct FailedAction {
  std::string resource, node, task;
  std::int64_t interval_ms = 0, at = 0, exec_ms = 0, queue_ms = 0;
  int rc = 0, status = 0, call = 0;
  std::string exit_reason;
};

struct ClusterView {
  std::string cluster_name, stack = "relevo", dc, dc_version, quorum_reason;
  bool has_cluster = true;  ///< false for a file: nobody is connected
  bool quorate = false, fencing_enabled = true, has_fence_device = false, maintenance_mode = false;
  bool symmetric = true, stop_all = false;
  std::string no_quorum_policy;
  WallTime now;
  std::string last_change, change_user, change_client, change_origin;
  std::vector<NodeLine> nodes;          ///< sorted by name
  std::vector<std::string> node_texts;  ///< the same for people, as crm_mon lists them
  std::vector<CollectionLine> collections;    ///< in the order of the CIB, outer before inner
  std::vector<ResourceLine> resources;        ///< in the order of the CIB
  std::vector<ResourceText> resource_texts;   ///< the same for people
  std::vector<FailLine> fail_counts;
  std::vector<FailedAction> failed;
  std::vector<std::string> moved;     ///< resources with a cli-prefer or cli-ban constraint in force
  std::vector<std::string> warnings;  ///< what cannot be shown or is not supported
  std::size_t instances = 0, disabled = 0, blocked = 0;
};

/// Reads a CIB. `snapshot` adds who leads and whether the partition is quorate; for a file it may be empty.
Result<ClusterView> build(const cib::Document& document, const resmgr::Snapshot& snapshot, WallTime now);

/// `Sat Nov 21 11:48:16 2026`, local time.
[[nodiscard]] std::string date_text(std::int64_t seconds);

}  // namespace relevo::cli::view
