// The three verbs of `relevo cluster key`, asked of the local membership daemon.
#include "cli/cluster/key.hpp"

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>

#include "cli/cluster/ring.hpp"
#include "cli/support/commands.hpp"
#include "cli/support/exit_codes.hpp"
#include "cli/support/options.hpp"
#include "cli/support/output.hpp"
#include "common/base/text.hpp"
#include "common/io/loop.hpp"
#include "common/io/root.hpp"

namespace relevo::cli::cluster {
namespace {

/// A rotation needs a write on every node; who waits longer than this learns no more here.
constexpr Duration answer_limit = 60s;
constexpr const char* late = "the membership daemon did not answer in time: it may still do what was asked";

Result<nlohmann::json> ask_keys(const io::Root& root) {
  const auto text = converse(root, 5s, late, [](auto& client, const Answered& done) { client.report("keys", done); });
  if (!text) return pass(text.error());
  auto json = nlohmann::json::parse(*text, nullptr, false);
  if (!json.is_object() || !json.contains("keys")) return fail(unreadable_report);
  return json;
}

Status tell(const io::Root& root, const std::string& command) {
  const auto done = converse(root, answer_limit, late, [&](auto& client, const Answered& answer) {
    client.control(command, [answer](const Status& status) {
      if (status) {
        answer("");
      } else {
        answer(pass(status.error()));
      }
    });
  });
  if (!done) return pass(done.error());
  return {};
}

/// `nodo1, nodo2`: who has a key, and of whom it is not known.
std::string holders_text(const nlohmann::json& key, const nlohmann::json& report) {
  if (key.value("state", "") == "retire") return "nobody: it opens nothing any more";
  std::vector<std::string> have, unknown;
  const auto contains = [](const nlohmann::json& list, const nlohmann::json& id) { return std::find(list.begin(), list.end(), id) != list.end(); };
  for (const auto& node : report["nodes"]) {
    const auto name = node.value("name", std::to_string(node.value("id", 0)));
    if (contains(key["holders"], node["id"])) {
      have.push_back(name);
    } else {
      unknown.push_back(name + (contains(report["members"], node["id"]) ? " (lacks it)" : " (away)"));
    }
  }
  return join(have, ", ") + (unknown.empty() ? "" : "; not known of " + join(unknown, ", "));
}

int list_keys(const std::vector<std::string>& args) {
  std::string prefix;
  bool as_json = false;
  Options options("relevo cluster key list [--json]", "The keys of the cluster: id, state, date of birth, who has them. No secrets.");
  options.value("--root", "DIR", "everything below this folder instead of /", prefix);
  options.flag("--json", "for programs", as_json);
  if (const auto ended = options.words(0, 0).parse_or_end(args)) return *ended;
  const auto report = ask_keys(io::find_root(prefix));
  if (!report) return print_error(report.error());
  if (as_json) {
    print_json(*report);
    return exit_ok;
  }
  say("{:>3}  {:<7} {:<20}  {:<11}  {}", "ID", "STATE", "CREATED", "FINGERPRINT", "WHO HAS IT");
  for (const auto& key : (*report)["keys"])
    say("{:>3}  {:<7} {:<20}  {:<11}  {}", key.value("id", 0), key.value("state", ""), key.value("created", ""),
        key.value("fingerprint", ""), holders_text(key, *report));
  if (const auto problem = report->value("problem", ""); !problem.empty()) say("last problem: {}", problem);
  return exit_ok;
}

/// Until every configured node seals with the new key only and the former ones are retired.
int wait_for_retirement(const io::Root& root) {
  io::Loop loop;
  io::Timer timer(loop);
  int code = exit_ok;
  std::function<void()> look = [&] {
    const auto report = ask_keys(root);
    if (!report) {
      code = print_error(report.error());
      return loop.stop();
    }
    const auto& keys = (*report)["keys"];
    const auto left = std::count_if(keys.begin(), keys.end(), [](const auto& k) { return k.value("state", "") == "accept"; });
    if (left == 0) {
      say("the former keys are retired");
      return loop.stop();
    }
    if ((*report)["members"].size() < (*report)["nodes"].size()) {
      say("nodes are away: the former keys stay accepted until they are back, or until `relevo cluster key retire ID --force`");
      return loop.stop();
    }
    timer.after(1s, look);
  };
  timer.after(0s, look);
  loop.run();
  return code;
}

int rotate_key(const std::vector<std::string>& args) {
  std::string prefix;
  bool wait = false;
  bool force = false;
  Options options("relevo cluster key rotate [--wait] [--force]",
                  "Makes a new key, gives it to all nodes, and seals with it once all have it. Nothing stops meanwhile.");
  options.value("--root", "DIR", "everything below this folder instead of /", prefix);
  options.flag("--wait", "end only when the former key is retired", wait);
  options.flag("--force", "also when nodes are away: they catch up when they come back", force);
  if (const auto ended = options.words(0, 0).parse_or_end(args)) return *ended;
  const auto root = io::find_root(prefix);
  if (const auto done = tell(root, force ? "key-rotate force" : "key-rotate"); !done) return print_error(done.error());
  say("all members seal with the new key; the former one is accepted until it is retired");
  return wait ? wait_for_retirement(root) : exit_ok;
}

int retire_key(const std::vector<std::string>& args) {
  std::string prefix;
  bool force = false;
  Options options("relevo cluster key retire [--force] ID", "A former key opens nothing any more, and its secret is forgotten everywhere.");
  options.value("--root", "DIR", "everything below this folder instead of /", prefix);
  options.flag("--force", "also when nodes are away that may have no other key", force);
  std::vector<std::string> words;
  if (const auto ended = options.words(1, 1).parse_or_end(args, words)) return *ended;
  const auto id = parse_uint(words.front());
  if (!id || *id < 1 || *id > 255) return print_usage_error(fmt::format("'{}' is no key id: a number from 1 to 255", words.front()));
  if (const auto done = tell(io::find_root(prefix), fmt::format("key-retire {}{}", *id, force ? " force" : "")); !done) return print_error(done.error());
  say("key {} is retired", *id);
  return exit_ok;
}

}  // namespace

int key_main(const std::vector<std::string>& args) {
  static const CommandTable table = {
      {"list", "ids, states, and who has them", list_keys},
      {"rotate", "make a new key active on all nodes", rotate_key},
      {"retire", "let a former key open nothing any more", retire_key},
  };
  return run_command("relevo cluster key", table, args);
}

}  // namespace relevo::cli::cluster
