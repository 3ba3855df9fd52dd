// corosync-quorumtool: options, one question to the membership daemon, the exit code; see quorumtool.hpp.
#include "cli/lowlevel/quorumtool.hpp"

#include <cstdio>
#include <ctime>
#include <nlohmann/json.hpp>

#include "cli/lowlevel/command_line.hpp"
#include "cli/lowlevel/quorum_text.hpp"
#include "common/base/text.hpp"

namespace relevo::cli::lowlevel {
namespace {

constexpr int quorate = 0;
constexpr int not_quorate = 2;

constexpr const char* usage =
    "Usage: corosync-quorumtool [-s | -l | -m | -W q|x | -e VOTES | -v VOTES [-n NODEID] | -f] [-p] [-i] [-a] [-H] [-o a|n|i]\n"
    "  -s             the quorum and the members (default); exit 0 quorate, 2 not quorate, 1 error\n"
    "  -l             the members\n"
    "  -p             as -s (or with -l), with the Qdevice column also where there is no arbiter\n"
    "  -m             as -s, again at every change, until Ctrl-C\n"
    "  -W q|x         waits until this partition is quorate (q), or until it is not (x)\n"
    "  -e VOTES       changes the expected votes of the whole cluster\n"
    "  -v VOTES       the votes of a node (-n; else this one): says where they are changed\n"
    "  -f             the arbiter is taken out: says where\n"
    "  -n NODEID      with -v; checked, and otherwise without effect, as in the original\n"
    "  -i             addresses instead of names\n"
    "  -a             every address of a node\n"
    "  -H             node ids in hexadecimal\n"
    "  -o a|n|i       sorts by address, name or node id\n"
    "  --root DIR     the cluster whose files are below DIR\n"
    "  -h, -V\n";

const std::vector<Option>& options() {
  static const std::vector<Option> all{
      {'s', "status"}, {'l', "list"}, {'p', "parseable"}, {'m', "monitor"}, {'e', "expected", true}, {'i', "addresses"},
      {'a', "all"}, {'H', "hex"}, {'o', "order", true}, {'h', "help"}, {'V', "version"}, {0, "root", true},
      {'v', "votes", true}, {'n', "nodeid", true}, {'f', "force-unregister"}, {'W', "watch", true}};
  return all;
}

constexpr CommandLine line{"corosync-quorumtool", usage, options, corosync_failed, "Cannot initialize CMAP service"};

int complain(const std::string& what) { return line.complain(what); }

std::string date_now() {
  const auto now = std::time(nullptr);
  char text[64];
  tm parts{};
  localtime_r(&now, &parts);
  return std::string(text, std::strftime(text, sizeof text, "%a %b %e %H:%M:%S %Y", &parts));
}

Result<QuorumTextStyle> style_of(const Arguments& arguments) {
  QuorumTextStyle style;
  style.qdevice_column = arguments.has("parseable");
  style.addresses = arguments.has("addresses");
  style.all_addresses = arguments.has("all");
  style.hexadecimal = arguments.has("hex");
  const auto order = arguments.value("order", "i");
  if (order == "a") style.order = QuorumTextStyle::Order::address;
  if (order == "n") style.order = QuorumTextStyle::Order::name;
  if (order != "a" && order != "n" && order != "i") {
    return fail(ErrorKind::invalid, "-o: a (address), n (name) or i (node id), not '{}'", order);
  }
  return style;
}

/// One run against the daemon: asks, prints, ends with an exit code.
class Tool {
 public:
  Tool(RingDaemon& daemon, const Arguments& arguments, const QuorumTextStyle& style)
      : daemon_(daemon), arguments_(arguments), style_(style) {}

  int run() {
    if (arguments_.has("expected")) return expect(arguments_.value("expected"));
    if (arguments_.has("watch")) return watch(arguments_.value("watch") == "q");
    if (arguments_.has("monitor")) return monitor();
    const auto text = ask();
    if (!text) return complain(text.error().message);
    if (arguments_.has("list")) {
      fmt::print("{}", text->members);
      return quorate;
    }
    fmt::print("{}{}", text->status, text->members);
    return text->quorate ? quorate : not_quorate;
  }

 private:
  Result<QuorumText> ask() {
    const auto report = daemon_.report("status");
    if (!report) return pass(report.error());
    return quorum_text(report->dump(), date_now(), style_);
  }

  int expect(const std::string& votes) {
    const auto done = daemon_.command("expected-votes " + votes);
    if (done) return quorate;
    fmt::print(stderr, "Unable to set expected votes: CS_ERR_INVALID_PARAM\n");
    return complain(done.error().message);
  }

  int monitor() {
    for (std::string last;;) {
      const auto text = ask();
      if (!text) return complain(text.error().message);
      const auto now = text->status.substr(text->status.find("Quorum provider")) + text->members;
      if (now != last) fmt::print("{}{}", text->status, text->members);
      std::fflush(stdout);
      last = now;
      for (;;) {
        const auto changed = daemon_.wait_for_change(std::chrono::hours(1));
        if (!changed) return changed.error().kind == ErrorKind::failed ? quorate : complain(changed.error().message);
        if (*changed) break;
      }
    }
  }

  int watch(bool wanted) {
    for (;;) {
      const auto text = ask();
      if (!text) return complain(text.error().message);
      if (text->quorate == wanted) {
        fmt::print("{}{}", text->status, text->members);
        return quorate;
      }
      const auto changed = daemon_.wait_for_change(std::chrono::seconds(1));
      if (!changed) return complain(changed.error().message);
    }
  }

  RingDaemon& daemon_;
  const Arguments& arguments_;
  QuorumTextStyle style_;
};

/// What is wrong with the words, in those of the original. Nothing when they are good.
std::string mistake(const Arguments& arguments) {
  const auto is_number = [&](const char* name, std::uint64_t least) {
    const auto value = parse_uint(arguments.value(name));
    return !arguments.has(name) || (value && *value >= least && *value <= UINT32_MAX);
  };
  if (!is_number("votes", 0)) return "New votes value was not valid, try a positive number or zero";
  if (!is_number("expected", 1)) return "New expected votes value was not valid, try a positive number";
  if (!is_number("nodeid", 1)) return "The nodeid was not valid, try a positive number";
  const auto watch = arguments.value("watch", "q");
  if (watch != "q" && watch != "x") return "-W: q (until quorate) or x (until not quorate), not '" + watch + "'";
  return "";
}

/// What is an option of the configuration here, and no order to a running node. Empty = is not asked for.
std::string told_elsewhere(const Arguments& arguments) {
  if (arguments.has("votes"))
    return "the votes of a node are changed in the configuration file (nodelist.node.quorum_votes), then by 'corosync-cfgtool -R'";
  if (arguments.has("force-unregister"))
    return "an arbiter that does not answer has no vote already; it is taken out of the configuration by "
           "'relevo quorum device remove', or in the configuration file (quorum.device), then by 'corosync-cfgtool -R'";
  return "";
}

}  // namespace

int quorumtool(const std::vector<std::string>& args) {
  Arguments arguments;
  if (const auto ended = line.begin(args, arguments)) return *ended;
  if (const auto refused = line.refuse_words(arguments)) return *refused;
  if (const auto wrong = mistake(arguments); !wrong.empty()) {
    fmt::print(stderr, "{}\n", wrong);
    return corosync_failed;
  }
  const auto style = style_of(arguments);
  if (!style) return complain(style.error().message);
  const auto daemon = line.connect(arguments);
  if (!daemon) return corosync_failed;
  if (const auto elsewhere = told_elsewhere(arguments); !elsewhere.empty()) return complain(elsewhere);
  return Tool(*daemon, arguments, *style).run();
}

}  // namespace relevo::cli::lowlevel
