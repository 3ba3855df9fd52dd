// crm_mon's XML; see xml.hpp.
#include "cli/view/xml.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "common/xml/tree.hpp"

namespace relevo::cli::view {
namespace {

const char* yes(bool value) { return value ? "true" : "false"; }
std::string safe(std::string_view text) { return xml::escape(text); }

void put_summary(std::string& out, const ClusterView& c) {
  auto to = std::back_inserter(out);
  fmt::format_to(to, "  <summary>\n    <stack type=\"{}\"/>\n", c.has_cluster ? safe(c.stack) : "unknown");
  if (c.dc.empty()) {
    out += "    <current_dc present=\"false\"/>\n";
  } else {
    std::string id;
    for (const auto& n : c.nodes)
      if (n.name == c.dc) id = n.id;
    fmt::format_to(to, "    <current_dc present=\"true\" version=\"{}\" name=\"{}\" id=\"{}\" with_quorum=\"{}\" mixed_version=\"false\"/>\n",
                   safe(c.dc_version), safe(c.dc), safe(id), yes(c.quorate));
  }
  fmt::format_to(to, "    <last_update time=\"{}\"/>\n", date_text(c.now.seconds));
  fmt::format_to(to, "    <last_change time=\"{}\" user=\"{}\" client=\"{}\" origin=\"{}\"/>\n", safe(c.last_change), safe(c.change_user),
                 safe(c.change_client), safe(c.change_origin));
  fmt::format_to(to, "    <nodes_configured number=\"{}\"/>\n", c.nodes.size());
  fmt::format_to(to, "    <resources_configured number=\"{}\" disabled=\"{}\" blocked=\"{}\"/>\n", c.instances, c.disabled, c.blocked);
  fmt::format_to(to,
                 "    <cluster_options stonith-enabled=\"{}\" symmetric-cluster=\"{}\" no-quorum-policy=\"{}\" maintenance-mode=\"{}\" "
                 "stop-all-resources=\"{}\" stonith-timeout-ms=\"60000\" priority-fencing-delay-ms=\"0\"/>\n  </summary>\n",
                 yes(c.fencing_enabled), yes(c.symmetric), safe(c.no_quorum_policy), yes(c.maintenance_mode), yes(c.stop_all));
}

void put_nodes(std::string& out, const ClusterView& c) {
  out += "  <nodes>\n";
  for (const auto& n : c.nodes)
    fmt::format_to(std::back_inserter(out),
                   "    <node name=\"{}\" id=\"{}\" online=\"{}\" standby=\"{}\" standby_onfail=\"false\" maintenance=\"{}\" pending=\"{}\" "
                   "unclean=\"{}\" health=\"green\" feature_set=\"3.16.2\" shutdown=\"{}\" expected_up=\"{}\" is_dc=\"{}\" "
                   "resources_running=\"{}\" type=\"member\"/>\n",
                   safe(n.name), safe(n.id), yes(n.online), yes(n.standby), yes(n.maintenance), yes(n.pending), yes(n.unclean),
                   yes(n.shutdown), yes(n.expected_up), yes(n.is_dc), n.resources_running);
  out += "  </nodes>\n";
}

std::string id_of(const ClusterView& c, const std::string& node) {
  for (const auto& n : c.nodes)
    if (n.name == node) return n.id;
  return {};
}

void put_resource(std::string& out, const ClusterView& c, const ResourceLine& r, const std::string& indent) {
  const auto target = r.target_role.empty() ? std::string{} : fmt::format(" target_role=\"{}\"", safe(r.target_role));
  const auto pending = r.pending.empty() ? std::string{} : fmt::format(" pending=\"{}\"", r.pending);
  fmt::format_to(std::back_inserter(out),
                 "{}<resource id=\"{}\" resource_agent=\"{}\" role=\"{}\"{} active=\"{}\" orphaned=\"{}\" blocked=\"{}\" managed=\"{}\" "
                 "failed=\"{}\" failure_ignored=\"false\" nodes_running_on=\"{}\"{}",
                 indent, safe(r.id), safe(r.agent), safe(r.role), target, yes(!r.nodes.empty()), yes(r.orphaned), yes(r.blocked),
                 yes(r.managed), yes(r.failed), r.nodes.size(), pending);
  if (r.nodes.empty()) {
    out += "/>\n";
    return;
  }
  out += ">\n";
  for (const auto& node : r.nodes)
    fmt::format_to(std::back_inserter(out), "{}  <node name=\"{}\" id=\"{}\" cached=\"true\"/>\n", indent, safe(node), safe(id_of(c, node)));
  out += indent + "</resource>\n";
}

void open_collection(std::string& out, const CollectionLine& c, const std::string& indent) {
  auto to = std::back_inserter(out);
  if (c.kind == "clone")
    fmt::format_to(to,
                   "{}<clone id=\"{}\" multi_state=\"{}\" unique=\"{}\" managed=\"{}\" disabled=\"{}\" failed=\"{}\" "
                   "failure_ignored=\"false\"{}>\n",
                   indent, safe(c.id), yes(c.promotable), yes(c.unique), yes(c.managed), yes(c.disabled), yes(c.failed),
                   c.target_role.empty() ? "" : fmt::format(" target_role=\"{}\"", safe(c.target_role)));
  else if (c.kind == "group")
    fmt::format_to(to, "{}<group id=\"{}\" number_resources=\"{}\" managed=\"{}\" disabled=\"{}\">\n", indent, safe(c.id), c.members,
                   yes(c.managed), yes(c.disabled));
  else
    fmt::format_to(to, "{}<bundle id=\"{}\" unique=\"{}\" managed=\"{}\" failed=\"{}\">\n", indent, safe(c.id), yes(c.unique),
                   yes(c.managed), yes(c.failed));
}

/// Which outermost collections, by place, have anything active: without -r the others are left out, as crm_mon does.
bool is_shown(const ClusterView& c, const ResourceLine& r, bool inactive) {
  if (inactive || !r.nodes.empty() || r.failed) return true;
  return !r.inside.empty() && std::any_of(c.resources.begin(), c.resources.end(), [&](const ResourceLine& other) {
    return !other.inside.empty() && other.inside.front() == r.inside.front() && (!other.nodes.empty() || other.failed);
  });
}

void put_resources(std::string& out, const ClusterView& c, bool inactive) {
  out += "  <resources>\n";
  std::vector<std::size_t> open;
  const auto indent = [&] { return std::string(4 + 2 * open.size(), ' '); };
  const auto close_to = [&](std::size_t depth) {
    while (open.size() > depth) {
      const auto kind = c.collections[open.back()].kind;
      open.pop_back();
      out += indent() + "</" + kind + ">\n";
    }
  };
  for (const auto& r : c.resources) {
    if (!is_shown(c, r, inactive)) continue;
    std::size_t common = 0;
    while (common < open.size() && common < r.inside.size() && open[common] == r.inside[common]) ++common;
    close_to(common);
    for (; common < r.inside.size(); ++common) {
      open_collection(out, c.collections[r.inside[common]], indent());
      open.push_back(r.inside[common]);
    }
    put_resource(out, c, r, indent());
  }
  close_to(0);
  out += "  </resources>\n";
}

void put_failures(std::string& out, const ClusterView& c) {
  if (c.failed.empty()) return;
  out += "  <failures>\n";
  for (const auto& f : c.failed)
    fmt::format_to(std::back_inserter(out),
                   "    <failure op_key=\"{0}_{1}_{2}\" node=\"{3}\" exitcode=\"{4}\" exitreason=\"{5}\" call=\"{6}\" "
                   "last-rc-change=\"{7}\" queued=\"{8}\" exec=\"{9}\" interval=\"{2}\" task=\"{1}\"/>\n",
                   safe(f.resource), safe(f.task), f.interval_ms, safe(f.node), f.rc, safe(f.exit_reason), f.call, date_text(f.at),
                   f.queue_ms, f.exec_ms);
  out += "  </failures>\n";
}

}  // namespace

std::string to_xml(const ClusterView& cluster, std::string_view request, const TextOptions& options) {
  auto out = fmt::format("<pacemaker-result api-version=\"2.25\" request=\"{}\">\n", safe(request));
  put_summary(out, cluster);
  put_nodes(out, cluster);
  put_resources(out, cluster, options.inactive);
  put_failures(out, cluster);
  return out + "  <status code=\"0\" message=\"OK\"/>\n</pacemaker-result>\n";
}

}  // namespace relevo::cli::view
