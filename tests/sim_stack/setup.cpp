// Writing configurations and key files.
#include "tests/sim_stack/setup.hpp"

#include "common/base/assert.hpp"

namespace relevo::sim {

namespace {
constexpr std::uint16_t first_port = 5405;

std::string ip_of(const Setup& setup, std::uint32_t node, std::uint8_t link) {
  return setup.ipv6 ? fmt::format("fd00:{:x}::{:x}", link + 1, node) : fmt::format("10.0.{}.{}", link, node);
}
}  // namespace

Address address_of(const Setup& setup, std::uint32_t node, std::uint8_t link) {
  return *parse_ip(ip_of(setup, node, link), static_cast<std::uint16_t>(first_port + link));
}

std::string config_text(const Setup& setup) {
  std::string text = fmt::format("totem {{\n version: 2\n cluster_name: sim\n config_version: {}\n{}}}\nnodelist {{\n", setup.version, setup.totem);
  for (const auto node : setup.nodes) {
    text += " node {\n";
    for (std::uint8_t link = 0; link < setup.links; ++link) text += fmt::format("  ring{}_addr: {}\n", link, ip_of(setup, node, link));
    if (const auto votes = setup.votes.find(node); votes != setup.votes.end()) text += fmt::format("  quorum_votes: {}\n", votes->second);
    text += fmt::format("  nodeid: {}\n  name: node{}\n }}\n", node, node);
  }
  return text + "}\nquorum {\n provider: corosync_votequorum\n" + setup.quorum + "}\n";
}

config::ClusterConfig config_of(const Setup& setup) {
  auto config = config::parse_cluster_config(config_text(setup), "sim.conf");
  RELEVO_ASSERT(config.has_value(), "{}", config ? "" : config.error().message);
  return *config;
}

Bytes key_bytes(std::uint8_t variant) {
  Bytes bytes(64);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i + variant);
  return bytes;
}

}  // namespace relevo::sim
