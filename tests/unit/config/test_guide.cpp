// The guide to cluster.conf: its example is a configuration, and it names every option.
#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

#include "common/config/options.hpp"
#include "tests/unit/config/files.hpp"

using namespace relevo;

namespace {

std::string guide() {
  std::ifstream in(GUIDE);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

}  // namespace

TEST_CASE("guide: its example is read without a note", "[config]") {
  const auto text = guide();
  const auto begin = text.find("```\n") + 4;
  REQUIRE(begin < text.size());
  const auto config = config::parse_cluster_config(text.substr(begin, text.find("```", begin) - begin), "guide");
  INFO((config ? std::string{} : config.error().message));
  REQUIRE(config);
  CHECK(config->notes.empty());
  CHECK(config->links == 2);
}

TEST_CASE("guide: it names every option", "[config]") {
  const auto text = guide();
  for (const auto& row : config::option_table()) {
    auto key = std::string(row.key);
    if (key.starts_with("ring")) continue;  // ring0_addr to ring7_addr, ringnumber
    if (key.starts_with("knet_compression")) key = "knet_compression_";
    if (key.ends_with("_priority") && row.section.starts_with("logging")) key = "_priority";
    if (row.section == "quorum.device.heuristics") key = "heuristics";
    if (key == "rrp_mode" || key == "cluster_uuid" || key == "subsys") continue;  // of versions nobody runs
    INFO(row.section << "." << key);
    CHECK(text.find(key) != std::string::npos);
  }
}
