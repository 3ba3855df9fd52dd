// The verbs of `relevo membership`: options, questions to the daemon, what is printed.
#include "cli/membership/membership.hpp"

#include <nlohmann/json.hpp>

#include "cli/ask/ask.hpp"
#include "cli/membership/top.hpp"
#include "cli/membership/view.hpp"
#include "cli/support/commands.hpp"
#include "cli/support/exit_codes.hpp"
#include "cli/support/options.hpp"
#include "cli/support/output.hpp"

namespace relevo::cli::membership_view {
namespace {

using Args = std::vector<std::string>;

struct Common {
  std::string root;
  bool json = false;
};

/// Parses; a number is the exit code with which the verb ends at once.
std::optional<int> parse(Options& options, Common& common, const Args& args) {
  options.value("--root", "DIR", "everything below this folder instead of /", common.root);
  options.flag("--json", "for programs", common.json);
  return options.words(0, 0).parse_or_end(args);
}

int not_there(const Error& error) {
  return print_error(error, error.kind == ErrorKind::not_connected ? "relevo cluster start starts the cluster on this node" : "");
}

/// A daemon of before the keys' report has none: that is no reason to show nothing.
nlohmann::json keys_of(RingDaemon& daemon) {
  const auto keys = daemon.report("keys");
  return keys ? *keys : nlohmann::json();
}

int status_main(const Args& args) {
  Common common;
  Options options("relevo membership status [--json] [--root DIR]", "Ring, quorum, links, timers and keys of this node, and what to do.");
  if (const auto ended = parse(options, common, args)) return *ended;
  auto daemon = RingDaemon::connect(common.root);
  if (!daemon) return not_there(daemon.error());
  const auto report = (*daemon)->report("status");
  if (!report) return not_there(report.error());
  const auto keys = keys_of(**daemon);
  if (common.json) {
    print_json(status_json(*report, keys));
    return exit_ok;
  }
  const auto text = status_text(*report, keys);
  if (!text) return print_error(text.error());
  fmt::print("{}", *text);
  return exit_ok;
}

int links_main(const Args& args) {
  Common common;
  Options options("relevo membership links [--json] [--root DIR]", "Every link to every node: state, loss, latency, MTU, packets.");
  if (const auto ended = parse(options, common, args)) return *ended;
  auto daemon = RingDaemon::connect(common.root);
  if (!daemon) return not_there(daemon.error());
  const auto report = (*daemon)->report("status");
  if (!report) return not_there(report.error());
  const auto rows = link_rows(*report);
  if (!rows) return print_error(rows.error());
  if (common.json)
    print_json(links_json(*rows));
  else
    fmt::print("{}", links_text(*rows));
  return exit_ok;
}

int top_main(const Args& args) {
  Common common;
  TopOptions top;
  std::uint32_t interval = 1000;
  std::string sort = "node";
  Options options("relevo membership top [--once] [--interval MS] [--sort node|loss|latency|traffic] [--json] [--root DIR]",
                  "The links and the ring, live. Keys: q ends, n l t b sort by node, loss, latency, traffic.");
  options.flag("--once", "one table after one interval, then the end; so is --json", top.once);
  options.number("--interval", "milliseconds between two tables", interval, 100, 3'600'000);
  options.value("--sort", "COLUMN", "node, loss, latency or traffic", sort);
  if (const auto ended = parse(options, common, args)) return *ended;
  if (!sort_of(sort, top.sort)) return print_usage_error(fmt::format("--sort: node, loss, latency or traffic, not '{}'", sort));
  top.root = common.root;
  top.json = common.json;
  top.interval = std::chrono::milliseconds(interval);
  return run_top(top);
}

int reload_main(const Args& args) {
  Common common;
  Options options("relevo membership reload [--root DIR]", "The whole cluster takes over the configuration file of this node, or nobody.");
  if (const auto ended = parse(options, common, args)) return *ended;
  auto daemon = RingDaemon::connect(common.root, std::chrono::seconds(60));
  if (!daemon) return not_there(daemon.error());
  const auto done = (*daemon)->command("reload");
  if (!done) return print_error(done.error());
  if (common.json)
    print_json({{"reloaded", true}, {"text", *done}});
  else
    print_line(done->empty() ? "the configuration is in force" : *done);
  return exit_ok;
}

}  // namespace

int run(const Args& args) {
  static const CommandTable table = {
      {"status", "ring, quorum, links, timers, keys, and what to do", status_main},
      {"links", "a table of the links: loss, latency, MTU", links_main},
      {"top", "the same, live, with rates", top_main},
      {"reload", "take over the configuration file, cluster wide", reload_main},
  };
  return run_command("relevo membership", table, args);
}

}  // namespace relevo::cli::membership_view
