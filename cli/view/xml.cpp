// crm_mon's XML; see xml.hpp.
#include "cli/view/xml.hpp"

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
  fmt::format_to(to, "    <resources_configured number=\"{}\" disabled=\"{}\" blocked=\"{}\"/>\n", c.resources.size(), c.disabled, c.blocked);
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

void put_resources(std::string& out, const ClusterView& c, bool inactive) {
  out += "  <resources>\n";
  for (const auto& r : c.resources) {
    if (!inactive && r.nodes.empty() && !r.failed) continue;
    const auto target = r.target_role.empty() ? std::string{} : fmt::format(" target_role=\"{}\"", r.target_role);
    const auto pending = r.pending.empty() ? std::string{} : fmt::format(" pending=\"{}\"", r.pending);
    fmt::format_to(std::back_inserter(out),
                   "    <resource id=\"{}\" resource_agent=\"{}\" role=\"{}\"{} active=\"{}\" orphaned=\"{}\" blocked=\"{}\" managed=\"{}\" "
                   "failed=\"{}\" failure_ignored=\"false\" nodes_running_on=\"{}\"{}",
                   safe(r.id), safe(r.agent), safe(r.role), target, yes(!r.nodes.empty()), yes(r.orphaned), yes(r.blocked), yes(r.managed),
                   yes(r.failed), r.nodes.size(), pending);
    if (r.nodes.empty()) {
      out += "/>\n";
      continue;
    }
    out += ">\n";
    for (const auto& node : r.nodes)
      fmt::format_to(std::back_inserter(out), "      <node name=\"{}\" id=\"{}\" cached=\"true\"/>\n", safe(node), safe(id_of(c, node)));
    out += "    </resource>\n";
  }
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
