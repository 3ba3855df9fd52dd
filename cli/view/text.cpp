// Rendering the cluster as text; see text.hpp.
#include "cli/view/text.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "common/base/text.hpp"

namespace relevo::cli::view {
namespace {

std::string counted(std::size_t n, const char* one, const char* many) { return fmt::format("{} {}", n, n == 1 ? one : many); }

std::string resource_count(const ClusterView& cluster) {
  auto text = counted(cluster.instances, "resource instance configured", "resource instances configured");
  std::vector<std::string> parts;
  if (cluster.disabled > 0) parts.push_back(fmt::format("{} DISABLED", cluster.disabled));
  if (cluster.blocked > 0) parts.push_back(fmt::format("{} BLOCKED from further action due to failure", cluster.blocked));
  if (!parts.empty()) text += " (" + join(parts, ", ") + ")";
  return text;
}

std::string dc_line(const ClusterView& cluster) {
  if (cluster.dc.empty()) return "NONE";
  return fmt::format("{} (version {}) - partition {} quorum", cluster.dc, cluster.dc_version.empty() ? "unknown" : cluster.dc_version,
                     cluster.quorate ? "with" : "WITHOUT");
}

void put_summary(std::string& out, const ClusterView& cluster) {
  auto to = std::back_inserter(out);
  fmt::format_to(to, "Cluster Summary:\n  * Stack: {}\n  * Current DC: {}\n", cluster.has_cluster ? cluster.stack : "unknown", dc_line(cluster));
  fmt::format_to(to, "  * Last updated: {}\n", date_text(cluster.now.seconds));
  fmt::format_to(to, "  * Last change:  {}{}{}{}\n", cluster.last_change,
                 cluster.change_user.empty() ? "" : " by " + cluster.change_user,
                 cluster.change_client.empty() ? "" : " via " + cluster.change_client,
                 cluster.change_origin.empty() ? "" : " on " + cluster.change_origin);
  fmt::format_to(to, "  * {}\n  * {}\n", counted(cluster.nodes.size(), "node configured", "nodes configured"), resource_count(cluster));
  if (cluster.has_cluster && !cluster.quorate && !cluster.quorum_reason.empty())
    fmt::format_to(to, "  * Quorum: {}\n", cluster.quorum_reason);
  if (cluster.maintenance_mode)
    out += "\n              *** Resource management is DISABLED ***\n"
           "  The cluster will not attempt to start, stop or recover services\n";
}

std::string node_state(const NodeLine& node) {
  if (node.unclean) return node.online ? "UNCLEAN (online)" : "UNCLEAN (offline)";
  if (node.pending) return "pending";
  if (node.standby && node.online) return node.resources_running > 0 ? "standby (with active resources)" : "standby";
  if (node.standby) return "OFFLINE (standby)";
  if (node.maintenance) return node.online ? "maintenance" : "OFFLINE (maintenance)";
  return node.online ? "" : "OFFLINE";
}

void put_nodes(std::string& out, const ClusterView& cluster) {
  out += cluster.node_texts.empty() ? "\nNode List:\n" : "\n";
  for (const auto& line : cluster.node_texts) out += line + "\n";
}

std::string suffix(const ResourceLine& r) {
  std::vector<std::string> words;
  if (r.disabled) words.emplace_back("disabled");
  if (r.blocked) words.emplace_back("blocked");
  if (r.maintenance) words.emplace_back("maintenance");
  else if (!r.managed) words.emplace_back("unmanaged");
  return words.empty() ? std::string{} : " (" + join(words, ", ") + ")";
}

void put_by_node(std::string& out, const ClusterView& cluster) {
  out += "\nNode List:\n";
  for (const auto& node : cluster.nodes) {
    const auto state = node_state(node);
    fmt::format_to(std::back_inserter(out), "  * Node {}: {}:\n    * Resources:\n", node.name, state.empty() ? "online" : state);
    for (const auto& r : cluster.resources)
      if (std::find(r.nodes.begin(), r.nodes.end(), node.name) != r.nodes.end())
        fmt::format_to(std::back_inserter(out), "      * {}\t({}):\t {}{}\n", r.id, r.agent, r.role, suffix(r));
  }
}

void put_resources(std::string& out, const ClusterView& cluster, const TextOptions& options) {
  out += options.inactive ? "\nFull List of Resources:\n" : "\nActive Resources:\n";
  const auto lines = render_resources(cluster, options.inactive);
  out += lines.empty() ? (options.inactive ? "  * No resources\n" : "  * No active resources\n") : lines;
}

void put_attributes(std::string& out, const ClusterView& cluster) {
  out += "\nNode Attributes:\n";
  for (const auto& node : cluster.nodes) {
    if (node.attributes.empty()) continue;
    fmt::format_to(std::back_inserter(out), "  * Node: {}:\n", node.name);
    for (const auto& [name, value] : node.attributes)
      fmt::format_to(std::back_inserter(out), "    * {:<32}\t: {:<10}\n", name, value);
  }
}

void put_fail_counts(std::string& out, const ClusterView& cluster) {
  out += "\nMigration Summary:\n";
  std::string node;
  for (const auto& line : cluster.fail_counts) {
    if (line.node != node) fmt::format_to(std::back_inserter(out), "  * Node: {}:\n", node = line.node);
    fmt::format_to(std::back_inserter(out), "    * {}: migration-threshold={} fail-count={} last-failure='{}'\n", line.resource,
                   line.threshold, line.fail_count, line.last_failure);
  }
}

std::string outcome(const FailedAction& f) {
  static constexpr const char* names[] = {"ok",           "error",         "invalid parameter", "not supported", "insufficient privileges",
                                          "not installed", "not configured", "not running",      "promoted",      "failed (promoted)"};
  if (f.status == 2) return "'timeout'";
  if (f.rc >= 0 && f.rc <= 9) return fmt::format("'{}'", names[f.rc]);
  return fmt::format("'{}'", f.rc);
}

void put_failed(std::string& out, const ClusterView& cluster) {
  if (cluster.failed.empty()) return;
  out += "\nFailed Resource Actions:\n";
  for (const auto& f : cluster.failed) {
    const auto task = f.interval_ms > 0 ? fmt::format("{}-interval {}", f.interval_ms % 1000 == 0 ? fmt::format("{}s", f.interval_ms / 1000)
                                                                                                    : fmt::format("{}ms", f.interval_ms), f.task)
                                        : f.task;
    fmt::format_to(std::back_inserter(out), "  * {} {} on {} returned {}{} at {}{}\n", f.resource, task, f.node, outcome(f),
                   f.exit_reason.empty() ? "" : fmt::format(" ({})", f.exit_reason), date_text(f.at),
                   f.exec_ms > 0 ? fmt::format(" after {}ms", f.exec_ms) : "");
  }
}

}  // namespace

std::string render_resources(const ClusterView& cluster, bool inactive) {
  std::string out;
  for (const auto& resource : cluster.resource_texts)
    for (const auto& line : inactive ? resource.lines : resource.active_lines) out += line + "\n";
  return out;
}

std::string render(const ClusterView& cluster, const TextOptions& options) {
  std::string out;
  if (options.heading) put_summary(out, cluster);
  if (options.by_node) {
    put_by_node(out, cluster);
  } else {
    put_nodes(out, cluster);
    put_resources(out, cluster, options);
  }
  if (options.attributes) put_attributes(out, cluster);
  if (options.failcounts) put_fail_counts(out, cluster);
  put_failed(out, cluster);
  for (const auto& warning : cluster.warnings) out += "\nWarning: " + warning + "\n";
  return out;
}

std::string render_node_table(const ClusterView& cluster) {
  std::vector<std::string> online, standby, maintenance, offline;
  for (const auto& node : cluster.nodes)
    (!node.online ? offline : node.standby ? standby : node.maintenance ? maintenance : online).push_back(node.name);
  const auto line = [](const char* title, const std::vector<std::string>& names) {
    return fmt::format(" {}:{}{}\n", title, names.empty() ? "" : " ", join(names, " "));
  };
  return "Pacemaker Nodes:\n" + line("Online", online) + line("Standby", standby) + line("Maintenance", maintenance) + line("Offline", offline);
}

std::string render_one_line(const ClusterView& cluster, int& exit_code) {
  std::vector<std::string> problems;
  std::size_t online = 0;
  for (const auto& node : cluster.nodes) {
    online += node.online ? 1 : 0;
    if (node.standby && node.online) problems.push_back("standby node: " + node.name);
    else if (node.maintenance) problems.push_back("maintenance node: " + node.name);
    else if (!node.online) problems.push_back("offline node: " + node.name);
  }
  if (cluster.dc.empty()) problems.insert(problems.begin(), "No DC");
  exit_code = problems.empty() ? 0 : 1;
  if (!problems.empty()) return "CLUSTER WARN: " + join(problems, ", ") + "\n";
  return fmt::format("CLUSTER OK: {}, {}\n", counted(online, "node online", "nodes online"), resource_count(cluster));
}

}  // namespace relevo::cli::view
