// corosync-cfgtool: options, one question or command to the membership daemon, the exit code.
#include <cstdio>

#include <nlohmann/json.hpp>

#include "cli/lowlevel/command_line.hpp"
#include "cli/lowlevel/cfg_text.hpp"
#include "cli/lowlevel/lowlevel.hpp"
#include "common/base/text.hpp"

namespace relevo::cli::lowlevel {
namespace {


constexpr const char* usage =
    "Usage: corosync-cfgtool [-i LINK] [-b] -s | -n | -R | -L | -k NODEID | -a NODEID | -H [--force]\n"
    "  -s         the links of this node, and who is connected over each\n"
    "  -b         with -s: one letter a node (n this node, 3 connected, 1 not)\n"
    "  -i LINK    with -s: only the link with this number or address\n"
    "  -n         the nodes that are reachable, with their links\n"
    "  -R         the whole cluster takes over the configuration file of this node\n"
    "  -L         the log files of this node are opened again\n"
    "  -k NODEID  that node leaves the cluster: its membership daemon ends\n"
    "  -a NODEID  the addresses of a node\n"
    "  -H         the membership daemon of this node ends; --force is accepted: nothing here can veto it\n"
    "  --root DIR the cluster whose files are below DIR\n"
    "  -h, -V\n";

const std::vector<Option>& options() {
  static const std::vector<Option> all{
      {'s', "status"}, {'n', "nodes"}, {'b', "brief"}, {'R', "reload"}, {'L', "reopen"}, {'k', "kill", true},
      {'a', "address", true}, {'H', "shutdown"}, {0, "force"}, {'i', "interface", true}, {'h', "help"}, {'V', "version"},
      {0, "root", true}};
  return all;
}

constexpr CommandLine line{"corosync-cfgtool", usage, options, corosync_failed, "Could not initialize corosync configuration API error 2"};

int complain(const std::string& what) { return line.complain(what); }

/// A node id as the original wants it: zero is none.
std::optional<std::uint32_t> node_id(const std::string& text) {
  const auto value = parse_uint(text);
  if (!value || *value == 0 || *value > UINT32_MAX) return std::nullopt;
  return static_cast<std::uint32_t>(*value);
}

int bad_node_id() {
  fmt::print(stderr, "The nodeid was not valid, try a positive number\n");
  return corosync_failed;
}

int show(const Result<std::string>& text) {
  if (!text) return complain(text.error().message);
  fmt::print("{}", *text);
  return 0;
}

int command(RingDaemon& daemon, const std::string& words, const std::string& before, const std::string& after) {
  if (!before.empty()) fmt::print("{}\n", before);
  std::fflush(stdout);
  const auto done = daemon.command(words);
  if (!done) return complain(done.error().message);
  if (!done->empty()) fmt::print(stderr, "{}\n", *done);
  if (!after.empty()) fmt::print("{}\n", after);
  return 0;
}

int act(RingDaemon& daemon, const std::string& action, const Arguments& arguments) {
  if (action == "reload") return command(daemon, "reload", "Reloading corosync.conf...", "Done");
  if (action == "reopen") return command(daemon, "reopen-logs", "", "");
  if (action == "shutdown") return command(daemon, "shutdown", "Shutting down corosync", "");
  if (action == "kill") {
    const auto id = *node_id(arguments.value("kill"));
    return command(daemon, fmt::format("leave-node {}", id), fmt::format("Killing node {}", id), "");
  }
  const auto report = daemon.report("status");
  if (!report) return complain(report.error().message);
  if (action == "nodes") return show(cfg_nodes(*report));
  if (action == "status") return show(cfg_links(*report, arguments.has("brief"), arguments.value("interface")));
  const auto addresses = cfg_addresses(*report, *node_id(arguments.value("address")));
  if (addresses || addresses.error().kind != ErrorKind::not_found) return show(addresses);
  fmt::print(stderr, "{}\n", addresses.error().message);
  return corosync_failed;
}

}  // namespace

int cfgtool(const std::vector<std::string>& args) {
  Arguments arguments;
  if (const auto ended = line.parse(args, arguments)) return *ended;
  if (arguments.has("version")) return line.show_version();
  std::string action;
  for (const std::string name : {"status", "nodes", "reload", "reopen", "kill", "address", "shutdown"}) {
    if (!arguments.has(name)) continue;
    if (!action.empty()) return complain("--" + action + " and --" + name + " are two things: give one of them");
    action = name;
  }
  if (arguments.has("help") || (action.empty() && arguments.words().empty())) return line.show_usage();
  if (const auto refused = line.refuse_words(arguments)) return *refused;
  for (const std::string with_id : {"kill", "address"})
    if (action == with_id && !node_id(arguments.value(with_id))) return bad_node_id();
  const auto daemon = line.connect(arguments, std::chrono::seconds(60));
  if (!daemon) return corosync_failed;
  return act(*daemon, action, arguments);
}

}  // namespace relevo::cli::lowlevel
