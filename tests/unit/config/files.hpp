// Small cluster.conf texts for the tests of this folder.
#pragma once

#include <catch2/catch.hpp>
#include <string>

#include "common/base/text.hpp"
#include "common/config/cluster_config.hpp"

namespace relevo::config_test {

/// A file with `nodes` nodes of `links` addresses, `totem` inside the totem section and `more` behind everything.
inline std::string file_text(const std::string& totem, int nodes, int links = 1, const std::string& more = "") {
  std::string out = "totem {\nversion: 2\ncluster_name: c\n" + totem + "}\nnodelist {\n";
  for (int node = 1; node <= nodes; ++node) {
    out += fmt::format("node {{\nnodeid: {}\nname: n{}\n", node, node);
    for (int link = 0; link < links; ++link) out += fmt::format("ring{}_addr: 10.{}.0.{}\n", link, link, node);
    out += "}\n";
  }
  return out + "}\n" + more;
}

inline Result<config::ClusterConfig> parse(const std::string& totem, int nodes, int links = 1, const std::string& more = "") {
  return config::parse_cluster_config(file_text(totem, nodes, links, more), "cluster.conf");
}

inline config::TotemConfig totem_of(const std::string& totem, int nodes, int links = 1) {
  const auto config = parse(totem, nodes, links);
  INFO((config ? std::string{} : config.error().message));
  REQUIRE(config);
  return config->totem;
}

inline std::string error_of(const std::string& totem, int nodes, int links = 1, const std::string& more = "") {
  const auto config = parse(totem, nodes, links, more);
  REQUIRE_FALSE(config);
  return config.error().message;
}

}  // namespace relevo::config_test
