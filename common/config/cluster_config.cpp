// From checked sections to the typed configuration; see cluster_config.hpp.
#include "common/config/cluster_config.hpp"

#include <algorithm>
#include <set>

#include "common/base/text.hpp"
#include "common/config/link_section.hpp"
#include "common/config/nodes.hpp"
#include "common/config/options.hpp"
#include "common/config/quorum_section.hpp"
#include "common/config/raw_values.hpp"
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
    if (path == "uidgid") return take_access(entry);
    if (path != "nodelist.node") out_.raw[raw_prefix(section, path) + entry.key] = entry.value;
    return {};
  }

  Status take_access(const Entry& entry) {
    (entry.key == "uid" ? out_.access.users : out_.access.groups).push_back(entry.value);
    out_.raw.insert_or_assign(fmt::format("uidgid.config.{}.{}", entry.key, entry.value), std::string(1, '1'));
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
    if (path.empty() && child.name == "resources")
      return fail(ErrorKind::unsupported,
                  "{}: line {}: section 'resources': the membership daemon watches no resources and no watchdog: remove it",
                  file_, child.line);
    if (path.empty() && child.name == "nozzle")
      return fail(ErrorKind::unsupported, "{}: line {}: section '{}' in {} is not supported by this version: remove it",
                  file_, child.line, child.name, where);
    const auto near = did_you_mean(child.name, {"totem", "interface", "nodelist", "node", "quorum", "device", "net",
                                                "heuristics", "logging", "logger_subsys", "system", "uidgid"});
    return fail(ErrorKind::invalid, "{}: line {}: unknown section '{}' in {}{}", file_, child.line, child.name, where,
                near && *near != child.name ? fmt::format(" (did you mean '{}'?)", *near) : "");
  }

  std::string_view file_;
  ClusterConfig& out_;
};

void fill_logging(ClusterConfig& config) {
  auto& log = config.logging;
  log.to_stderr = flag_of(config, "logging.to_stderr", true);
  log.to_syslog = flag_of(config, "logging.to_syslog", true);
  log.to_logfile = flag_of(config, "logging.to_logfile", false);
  log.logfile = word_of(config, "logging.logfile");
  const auto debug = word_of(config, "logging.debug");
  log.level = debug == "trace" ? Level::trace : debug == "on" ? Level::debug : Level::info;
}

Profile profile_of(const std::string& word) {
  return word == "fast" ? Profile::fast : word == "wan" ? Profile::wan : Profile::standard;
}

LinkMode link_mode_of(const std::string& word) {
  return word == "active" ? LinkMode::active : word == "rr" ? LinkMode::round_robin : LinkMode::passive;
}

IpVersion ip_version_of(const std::string& word) {
  if (word == "ipv4") return IpVersion::ipv4;
  if (word == "ipv6") return IpVersion::ipv6;
  if (word == "ipv4-6") return IpVersion::ipv4_6;
  return word == "ipv6-4" ? IpVersion::ipv6_4 : IpVersion::system;
}

/// knet_mtu and netmtu speak of what the network carries; an IPv6 and a UDP header go off that.
Status fill_mtu(ClusterConfig& config, std::string_view file) {
  constexpr std::int64_t headers = 48, smallest = 1280, found_out_above = 65'535;
  const auto knet = number_of(config, "totem.knet_mtu", 0);
  const auto mtu = knet != 0 ? knet : number_of(config, "totem.netmtu", 0);
  if (mtu == 0 || mtu > found_out_above) return {};  // 65536 is what knet writes for "as large as it goes"
  if (mtu < smallest)
    return fail(ErrorKind::invalid, "{}: {} {} is too small: use 0 (found out) or {} and more", file,
                knet != 0 ? "knet_mtu" : "netmtu", mtu, smallest);
  config.totem.mtu = static_cast<std::uint32_t>(mtu - headers);
  return {};
}

Status fill_totem(ClusterConfig& config, std::string_view file) {
  auto& t = config.totem;
  t.cluster_name = word_of(config, "totem.cluster_name");
  t.config_version = static_cast<std::uint64_t>(number_of(config, "totem.config_version", 0));
  t.window_size = static_cast<std::uint32_t>(number_of(config, "totem.window_size", t.window_size));
  t.max_messages = static_cast<std::uint32_t>(number_of(config, "totem.max_messages", t.max_messages));
  t.miss_count = static_cast<std::uint32_t>(number_of(config, "totem.miss_count_const", t.miss_count));
  t.fail_recv = static_cast<std::uint32_t>(number_of(config, "totem.fail_recv_const", t.fail_recv));
  t.seqno_unchanged = static_cast<std::uint32_t>(number_of(config, "totem.seqno_unchanged_const", t.seqno_unchanged));
  t.port = static_cast<std::uint16_t>(number_of(config, "totem.interface.0.mcastport", t.port));
  t.keyfile = word_of(config, "totem.keyfile");
  t.profile = profile_of(word_of(config, "totem.profile"));
  t.link_mode = link_mode_of(word_of(config, "totem.link_mode"));
  t.ip_version = ip_version_of(word_of(config, "totem.ip_version"));
  t.pmtud_interval = std::chrono::seconds(number_of(config, "totem.knet_pmtud_interval", 30));
  const auto transport = word_of(config, "totem.transport");
  if (transport == "udp" || transport == "udpu")
    config.notes.push_back(
        note(Level::info, "{}: transport {}: accepted; relevo's links are always encrypted unicast UDP", file, transport));
  return fill_mtu(config, file);
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
  if (auto ok = fill_totem(config, file); !ok) return pass(ok.error());
  if (auto ok = fill_timers(config, file); !ok) return pass(ok.error());
  if (auto ok = fill_links(config, file); !ok) return pass(ok.error());
  if (auto ok = fill_quorum(config, file); !ok) return pass(ok.error());
  fill_logging(config);
  config.system.sched_rr = flag_of(config, "system.sched_rr", true);
  return config;
}

}  // namespace relevo::config
