// Names and addresses of a lab, and the description that every verb reads back.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/lab/guest_files.hpp"
#include "cli/lab/topology.hpp"
#include "common/config/cluster_config.hpp"

using namespace relevo;
using namespace relevo::cli::lab;

TEST_CASE("lab: hosts have the tutorial's names and addresses", "[lab]") {
  Lab lab;
  lab.nodes = 2;
  lab.dns = true;
  const auto hosts = hosts_of(lab);
  REQUIRE(hosts.size() == 4);
  CHECK(full_name(hosts[0]) == "nodo1.example.com");
  CHECK(address_of(hosts[1], 0) == "172.31.0.12");
  CHECK(address_of(hosts[1], 2) == "172.31.2.12");
  CHECK(address_of(hosts[2], 0) == "172.31.0.1");
  CHECK(address_of(hosts[3], 0) == "172.31.0.10");
  CHECK(mac_of(hosts[0], 1) == "02:00:ac:1f:01:0b");
  CHECK(namespace_of(lab, hosts[0]) == "lab-nodo1");
}

TEST_CASE("lab: a host is found by its short name, its number and its full name, and not otherwise", "[lab]") {
  const Lab lab;
  for (const auto* word : {"nodo2", "2", "nodo2.example.com"}) CHECK(find_host(lab, word).value().number == 2);
  CHECK(find_host(lab, "client").value().role == Host::Role::client);
  for (const auto* word : {"nodo4", "0", "dns", "", "nodo"}) CHECK_FALSE(find_host(lab, word));
}

TEST_CASE("lab: a name that would escape its folder or its namespaces is refused", "[lab]") {
  CHECK(check_lab_name("demo-17"));
  for (const auto* name : {"", "../x", "a/b", "A", "-x", "a b", "a.b"}) CHECK_FALSE(check_lab_name(name));
  CHECK_FALSE(check_lab_name(std::string(41, 'a')));
}

TEST_CASE("lab: a virtual IP without prefix, with a wrong one, or of a host itself is refused", "[lab]") {
  Lab lab;
  for (const auto* vip : {"172.31.0.100/16", "172.31.0.100/32", "fd00::100/64", ""}) {
    lab.vip = vip;
    CHECK(check_vip(lab));
  }
  for (const auto* vip : {"172.31.0.100", "172.31.0.100/0", "172.31.0.100/33", "x/16", "172.31.0.11/16", "1/2/3"}) {
    lab.vip = vip;
    CHECK_FALSE(check_vip(lab));
  }
}

TEST_CASE("lab: a description comes back as it was written, and a damaged one is an error", "[lab]") {
  Lab lab;
  lab.name = "x";
  lab.nodes = 5;
  lab.links = 2;
  lab.vip = "172.31.0.100/16";
  lab.dns = lab.ready = true;
  lab.owner = {42, 4711};
  const auto back = lab_from_json(to_json(lab).dump());
  REQUIRE(back);
  CHECK(to_json(*back) == to_json(lab));
  for (const auto* text : {"", "[]", "{", "{\"name\": \"../etc\"}", "{\"name\": 7}"}) CHECK_FALSE(lab_from_json(text));
}

TEST_CASE("lab: the cluster.conf of a lab is one that the daemons accept, for each number of nodes and links",
          "[lab]") {
  for (const std::uint32_t nodes : {1U, 2U, 3U, 16U}) {
    for (const std::uint32_t links : {1U, 2U, 8U}) {
      Lab lab;
      lab.nodes = nodes;
      lab.links = links;
      const auto config = config::parse_cluster_config(cluster_conf(lab), "cluster.conf");
      INFO(cluster_conf(lab) << (config ? "" : config.error().message));
      REQUIRE(config);
      CHECK(config->nodes.size() == nodes);
      CHECK(config->links == links);
      CHECK(config->quorum.two_node == (nodes == 2));
    }
  }
}
