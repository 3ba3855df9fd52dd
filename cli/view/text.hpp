// The cluster as crm_mon prints it. Source: crm_mon(8) of 2.1.5, as recorded; resmgr spec 3.1.
#pragma once

#include <string>

#include "cli/view/cluster_view.hpp"

namespace relevo::cli::view {

struct TextOptions {
  bool inactive = false;    ///< -r: resources that run nowhere, too
  bool failcounts = false;  ///< -f
  bool attributes = false;  ///< -A
  bool detail = false;      ///< -R
  bool by_node = false;     ///< -n
  bool heading = true;      ///< the summary
};

/// The whole text, each line ended.
[[nodiscard]] std::string render(const ClusterView& cluster, const TextOptions& options);
/// Only the lines of the resources (`pcs status resources`).
[[nodiscard]] std::string render_resources(const ClusterView& cluster, bool inactive);
/// `pcs status nodes`.
[[nodiscard]] std::string render_node_table(const ClusterView& cluster);
/// `crm_mon -s`: one line for monitoring programs. `exit_code` gets 0 OK, 1 WARN.
[[nodiscard]] std::string render_one_line(const ClusterView& cluster, int& exit_code);

}  // namespace relevo::cli::view
