// The daemon's maps: names and types of the originals, our counters behind them, clearing.
#include <catch2/catch.hpp>

#include "membership/daemon/cmap.hpp"

using namespace relevo;
using namespace relevo::membership;

namespace {

config::ClusterConfig configuration() {
  return config::parse_cluster_config(
             "totem {\n version: 2\n cluster_name: x\n token: 4000\n}\n"
             "nodelist {\n node {\n ring0_addr: 10.0.0.1\n name: one\n nodeid: 1\n }\n node {\n ring0_addr: 10.0.0.2\n name: two\n nodeid: 2\n }\n}\n"
             "quorum {\n provider: corosync_votequorum\n two_node: 1\n}\n",
             "test")
      .value();
}

stack::Status status() {
  stack::Status s;
  s.self = NodeId(2);
  s.members = {NodeId(1), NodeId(2)};
  s.quorum.two_node = true;
  stack::LinkStatus link;
  link.link = LinkId(0);
  link.up = true;
  link.mtu = 1472;
  link.sent_packets = 100;
  s.peers.push_back({NodeId(1), true, Incarnation{1}, {link}});
  s.counters = {{"ring.installs", 3}, {"ring.tokens", 1000}, {"ring.queued_bytes", 5}};
  return s;
}

}  // namespace

TEST_CASE("cmap: what the file says has the types that corosync-cmapctl's users know", "[daemon]") {
  const auto map = configuration_map(status(), configuration());
  CHECK(map.at("totem.token") == CmapValue{"u32", "4000"});
  CHECK(map.at("totem.cluster_name") == CmapValue{"str", "x"});
  CHECK(map.at("nodelist.node.1.nodeid") == CmapValue{"u32", "2"});
  CHECK(map.at("nodelist.node.0.name") == CmapValue{"str", "one"});
  CHECK(map.at("quorum.two_node") == CmapValue{"u8", "1"});
}

TEST_CASE("cmap: effective values, members and quorum stand under runtime", "[daemon]") {
  const auto map = configuration_map(status(), configuration());
  CHECK(map.at("runtime.config.totem.token").text == "4000");
  CHECK(map.at("runtime.members.1.status").text == "joined");
  CHECK(map.at("runtime.members.1.ip").text == "r(0) ip(10.0.0.1) ");
  CHECK(map.at("runtime.votequorum.this_node_id") == CmapValue{"u32", "2"});
  CHECK(map.at("runtime.votequorum.two_node") == CmapValue{"u8", "1"});
  CHECK(map.at("runtime.votequorum.highest_node_id").text == "2");
  CHECK(map.at("nodelist.local_node_pos").text == "1");
}

TEST_CASE("cmap: a key that stands in the file is shown to nobody", "[daemon]") {
  auto config = configuration();
  config.raw["totem.key"] = "secret";
  CHECK_FALSE(configuration_map(status(), config).contains("totem.key"));
}

TEST_CASE("cmap: statistics have the names of the original and ours beside them", "[daemon]") {
  ShellFacts facts;
  facts.local_programs = 1;
  facts.programs.push_back({7, 4711, 0, 10, 20, 1, 0, 2});
  facts.names[7] = "proxy";
  const auto map = statistics_map(status(), facts);
  CHECK(map.at("stats.srp.operational_entered") == CmapValue{"u64", "3", true});
  CHECK(map.at("stats.relevo.ring.installs").text == "3");
  CHECK(map.at("stats.knet.node1.link0.connected") == CmapValue{"u8", "1", false});
  CHECK(map.at("stats.knet.node1.link0.mtu").text == "1472");
  CHECK(map.at("stats.knet.node1.link0.tx_total_packets") == CmapValue{"u64", "100", true});
  CHECK(map.at("stats.ipcs.service0.4711.7.procname").text == "proxy");
  CHECK(map.at("stats.ipcs.service0.4711.7.flow_control").text == "1");
  CHECK(map.at("stats.ipcs.global.active").text == "1");
}

TEST_CASE("cmap: clearing takes the counters of one part to zero and leaves states as they are", "[daemon]") {
  auto s = status();
  const auto first = statistics_map(s, {});
  const auto cleared = clear_part({}, first, "totem").value();
  s.counters["ring.tokens"] = 1200;
  s.peers[0].links[0].sent_packets = 150;
  const auto now = since_cleared(statistics_map(s, {}), cleared);
  CHECK(now.at("stats.srp.orf_token_rx").text == "200");
  CHECK(now.at("stats.srp.operational_entered").text == "0");
  CHECK(now.at("stats.relevo.ring.queued_bytes").text == "5");
  CHECK(now.at("stats.knet.node1.link0.tx_total_packets").text == "150");
  const auto all = clear_part(cleared, statistics_map(s, {}), "all").value();
  CHECK(since_cleared(statistics_map(s, {}), all).at("stats.knet.node1.link0.tx_total_packets").text == "0");
  CHECK(since_cleared(statistics_map(s, {}), all).at("stats.knet.node1.link0.connected").text == "1");
  CHECK_FALSE(clear_part({}, first, "everything"));
}
