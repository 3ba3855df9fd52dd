// From checked sections to the typed configuration; see cluster_config.hpp.
#include "common/config/cluster_config.hpp"

#include <algorithm>
#include <set>

#include "common/base/text.hpp"
#include "common/config/nodes.hpp"
#include "common/config/options.hpp"
#include "common/config/syntax.hpp"
#include "common/config/timers.hpp"

namespace relevo::config {
namespace {

/// Checks every line of a section tree against the option table and records it in `raw`.
class Checker {
 public:
  Checker(std::string_view file, ClusterConfig& out) : file_(file), out_(out) {}

  Status check(const Section& section, const std::string& path) {
    std::set<std::string_view> seen;
    for (const auto& entry : section.entries)
      if (auto ok = check_entry(entry, section, path, seen); !ok) return ok;
    std::set<std::string_view> seen_sections;
    for (const auto& child : section.sections) {
      const auto child_path = path.empty() ? child.name : path + "." + child.name;
      if (!is_known_section(child_path)) return unknown_section(child, path);
      if (!seen_sections.insert(child.name).second && !may_repeat(child.name))
        return fail(ErrorKind::invalid, "{}: line {}: a second '{}' section: put its lines into the first", file_,
                    child.line, child.name);
      if (auto ok = check(child, child_path); !ok) return ok;
    }
    return {};
  }

 private:
  Status check_entry(const Entry& entry, const Section& section, const std::string& path,
                     std::set<std::string_view>& seen) {
    if (path.empty())
      return fail(ErrorKind::invalid, "{}: line {}: '{}' stands outside of any section", file_, entry.line, entry.key);
    const auto* row = find_option(path, entry.key);
    if (row == nullptr) return unknown_key(entry, path);
    if (!seen.insert(row->key).second)
      return fail(ErrorKind::invalid, "{}: line {}: '{}' stands twice in this {} section: keep one", file_, entry.line,
                  entry.key, path);
    if (auto ok = check_value(*row, entry, file_); !ok) return ok;
    if (row->use == Use::accepted)
      out_.notes.push_back(note(Level::info, "{}: line {}: '{}' has no effect: {}", file_, entry.line, entry.key, row->why));
    if (path != "nodelist.node") out_.raw[raw_prefix(section, path) + entry.key] = entry.value;
    return {};
  }

  static bool may_repeat(std::string_view name) {
    return name == "node" || name == "interface" || name == "logger_subsys" || name == "uidgid";
  }

  /// Interfaces are told apart by their link, as cmap_keys(7) does: `totem.interface.0.mcastport`.
  static std::string raw_prefix(const Section& section, const std::string& path) {
    if (path != "totem.interface") return path + ".";
    std::string link = "0";
    for (const auto& entry : section.entries)
      if (entry.key == "linknumber" || entry.key == "ringnumber") link = entry.value;
    return fmt::format("{}.{}.", path, link);
  }

  Status unknown_key(const Entry& entry, const std::string& path) {
    std::vector<std::string> known;
    for (const auto& row : option_table())
      if (row.section == path) known.emplace_back(row.key);
    const auto near = did_you_mean(entry.key, known);
    return fail(ErrorKind::invalid, "{}: line {}: unknown key '{}' in {}{}", file_, entry.line, entry.key, path,
                near ? fmt::format(" (did you mean '{}'?)", *near)
                     : known.empty() ? std::string(" (it takes no keys, only sections)")
                                     : fmt::format("; allowed are {}", join(known, ", ")));
  }

  Status unknown_section(const Section& child, const std::string& path) {
    const auto where = path.empty() ? std::string("the file") : path;
    if (child.name == "device" || child.name == "resources" || child.name == "nozzle")
      return fail(ErrorKind::unsupported, "{}: line {}: section '{}' in {} is not supported by this version: remove it",
                  file_, child.line, child.name, where);
    const auto near = did_you_mean(child.name, {"totem", "interface", "nodelist", "node", "quorum", "logging",
                                                "logger_subsys", "system", "uidgid"});
    return fail(ErrorKind::invalid, "{}: line {}: unknown section '{}' in {}{}", file_, child.line, child.name, where,
                near && *near != child.name ? fmt::format(" (did you mean '{}'?)", *near) : "");
  }

  std::string_view file_;
  ClusterConfig& out_;
};

bool flag(const ClusterConfig& config, const std::string& key, bool otherwise) {
  const auto found = config.raw.find(key);
  return found == config.raw.end() ? otherwise : parse_bool(found->second).value_or(otherwise);
}

std::int64_t number(const ClusterConfig& config, const std::string& key, std::int64_t otherwise) {
  const auto found = config.raw.find(key);
  return found == config.raw.end() ? otherwise : parse_int(found->second).value_or(otherwise);
}

std::string word(const ClusterConfig& config, const std::string& key) {
  const auto found = config.raw.find(key);
  return found == config.raw.end() ? std::string{} : found->second;
}

Status fill_quorum(ClusterConfig& config, std::string_view file) {
  auto& q = config.quorum;
  q.configured = config.raw.contains("quorum.provider");
  q.expected_votes = static_cast<std::uint32_t>(number(config, "quorum.expected_votes", 0));
  q.two_node = flag(config, "quorum.two_node", false);
  if (q.two_node && config.nodes.size() > 2) {
    config.notes.push_back(note(Level::warning, "{}: two_node is ignored: the cluster has {} nodes", file, config.nodes.size()));
    q.two_node = false;
  }
  q.wait_for_all = flag(config, "quorum.wait_for_all", q.two_node);
  q.last_man_standing = flag(config, "quorum.last_man_standing", false);
  q.last_man_standing_window =
      std::chrono::milliseconds(number(config, "quorum.last_man_standing_window", 10'000));
  q.auto_tie_breaker = flag(config, "quorum.auto_tie_breaker", false);
  q.auto_tie_breaker_node = word(config, "quorum.auto_tie_breaker_node");
  const auto first = config.raw.lower_bound("quorum.");
  if (!q.configured && first != config.raw.end() && first->first.starts_with("quorum."))
    return fail(ErrorKind::invalid, "{}: the quorum section needs 'provider: corosync_votequorum'", file);
  return {};
}

void fill_logging(ClusterConfig& config) {
  auto& log = config.logging;
  log.to_stderr = flag(config, "logging.to_stderr", true);
  log.to_syslog = flag(config, "logging.to_syslog", true);
  log.to_logfile = flag(config, "logging.to_logfile", false);
  log.logfile = word(config, "logging.logfile");
  const auto debug = word(config, "logging.debug");
  log.level = debug == "trace" ? Level::trace : debug == "on" ? Level::debug : Level::info;
}

void fill_totem(ClusterConfig& config, std::string_view file) {
  auto& t = config.totem;
  t.cluster_name = word(config, "totem.cluster_name");
  t.config_version = static_cast<std::uint64_t>(number(config, "totem.config_version", 0));
  t.window_size = static_cast<std::uint32_t>(number(config, "totem.window_size", t.window_size));
  t.max_messages = static_cast<std::uint32_t>(number(config, "totem.max_messages", t.max_messages));
  t.miss_count = static_cast<std::uint32_t>(number(config, "totem.miss_count_const", t.miss_count));
  t.fail_recv = static_cast<std::uint32_t>(number(config, "totem.fail_recv_const", t.fail_recv));
  t.seqno_unchanged = static_cast<std::uint32_t>(number(config, "totem.seqno_unchanged_const", t.seqno_unchanged));
  t.port = static_cast<std::uint16_t>(number(config, "totem.interface.0.mcastport", t.port));
  t.keyfile = word(config, "totem.keyfile");
  const auto transport = word(config, "totem.transport");
  if (transport == "udp" || transport == "udpu")
    config.notes.push_back(
        note(Level::info, "{}: transport {}: accepted; relevo's links are always encrypted unicast UDP", file, transport));
}

}  // namespace

Result<ClusterConfig> parse_cluster_config(std::string_view text, std::string_view file) {
  auto root = parse_sections(text, file);
  if (!root) return pass(root.error());
  ClusterConfig config;
  if (auto ok = Checker(file, config).check(*root, ""); !ok) return pass(ok.error());
  if (!config.raw.contains("totem.version"))
    return fail(ErrorKind::invalid, "{}: the totem section needs 'version: 2'", file);
  if (auto ok = fill_nodes(*root, config, file); !ok) return pass(ok.error());
  fill_totem(config, file);
  if (auto ok = fill_timers(config, file); !ok) return pass(ok.error());
  if (auto ok = fill_quorum(config, file); !ok) return pass(ok.error());
  fill_logging(config);
  return config;
}

}  // namespace relevo::config
