// The quorum section; see quorum_section.hpp.
#include "common/config/quorum_section.hpp"

#include "common/base/text.hpp"
#include "common/config/raw_values.hpp"

namespace relevo::config {
namespace {

Status check_tie_breaker(const ClusterConfig& config, const std::string& word, std::string_view file) {
  if (word == "lowest" || word == "highest") return {};
  const auto id = parse_uint(word);
  for (const auto& node : config.nodes)
    if (id && node.id.value == *id) return {};
  return fail(ErrorKind::invalid, "{}: tie_breaker of the device: '{}' is neither lowest nor highest nor the id of a node", file, word);
}

Status fill_device(ClusterConfig& config, std::string_view file) {
  auto& d = config.quorum.device;
  const auto first = config.raw.lower_bound("quorum.device.");
  if (first == config.raw.end() || !first->first.starts_with("quorum.device.")) return {};
  if (!has_value(config, "quorum.device.model"))
    return fail(ErrorKind::invalid, "{}: the device section of quorum needs 'model: net'", file);
  d.configured = true;
  d.host = word_of(config, "quorum.device.net.host");
  if (d.host.empty())
    return fail(ErrorKind::invalid, "{}: the device needs 'net {{ host: ... }}': where relevo-arbiter runs", file);
  d.port = static_cast<std::uint16_t>(number_of(config, "quorum.device.net.port", d.port));
  if (const auto algorithm = word_of(config, "quorum.device.net.algorithm"); !algorithm.empty()) d.algorithm = algorithm;
  if (const auto breaker = word_of(config, "quorum.device.net.tie_breaker"); !breaker.empty()) d.tie_breaker = breaker;
  if (has_value(config, "quorum.device.votes"))
    d.votes = static_cast<std::uint32_t>(number_of(config, "quorum.device.votes", 1));
  d.timeout = std::chrono::milliseconds(number_of(config, "quorum.device.timeout", to_ms(d.timeout)));
  d.sync_timeout = std::chrono::milliseconds(number_of(config, "quorum.device.sync_timeout", to_ms(d.sync_timeout)));
  if (d.sync_timeout < d.timeout)
    return fail(ErrorKind::invalid, "{}: sync_timeout of the device ({} ms) is shorter than its timeout ({} ms)", file,
                to_ms(d.sync_timeout), to_ms(d.timeout));
  if (config.totem.cluster_name.empty())
    return fail(ErrorKind::invalid, "{}: a device needs cluster_name in totem: by it the arbiter tells clusters apart", file);
  return check_tie_breaker(config, d.tie_breaker, file);
}

Status check_together(ClusterConfig& config, std::string_view file) {
  auto& q = config.quorum;
  if (q.two_node && config.nodes.size() > 2) {
    config.notes.push_back(note(Level::warning, "{}: two_node is ignored: the cluster has {} nodes", file, config.nodes.size()));
    q.two_node = false;
  }
  if (q.two_node && q.device.configured)
    return fail(ErrorKind::invalid, "{}: two_node and a quorum device exclude each other: with the arbiter, remove two_node", file);
  if (q.last_man_standing && q.device.configured)
    return fail(ErrorKind::invalid, "{}: last_man_standing and a quorum device exclude each other: use the device's algorithm lms", file);
  if (q.two_node && q.auto_tie_breaker) {
    config.notes.push_back(note(Level::warning, "{}: auto_tie_breaker is ignored: two_node lets both halves act", file));
    q.auto_tie_breaker = false;
  }
  return {};
}

}  // namespace

Status fill_quorum(ClusterConfig& config, std::string_view file) {
  auto& q = config.quorum;
  q.configured = has_value(config, "quorum.provider");
  const auto first = config.raw.lower_bound("quorum.");
  if (!q.configured && first != config.raw.end() && first->first.starts_with("quorum."))
    return fail(ErrorKind::invalid, "{}: the quorum section needs 'provider: corosync_votequorum'", file);
  q.expected_votes = static_cast<std::uint32_t>(number_of(config, "quorum.expected_votes", 0));
  q.two_node = flag_of(config, "quorum.two_node", false);
  q.last_man_standing = flag_of(config, "quorum.last_man_standing", false);
  q.last_man_standing_window = std::chrono::milliseconds(number_of(config, "quorum.last_man_standing_window", 10'000));
  q.auto_tie_breaker = flag_of(config, "quorum.auto_tie_breaker", false);
  q.auto_tie_breaker_node = word_of(config, "quorum.auto_tie_breaker_node");
  q.allow_downscale = flag_of(config, "quorum.allow_downscale", false);
  if (auto ok = fill_device(config, file); !ok) return ok;
  if (auto ok = check_together(config, file); !ok) return ok;
  q.wait_for_all = flag_of(config, "quorum.wait_for_all", q.two_node);
  return {};
}

}  // namespace relevo::config
