// `relevo quorum device status`: the running daemon's words about the arbiter, laid out as corosync-qdevice-tool -s does.
#include <nlohmann/json.hpp>

#include "cli/ask/ask.hpp"
#include "cli/lowlevel/cmap_text.hpp"
#include "cli/quorum/device.hpp"
#include "cli/quorum/device_text.hpp"
#include "cli/support/exit_codes.hpp"
#include "cli/support/options.hpp"
#include "cli/support/output.hpp"

namespace relevo::cli::quorum {
namespace {

Result<DeviceFacts> ask(const std::string& root) {
  auto daemon = RingDaemon::connect(root);
  if (!daemon) return pass(daemon.error());
  const auto report = (*daemon)->report("status");
  if (!report) return pass(report.error());
  const auto keys = (*daemon)->report("cmap");
  if (!keys) return pass(keys.error());
  const auto entries = lowlevel::read_cmap(*keys);
  if (!entries) return pass(entries.error());
  const auto value = [&](const char* key, const char* otherwise) {
    const auto found = entries->find(std::string("quorum.device.net.") + key);
    return found == entries->end() ? std::string(otherwise) : found->second.value;
  };
  return device_facts(*report, value("host", ""), value("port", "5403"), value("algorithm", "ffsplit"), value("tie_breaker", "lowest"));
}

}  // namespace

int device_status(const std::vector<std::string>& args) {
  std::string root;
  bool as_json = false, full = false;
  Options options("relevo quorum device status [--json]", "Whether this node talks with the arbiter, and whether that votes for its partition.");
  options.value("--root", "DIR", "everything below this folder instead of /", root);
  options.flag("--json", "for programs", as_json);
  options.flag("--full", "accepted: everything is shown", full);
  if (const auto ended = options.words(0, 0).parse_or_end(args)) return *ended;
  const auto facts = ask(root);
  if (!facts)
    return print_error(facts.error(), facts.error().kind == ErrorKind::not_connected ? "relevo cluster start starts the cluster on this node" : "");
  if (as_json)
    print_json(device_json(*facts));
  else
    fmt::print("{}", device_text(*facts));
  return exit_ok;
}

}  // namespace relevo::cli::quorum
