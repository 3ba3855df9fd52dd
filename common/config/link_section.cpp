// The totem.interface sections; see link_section.hpp.
#include "common/config/link_section.hpp"

#include <algorithm>
#include <set>

#include "common/base/text.hpp"
#include "common/config/raw_values.hpp"

namespace relevo::config {
namespace {

/// knet's two numbers become ours. knet lets the timeout be as short as one interval; ours is three at least, so the
/// heartbeat follows where the two contradict each other.
void fill_pace(ClusterConfig& config, std::size_t number, LinkConfig& link, std::string_view file) {
  const auto prefix = fmt::format("totem.interface.{}.", number);
  const auto interval = number_of(config, prefix + "knet_ping_interval", 0);
  const auto timeout = number_of(config, prefix + "knet_ping_timeout", 0);
  link.heartbeat = std::chrono::milliseconds(interval);
  link.timeout = std::chrono::milliseconds(timeout);
  const auto effective_timeout = timeout != 0 ? link.timeout : config.totem.link_timeout;
  const auto effective_heartbeat = interval != 0 ? link.heartbeat : config.totem.heartbeat;
  if (effective_timeout >= 3 * effective_heartbeat) return;
  if (timeout == 0) {
    link.timeout = 4 * link.heartbeat;
  } else {
    link.heartbeat = std::max<Duration>(1ms, std::chrono::milliseconds(timeout / 4));
  }
  config.notes.push_back(note(Level::info, "{}: link {}: heartbeats every {} ms and a timeout of {} ms, so that one lost packet cuts no node off",
                              file, number, to_ms(link.heartbeat != Duration{} ? link.heartbeat : config.totem.heartbeat),
                              to_ms(link.timeout != Duration{} ? link.timeout : config.totem.link_timeout)));
}

Status check_ports(const ClusterConfig& config, std::string_view file) {
  for (const auto& node : config.nodes) {
    std::set<std::pair<std::string, std::uint16_t>> seen;
    for (std::size_t i = 0; i < node.addresses.size(); ++i) {
      const auto port = port_of_link(config, i);
      if (!seen.insert({node.addresses[i], port}).second)
        return fail(ErrorKind::invalid, "{}: node {} has two links with the address {} and the port {}: give one another mcastport",
                    file, node.id, node.addresses[i], port);
    }
  }
  return {};
}

}  // namespace

std::uint16_t port_of_link(const ClusterConfig& config, std::size_t link) {
  const auto& links = config.totem.links;
  if (link < links.size() && links[link].port != 0) return links[link].port;
  return static_cast<std::uint16_t>(config.totem.port + link);
}

Status fill_links(ClusterConfig& config, std::string_view file) {
  auto& links = config.totem.links;
  links.assign(config.links, {});
  for (std::size_t i = 0; i < max_links; ++i) {
    const auto prefix = fmt::format("totem.interface.{}.", i);
    const auto first = config.raw.lower_bound(prefix);
    if (first == config.raw.end() || !first->first.starts_with(prefix)) continue;
    if (i >= links.size()) {
      config.notes.push_back(note(Level::warning, "{}: the interface section of link {} has no effect: no node has a ring{}_addr", file, i, i));
      continue;
    }
    // 0 is knet's word for its default, 1.
    links[i].priority = static_cast<std::uint8_t>(std::max<std::int64_t>(1, number_of(config, prefix + "knet_link_priority", 1)));
    links[i].port = static_cast<std::uint16_t>(number_of(config, prefix + "mcastport", 0));
    fill_pace(config, i, links[i], file);
  }
  return check_ports(config, file);
}

}  // namespace relevo::config
