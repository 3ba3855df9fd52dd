// corosync-cmapctl: keys listed, read, watched; the few that are orders set; statistics cleared.
#include <poll.h>
#include <unistd.h>

#include <cstdio>

#include <nlohmann/json.hpp>

#include "cli/lowlevel/command_line.hpp"
#include "cli/lowlevel/cmap_text.hpp"
#include "cli/lowlevel/lowlevel.hpp"
#include "common/base/text.hpp"
#include "common/io/file.hpp"

namespace relevo::cli::lowlevel {
namespace {

constexpr int look_again_ms = 250;

constexpr const char* usage =
    "Usage: corosync-cmapctl [-b] [-q] [-m icmap|stats] [PREFIX...]      the keys (that begin so)\n"
    "       corosync-cmapctl [-b] [-q] [-m icmap|stats] -g KEY...        these keys; -q: only the values\n"
    "       corosync-cmapctl -s KEY TYPE VALUE                           sets a key; TYPE: i8 .. i64, u8 .. u64, flt, dbl, str\n"
    "       corosync-cmapctl -d KEY... | -D PREFIX...                    deletes keys\n"
    "       corosync-cmapctl -p FILE                                     what a file says: KEY TYPE VALUE, ^KEY, ^^PREFIX\n"
    "       corosync-cmapctl [-m icmap|stats] -t KEY | -T PREFIX         shows changes until q or the end of the input\n"
    "       corosync-cmapctl -C knet|ipc|totem|schedmiss|all             clears statistics\n"
    "Set can be: quorum.expected_votes, quorum.cancel_wait_for_all. Everything else comes from the configuration file.\n"
    "-b is accepted: no key here is binary. --root DIR: the cluster whose files are below DIR. -h, -V.\n";

const std::vector<Option>& options() {
  static const std::vector<Option> all{
      {'g', "get"}, {'s', "set"}, {'d', "delete"}, {'D', "delete-prefix"}, {'t', "track", true}, {'T', "track-prefix", true},
      {'p', "load", true}, {'m', "map", true}, {'C', "clear", true}, {'b', "binary"}, {'q', "quiet"}, {'h', "help"},
      {'V', "version"}, {0, "root", true}};
  return all;
}

constexpr CommandLine line{"corosync-cmapctl", usage, options, corosync_failed, "Failed to initialize the cmap API. Error CS_ERR_LIBRARY"};

int complain(const std::string& what) { return line.complain(what); }

class Tool {
 public:
  Tool(RingDaemon& daemon, const Arguments& arguments)
      : daemon_(daemon), arguments_(arguments), stats_(arguments.value("map", "icmap") == "stats") {}

  int run() {
    const auto& words = arguments_.words();
    if (arguments_.has("clear")) return command("clear-statistics " + arguments_.value("clear"));
    if (arguments_.has("load")) return load(arguments_.value("load"));
    if (arguments_.has("set")) return set(words[0], words[1], words[2]);
    if (arguments_.has("track")) return track(arguments_.value("track"), false);
    if (arguments_.has("track-prefix")) return track(arguments_.value("track-prefix"), true);
    const auto now = entries();
    if (!now) return complain(now.error().message);
    if (arguments_.has("delete")) return erase(*now, words, false);
    if (arguments_.has("delete-prefix")) return erase(*now, words, true);
    return arguments_.has("get") ? get(*now, words) : list(*now, words);
  }

 private:
  Result<CmapEntries> entries() {
    const auto report = daemon_.report(stats_ ? "cmap-stats" : "cmap");
    if (!report) return pass(report.error());
    return read_cmap(*report);
  }

  int command(const std::string& text) {
    const auto done = daemon_.command(text);
    return done ? 0 : complain(done.error().message);
  }

  int get(const CmapEntries& now, const std::vector<std::string>& keys) {
    int code = 0;
    for (const auto& key : keys) {
      const auto found = now.find(key);
      if (found != now.end()) {
        fmt::print("{}", cmap_line(key, found->second, arguments_.has("quiet")));
        continue;
      }
      fmt::print(stderr, "Can't get key {}. Error CS_ERR_NOT_EXIST\n", key);
      code = corosync_failed;
    }
    return code;
  }

  int list(const CmapEntries& now, const std::vector<std::string>& prefixes) {
    bool any = prefixes.empty();
    for (const auto& prefix : prefixes.empty() ? std::vector<std::string>{""} : prefixes) {
      const auto text = cmap_list(now, prefix, arguments_.has("quiet"));
      any = any || !text.empty();
      fmt::print("{}", text);
    }
    return any ? 0 : corosync_failed;
  }

  int set(const std::string& key, const std::string& type, const std::string& value) {
    if (const auto ok = check_cmap_value(type, value); !ok) {
      fmt::print(stderr, "{}\n", ok.error().message);
      return corosync_failed;
    }
    auto order = stats_ ? Result<std::string>(fail(ErrorKind::unsupported, "statistics are only read; -C clears them"))
                        : command_to_set(key, value);
    auto done = order ? daemon_.command(*order) : order;
    if (done) return 0;
    const bool access = done.error().kind == ErrorKind::unsupported;
    fmt::print(stderr, "Failed to set key {}. Error {}\n", key, access ? "CS_ERR_ACCESS" : "CS_ERR_INVALID_PARAM");
    return complain(done.error().message);
  }

  int erase(const CmapEntries& now, const std::vector<std::string>& keys, bool prefix) {
    int code = 0;
    for (const auto& key : keys) {
      const bool exists = prefix ? !cmap_list(now, key).empty() : now.contains(key);
      if (prefix && !exists) continue;  // nothing there is nothing to do, as in the original
      fmt::print(stderr, "Can't delete key {}. Error {}\n", key, exists ? "CS_ERR_ACCESS" : "CS_ERR_NOT_EXIST");
      if (exists) (void)complain(why_not_deleted(key));
      code = corosync_failed;
    }
    return code;
  }

  int load(const std::string& path) {
    const auto text = io::read_file(path, 1U << 20);
    if (!text) return complain(text.error().message);
    const auto settings = read_cmap_settings(*text);
    if (!settings) return complain(path + ": " + settings.error().message);
    const auto now = entries();
    if (!now) return complain(now.error().message);
    int code = 0;
    for (const auto& s : *settings) {
      const int one = s.kind == CmapSetting::Kind::set ? set(s.key, s.type, s.value)
                                                       : erase(*now, {s.key}, s.kind == CmapSetting::Kind::erase_prefix);
      code = std::max(code, one);
    }
    return code;
  }

  int track(const std::string& key, bool prefix) {
    auto before = entries();
    if (!before) return complain(before.error().message);
    fmt::print("Type \"q\" to finish\n");
    std::fflush(stdout);
    for (;;) {
      pollfd input{STDIN_FILENO, POLLIN, 0};
      char c = 0;
      if (::poll(&input, 1, look_again_ms) > 0 && (::read(STDIN_FILENO, &c, 1) != 1 || c == 'q')) return 0;
      auto now = entries();
      if (!now) return complain(now.error().message);
      fmt::print("{}", cmap_changes(*before, *now, key, prefix));
      std::fflush(stdout);
      before = std::move(now);
    }
  }

  RingDaemon& daemon_;
  const Arguments& arguments_;
  bool stats_;
};

/// What can be said of the words before the daemon is asked.
Status check(const Arguments& arguments) {
  const auto map = arguments.value("map", "icmap");
  if (map != "icmap" && map != "default" && map != "stats")
    return fail(ErrorKind::invalid, "invalid map name, must be 'default', 'icmap' or 'stats'");
  int actions = 0;
  for (const std::string name : {"get", "set", "delete", "delete-prefix", "track", "track-prefix", "load", "clear"})
    actions += arguments.has(name) ? 1 : 0;
  if (actions > 1) return fail(ErrorKind::invalid, "one of -g, -s, -d, -D, -t, -T, -p and -C at a time");
  const auto count = arguments.words().size();
  if (arguments.has("set") && count < 3) return fail(ErrorKind::invalid, "At least 3 parameters are expected for set");
  if ((arguments.has("get") || arguments.has("delete") || arguments.has("delete-prefix")) && count == 0)
    return fail(ErrorKind::invalid, "a key is missing");
  const auto part = arguments.value("clear", "all");
  for (const std::string known : {"knet", "totem", "ipc", "schedmiss", "all"})
    if (part == known) return {};
  return fail(ErrorKind::invalid, "argument to -C should be 'knet', 'totem', 'ipc', 'schedmiss' or 'all'");
}

}  // namespace

int cmapctl(const std::vector<std::string>& args) {
  Arguments arguments;
  if (const auto ended = line.begin(args, arguments)) return *ended;
  if (const auto ok = check(arguments); !ok) {
    fmt::print(stderr, "{}\n", ok.error().message);
    return corosync_failed;
  }
  const auto daemon = line.connect(arguments);
  if (!daemon) return corosync_failed;
  return Tool(*daemon, arguments).run();
}

}  // namespace relevo::cli::lowlevel
