// corosync-quorumtool: options, one question to the membership daemon, the exit code; see quorumtool.hpp.
#include "cli/lowlevel/quorumtool.hpp"

#include <csignal>
#include <cstdio>
#include <ctime>
#include <optional>

#include "cli/lowlevel/arguments.hpp"
#include "cli/lowlevel/quorum_text.hpp"
#include "common/base/text.hpp"
#include "common/io/loop.hpp"
#include "common/io/root.hpp"
#include "membership/client/client.hpp"

namespace relevo::cli::lowlevel {
namespace {

constexpr int quorate = 0;
constexpr int failed = 1;
constexpr int not_quorate = 2;

constexpr const char* usage =
    "Usage: corosync-quorumtool [-s | -l | -p | -m | -e VOTES] [-i] [-a] [-H] [-o a|n|i]\n"
    "  -s             the quorum and the members (default)\n"
    "  -l             the members\n"
    "  -p             as -s, with the Qdevice column\n"
    "  -m             as -s, again at every change, until Ctrl-C\n"
    "  -e VOTES       changes the expected votes of the whole cluster\n"
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
      {'v', "votes", true}, {'n', "nodeid", true}, {'f', "force-unregister"}, {'W', "watch", true}, {'X', "extra"}};
  return all;
}

int complain(const std::string& what) {
  fmt::print(stderr, "corosync-quorumtool: {}\n", what);
  return failed;
}

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
  Tool(const Arguments& arguments, QuorumTextStyle style)
      : arguments_(arguments), style_(style), timer_(loop_) {}

  int run() {
    membership::Handlers handlers;
    handlers.on_lost = [this](const std::string& reason) { end(complain("relevo-membershipd: " + reason)); };
    if (arguments_.has("monitor")) handlers.on_quorum = [this](const QuorumView&) { ask(); };
    const auto socket = io::find_root(arguments_.value("root")).membership_socket();
    auto client = membership::Client::connect(loop_, socket, std::move(handlers));
    if (!client) {
      // The words that Corosync's users and pcs know, then ours.
      fmt::print(stderr, "Cannot initialize CMAP service\n");
      return complain(client.error().message);
    }
    client_ = std::move(*client);
    start();
    loop_.run();
    std::fflush(stdout);
    return code_;
  }

 private:
  void start() {
    if (arguments_.has("monitor")) {
      loop_.on_signals({SIGINT, SIGTERM}, [this](int) { end(quorate); });
      return;
    }
    timer_.after(10s, [this] { end(complain("relevo-membershipd does not answer")); });
    if (!arguments_.has("expected")) return ask();
    client_->control("expected-votes " + arguments_.value("expected"), [this](const Status& done) {
      end(done ? quorate : complain(done.error().message));
    });
  }

  void ask() {
    client_->report("status", [this](const Result<std::string>& report) {
      const auto text = report ? quorum_text(*report, date_now(), style_) : Result<QuorumText>(pass(report.error()));
      if (!text) return end(complain(text.error().message));
      print(*text);
    });
  }

  void print(const QuorumText& text) {
    if (arguments_.has("list")) {
      fmt::print("{}", text.members);
      return end(quorate);
    }
    fmt::print("{}{}", text.status, text.members);
    if (arguments_.has("monitor")) {
      std::fflush(stdout);
    } else {
      end(text.quorate ? quorate : not_quorate);
    }
  }

  void end(int code) {
    code_ = code;
    loop_.stop();
  }

  const Arguments& arguments_;
  QuorumTextStyle style_;
  io::Loop loop_;
  io::Timer timer_;
  std::unique_ptr<membership::Client> client_;
  int code_ = failed;
};

}  // namespace

int quorumtool(const std::vector<std::string>& args) {
  const auto arguments = Arguments::parse(args, options());
  if (!arguments) return complain(arguments.error().message);
  if (arguments->has("help")) {
    fmt::print("{}", usage);
    return 0;
  }
  if (arguments->has("version")) {
    fmt::print("corosync-quorumtool (relevo 0.1.0)\n");
    return 0;
  }
  for (const std::string later : {"votes", "nodeid", "force-unregister", "watch", "extra"}) {
    if (arguments->has(later)) return complain("--" + later + " is not available in this version");
  }
  if (!arguments->words().empty()) return complain("no argument is expected, but '" + arguments->words()[0] + "' was given");
  const auto style = style_of(*arguments);
  if (!style) return complain(style.error().message);
  return Tool(*arguments, *style).run();
}

}  // namespace relevo::cli::lowlevel
