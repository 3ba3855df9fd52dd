// The status commands; see status.hpp. The layout itself is cli/view's.
#include "cli/pcs/status.hpp"

#include <ctime>

#include <fmt/format.h>

#include "cli/pcs/session.hpp"
#include "cli/view/cluster_view.hpp"
#include "cli/view/json.hpp"
#include "cli/view/text.hpp"
#include "cli/view/xml.hpp"
#include "common/base/text.hpp"
#include "common/config/cluster_config.hpp"
#include "common/io/file.hpp"
#include "common/io/root.hpp"

namespace relevo::cli::pcs {
namespace {

Result<view::ClusterView> read_view(const Arguments& arguments) {
  auto session = Session::open(arguments);
  if (!session) return pass(session.error());
  return view::build(session->document(), session->snapshot(), WallTime{std::time(nullptr)});
}

/// As pcs does: the name stands in the membership's configuration, the CIB may not know it.
std::string cluster_name(const view::ClusterView& cluster, const Arguments& arguments) {
  if (!cluster.cluster_name.empty()) return cluster.cluster_name;
  const auto root = io::find_root(arguments.root);
  const auto path = io::file_exists(root.cluster_conf()) ? root.cluster_conf() : root.corosync_conf();
  const auto text = io::read_file(path);
  const auto config = text ? config::parse_cluster_config(*text, path) : Result<config::ClusterConfig>(pass(text.error()));
  return config ? config->totem.cluster_name : std::string{};
}

void print_warnings(const view::ClusterView& cluster) {
  std::vector<std::string> warnings;
  if (cluster.fencing_enabled && !cluster.has_fence_device)
    warnings.emplace_back("No stonith devices and stonith-enabled is not false: no resource will be started");
  if (!cluster.fencing_enabled)
    warnings.emplace_back("Fencing is off: a node that hangs may keep what it had (relevo-guard-time only bounds it)");
  if (!cluster.moved.empty()) {
    warnings.push_back(fmt::format("Following resources have been moved and their move constraints are still in place: '{}'",
                                   join(cluster.moved, "', '")));
    warnings.emplace_back("Run 'pcs constraint location' or 'pcs resource clear <resource id>' to view or remove the constraints, respectively");
  }
  if (warnings.empty()) return;
  fmt::print("\nWARNINGS:\n");
  for (const auto& warning : warnings) fmt::print("{}\n", warning);
  fmt::print("\n");
}

Status full_status(const Arguments& arguments) {
  auto cluster = read_view(arguments);
  if (!cluster) return pass(cluster.error());
  if (arguments.json) {
    fmt::print("{}\n", view::to_json(*cluster));
    return {};
  }
  view::TextOptions options;
  options.inactive = !arguments.hide_inactive;
  options.failcounts = options.attributes = arguments.full;
  fmt::print("Cluster name: {}\n", cluster_name(*cluster, arguments));
  print_warnings(*cluster);
  fmt::print("{}\nDaemon Status:\n  relevo-membershipd: active\n  relevo-resmgrd: active\n", view::render(*cluster, options));
  return {};
}

Status nodes(const Arguments& arguments) {
  auto cluster = read_view(arguments);
  if (!cluster) return pass(cluster.error());
  fmt::print("{}", view::render_node_table(*cluster));
  return {};
}

}  // namespace

Status status_resources(const Arguments& arguments) {
  auto cluster = read_view(arguments);
  if (!cluster) return pass(cluster.error());
  if (arguments.json)
    fmt::print("{}\n", view::resources_json(*cluster));
  else
    fmt::print("{}", view::render_resources(*cluster, !arguments.hide_inactive));
  return {};
}

Status status_command(Arguments arguments) {
  const auto what = arguments.take();
  if (what.empty() || what == "status") return full_status(arguments);
  if (what == "resources") return status_resources(arguments);
  if (what == "nodes") return nodes(arguments);
  if (what == "xml") {
    auto cluster = read_view(arguments);
    if (!cluster) return pass(cluster.error());
    fmt::print("{}", view::to_xml(*cluster, "crm_mon --one-shot --inactive --output-as xml", {}));
    return {};
  }
  const auto near = did_you_mean(what, {"resources", "nodes", "xml"});
  return fail(ErrorKind::invalid, "unknown command 'status {}'{}", what,
              near ? fmt::format(" (did you mean '{}'?)", *near) : "; there are resources, nodes, xml");
}

}  // namespace relevo::cli::pcs
