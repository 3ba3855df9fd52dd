// Reading the node list; see nodes.hpp.
#include "common/config/nodes.hpp"

#include <algorithm>
#include <map>

#include "common/base/text.hpp"

namespace relevo::config {
namespace {

constexpr std::size_t max_nodes = 64;

Result<NodeConfig> read_node(const Section& section, std::string_view file) {
  NodeConfig node;
  std::map<std::size_t, std::string> addresses;
  for (const auto& entry : section.entries) {
    if (entry.key == "nodeid") node.id = NodeId(static_cast<std::uint32_t>(parse_int(entry.value).value_or(0)));
    if (entry.key == "name") node.name = entry.value;
    if (entry.key == "quorum_votes") node.votes = static_cast<std::uint32_t>(parse_int(entry.value).value_or(1));
    if (entry.key.starts_with("ring")) addresses[static_cast<std::size_t>(entry.key[4] - '0')] = entry.value;
  }
  if (node.id.value == 0)
    return fail(ErrorKind::invalid, "{}: line {}: this node has no 'nodeid'", file, section.line);
  for (const auto& [link, address] : addresses) {
    if (link != node.addresses.size())
      return fail(ErrorKind::invalid, "{}: line {}: node {} has ring{}_addr but no ring{}_addr", file, section.line,
                  node.id, link, node.addresses.size());
    node.addresses.push_back(address);
  }
  if (node.addresses.empty())
    return fail(ErrorKind::invalid, "{}: line {}: node {} has no 'ring0_addr'", file, section.line, node.id);
  if (node.name.empty()) node.name = node.addresses.front();
  return node;
}

Status check_against(const NodeConfig& node, const std::vector<NodeConfig>& others, std::string_view file,
                     std::size_t line) {
  for (const auto& other : others) {
    if (other.id == node.id)
      return fail(ErrorKind::invalid, "{}: line {}: nodeid {} is used twice", file, line, node.id);
    if (other.addresses.size() != node.addresses.size())
      return fail(ErrorKind::invalid, "{}: line {}: node {} has {} addresses, node {} has {}: every node needs the same number",
                  file, line, node.id, node.addresses.size(), other.id, other.addresses.size());
    for (const auto& address : node.addresses)
      if (std::find(other.addresses.begin(), other.addresses.end(), address) != other.addresses.end())
        return fail(ErrorKind::invalid, "{}: line {}: address {} belongs to node {} and node {}", file, line, address,
                    other.id, node.id);
    if (other.name == node.name)
      return fail(ErrorKind::invalid, "{}: line {}: node name '{}' is used twice", file, line, node.name);
  }
  return {};
}

void record_raw(ClusterConfig& config, const NodeConfig& node, std::size_t place) {
  const auto prefix = fmt::format("nodelist.node.{}.", place);
  config.raw[prefix + "nodeid"] = fmt::format("{}", node.id);
  config.raw[prefix + "name"] = node.name;
  for (std::size_t link = 0; link < node.addresses.size(); ++link)
    config.raw[fmt::format("{}ring{}_addr", prefix, link)] = node.addresses[link];
  if (node.votes != 1) config.raw[prefix + "quorum_votes"] = fmt::format("{}", node.votes);
}

}  // namespace

Status fill_nodes(const Section& root, ClusterConfig& config, std::string_view file) {
  for (const auto& list : root.sections) {
    if (list.name != "nodelist") continue;
    for (const auto& section : list.sections) {
      auto node = read_node(section, file);
      if (!node) return pass(node.error());
      if (auto ok = check_against(*node, config.nodes, file, section.line); !ok) return ok;
      record_raw(config, *node, config.nodes.size());
      config.nodes.push_back(std::move(*node));
    }
  }
  if (config.nodes.empty())
    return fail(ErrorKind::invalid, "{}: no nodes: add a nodelist section with a node section for each host", file);
  if (config.nodes.size() > max_nodes)
    return fail(ErrorKind::unsupported, "{}: {} nodes: at most {} are supported", file, config.nodes.size(), max_nodes);
  std::sort(config.nodes.begin(), config.nodes.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  config.links = config.nodes.front().addresses.size();
  return {};
}

}  // namespace relevo::config
