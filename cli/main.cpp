// The multi-call binary: which program it is called as, and which verb. It does nothing itself.
#include <algorithm>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#include "cli/cluster/cluster.hpp"
#include "cli/explain/explain.hpp"
#include "cli/lab/lab.hpp"
#include "cli/lowlevel/lowlevel.hpp"
#include "cli/membership/membership.hpp"
#include "cli/mon/mon.hpp"
#include "cli/pcs/pcs.hpp"
#include "cli/quorum/quorum.hpp"
#include "cli/simulate/simulate.hpp"
#include "cli/support/commands.hpp"
#include "cli/support/exit_codes.hpp"
#include "cli/support/output.hpp"
#include "common/io/root.hpp"
#include "resmgr/client/client.hpp"

namespace relevo::cli {
namespace {

using Args = std::vector<std::string>;

int not_available(const std::string& name) {
  return print_error({fmt::format("{} is not available yet in this version of relevo", name), ErrorKind::unsupported});
}

/// The programs of the field that this binary stands in for. Source: DESIGN section 5.
const std::vector<std::string>& field_names() {
  static const std::vector<std::string> names = {"pcs",
                                                 "crm_mon",
                                                 "crm_verify",
                                                 "crm_simulate",
                                                 "cibadmin",
                                                 "crm_resource",
                                                 "crm_node",
                                                 "crm_attribute",
                                                 "crm_standby",
                                                 "crm_failcount",
                                                 "crm_ticket",
                                                 "crm_diff",
                                                 "stonith_admin",
                                                 "attrd_updater",
                                                 "corosync-keygen",
                                                 "corosync-quorumtool",
                                                 "corosync-cfgtool",
                                                 "corosync-cmapctl",
                                                 "corosync-cpgtool",
                                                 "crm"};
  return names;
}

bool is_field_name(const std::string& name) {
  const auto& names = field_names();
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// What crm_simulate -L plans for.
Result<std::string> running_cib(const std::string& root) {
  auto client = resmgr::Client::connect(io::find_root(root).resmgr_socket());
  if (!client) return tl::unexpected<Error>(client.error());
  auto snapshot = client->snapshot();
  if (!snapshot) return tl::unexpected<Error>(snapshot.error());
  return std::move(snapshot->cib);
}

int run_as(const std::string& name, const Args& args) {
  if (name == "pcs" && !args.empty() && args[0] == "cluster") return cluster::run({args.begin() + 1, args.end()});
  if (name == "pcs" && !args.empty() && args[0] == "quorum") return quorum::run({args.begin() + 1, args.end()});
  if (name == "pcs") return pcs::run(args);
  if (name == "crm_mon") return mon::run(args);
  if (name == "crm_simulate") return simulate::run(args, running_cib);
  if (name == "corosync-keygen") return cluster::corosync_keygen(args);
  if (const auto program = lowlevel::find(name)) return program(args);
  return not_available(name);
}

Args with_word(const std::string& word, const Args& args) {
  Args out = {word};
  out.insert(out.end(), args.begin(), args.end());
  return out;
}

/// pcs-like verbs go where pcs goes; they are listed here so that a mistyped one is suggested.
void add_pcs_verbs(CommandTable& table) {
  const std::pair<const char*, const char*> there[] = {{"property", "cluster properties"},
                                                       {"resource", "create, move, clean up, delete resources"},
                                                       {"constraint", "where resources may run"},
                                                       {"node", "standby and maintenance of nodes"},
                                                       {"status", "the cluster, its nodes and resources"}};
  for (const auto& [verb, summary] : there)
    table.push_back(
        {verb, summary, [name = std::string(verb)](const Args& args) { return pcs::run(with_word(name, args)); }});
  for (const auto* verb : {"stonith", "cib", "config", "host", "alert", "acl", "tag", "undo"})
    table.push_back({verb, "", [name = std::string(verb)](const Args&) { return not_available("relevo " + name); }});
}

CommandTable verbs() {
  CommandTable table = {
      {"keygen", "make the cluster's key", cluster::keygen},
      {"cluster", "start, stop and look at this node's daemons", cluster::run},
  };
  table.push_back({"membership", "ring, quorum and links: status, a table, a live view", membership_view::run});
  table.push_back({"quorum", "votes; the arbiter: add, remove, status", quorum::run});
  add_pcs_verbs(table);
  table.push_back({"explain", "why a resource is where it is, why an action is planned", explain::explain});
  table.push_back({"simulate", "what if: a node fails, a constraint goes ...", explain::simulate});
  table.push_back({"mon", "the live view (crm_mon)", mon::run});
  table.push_back({"lab", "clusters on this machine, with faults on demand", lab::run});
  table.push_back({"demo", "see a cluster survive a power failure, in a minute", lab::run_demo});
  for (const auto& name : field_names())
    table.push_back({name, "", [name](const Args& args) { return run_as(name, args); }});
  return table;
}

int dispatch(const std::string& called_as, const Args& args) {
  if (is_field_name(called_as)) return run_as(called_as, args);
  if (args.size() == 1 && (args[0] == "--version" || args[0] == "version")) {
    say("relevo {}", RELEVO_VERSION);
    return exit_ok;
  }
  return run_command("relevo", verbs(), args);
}

}  // namespace
}  // namespace relevo::cli

int main(int argc, char** argv) {
  const std::string name = argc > 0 ? std::filesystem::path(argv[0]).filename().string() : "relevo";
  try {
    return relevo::cli::dispatch(name, {argv + (argc > 0 ? 1 : 0), argv + argc});
  } catch (const std::exception& failure) {
    // Only libraries throw; what they throw ends the command with their words.
    return relevo::cli::print_error({fmt::format("unexpected: {}", failure.what()), relevo::ErrorKind::failed});
  }
}
