// IPaddr2 on a real kernel: what start, monitor, stop and validate-all do and answer.
#include <catch2/catch.hpp>

#include <set>

#include "tests/system/agents/hosts.hpp"

using namespace relevo::test;

namespace {

const std::string agent = "heartbeat/IPaddr2";
const std::map<std::string, std::string> recurring{{"OCF_RESKEY_CRM_meta_interval", "10000"}};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("IPaddr2: start brings the IPv4 address up with the network's prefix and broadcast, stop removes it",
          "[agents]") {
  if (!can_make_hosts()) return;
  const Hosts hosts;
  const Folder state;
  const Parameters vip{{"ip", "10.9.0.100"}};
  const auto act = [&](const std::string& action) { return run_agent(agent, action, state, vip).exit_code; };
  CHECK(act("monitor") == 7);
  CHECK(act("validate-all") == 0);
  CHECK(act("start") == 0);
  const auto shown = hosts.here("ip -o addr show va");
  CHECK(has(shown, "10.9.0.100/24 brd 10.9.0.255"));
  CHECK(has(shown, "valid_lft forever"));
  CHECK(act("monitor") == 0);
  CHECK(act("status") == 0);
  CHECK(act("start") == 0);
  CHECK(has(hosts.peer("timeout 2 bash -c \"exec 3<>/dev/tcp/10.9.0.100/9\"; ip neigh"),
            "10.9.0.100 dev vb lladdr " + hosts.mac()));
  CHECK(act("stop") == 0);
  CHECK_FALSE(has(hosts.here("ip -o addr show va"), "10.9.0.100"));
  CHECK(act("stop") == 0);
  CHECK(act("monitor") == 7);
}

TEST_CASE("IPaddr2: an IPv6 address is usable when start ends, with and without duplicate detection", "[agents]") {
  if (!can_make_hosts()) return;
  const Hosts hosts;
  const Folder state;
  for (const std::string nodad : {"false", "true"}) {
    const Parameters vip{{"ip", "fd00:9::100"}, {"nodad", nodad}};
    CHECK(run_agent(agent, "start", state, vip).exit_code == 0);
    const auto shown = hosts.here("ip -o -6 addr show va");
    CHECK(has(shown, "fd00:9::100/64"));
    CHECK_FALSE(has(hosts.here("ip -o -6 addr show dev va to fd00:9::100"), "tentative"));
    CHECK(run_agent(agent, "monitor", state, vip).exit_code == 0);
    CHECK(run_agent(agent, "stop", state, vip).exit_code == 0);
    CHECK(run_agent(agent, "monitor", state, vip).exit_code == 7);
  }
}

TEST_CASE("IPaddr2: an IPv6 address that another host has is not taken", "[agents]") {
  if (!can_make_hosts()) return;
  const Hosts hosts;
  const Folder state;
  hosts.settle();
  const auto result = run_agent(agent, "start", state, {{"ip", "fd00:9::2"}});
  CHECK(result.exit_code == 1);
  CHECK(result.err == "ocf-exit-reason:another host on va has fd00:9::2\n");
  CHECK_FALSE(has(hosts.here("ip -o -6 addr show va"), "fd00:9::2/"));
}

TEST_CASE("IPaddr2: interface, prefix, label, route and lifetime parameters reach the kernel", "[agents]") {
  if (!can_make_hosts()) return;
  const Hosts hosts;
  const Folder state;
  const Parameters vip{{"ip", "10.77.0.1"},
                       {"nic", "va"},
                       {"cidr_netmask", "255.255.255.128"},
                       {"iflabel", "web"},
                       {"broadcast", "10.77.0.99"},
                       {"noprefixroute", "true"},
                       {"preferred_lft", "0"}};
  CHECK(run_agent(agent, "start", state, vip).exit_code == 0);
  const auto shown = hosts.here("ip -o addr show va");
  CHECK(has(shown, "10.77.0.1/25 brd 10.77.0.99 scope global deprecated noprefixroute va:web"));
  CHECK_FALSE(has(hosts.here("ip route"), "10.77.0"));
  CHECK(run_agent(agent, "monitor", state, vip).exit_code == 0);
  auto other = vip;
  other["iflabel"] = "db";
  const auto unlabelled = run_agent(agent, "monitor", state, other);
  CHECK(unlabelled.exit_code == 1);
  CHECK(unlabelled.err == "ocf-exit-reason:10.77.0.1 on va has no label db\n");
  CHECK(run_agent(agent, "start", state, other).exit_code == 0);
  CHECK(run_agent(agent, "monitor", state, other).exit_code == 0);
  CHECK(run_agent(agent, "stop", state, other).exit_code == 0);
  CHECK_FALSE(has(hosts.here("ip -o addr show va"), "10.77.0.1"));
}

TEST_CASE("IPaddr2: an interface that is down is brought up, one without a carrier is refused", "[agents]") {
  if (!can_make_hosts()) return;
  const Hosts hosts;
  const Folder state;
  const Parameters vip{{"ip", "10.9.0.100"}, {"nic", "va"}, {"cidr_netmask", "24"}};
  hosts.here("ip link set va down");
  CHECK(run_agent(agent, "start", state, vip).exit_code == 0);
  CHECK(has(hosts.here("ip link show va"), ",UP"));
  hosts.peer("ip link set vb down");
  const auto watched = run_agent(agent, "monitor", state, vip, recurring);
  CHECK(watched.exit_code == 7);
  CHECK(watched.err == "ocf-exit-reason:the link of va is down, 10.9.0.100 cannot be reached\n");
  auto careless = vip;
  careless["check_link_status"] = "false";
  CHECK(run_agent(agent, "monitor", state, careless).exit_code == 0);
  CHECK(run_agent(agent, "stop", state, vip).exit_code == 0);
  CHECK(run_agent(agent, "start", state, vip).exit_code == 5);
  CHECK_FALSE(has(hosts.here("ip -o addr show va"), "10.9.0.100"));
}

TEST_CASE("IPaddr2: a wrong parameter is named, and a stop with wrong parameters still succeeds", "[agents]") {
  if (!can_make_hosts()) return;
  const Hosts hosts;
  const Folder state;
  struct Wrong {
    Parameters parameters;
    int code;
    std::string reason;
  };
  const std::vector<Wrong> cases{
      {{}, 6, "parameter ip is required"},
      {{{"ip", "10.9.0"}}, 6, "parameter ip: '10.9.0' is not an IPv4 or IPv6 address"},
      {{{"ip", "10.9.0.9"}, {"cidr_netmask", "33"}},
       6,
       "parameter cidr_netmask: '33' is no prefix length for 10.9.0.9"},
      {{{"ip", "10.9.0.9"}, {"cidr_netmask", "255.0.255.0"}},
       6,
       "parameter cidr_netmask: '255.0.255.0' is no prefix length for 10.9.0.9"},
      {{{"ip", "10.9.0.9"}, {"nic", "eth7"}}, 5, "interface eth7 does not exist"},
      {{{"ip", "192.0.2.1"}},
       5,
       "no interface of this node has a network that contains 192.0.2.1: give nic and cidr_netmask"},
      {{{"ip", "10.9.0.9"}, {"lvs_support", "true"}}, 6, "parameter lvs_support=true is not supported by this IPaddr2"},
      {{{"ip", "10.9.0.9"}, {"arp_count", "many"}},
       2,
       "parameter arp_count: 'many' is not a whole number from 0 to 1000"},
      {{{"ip", "10.9.0.9"}, {"nodad", "maybe"}}, 2, "parameter nodad: 'maybe' is neither true nor false"},
      {{{"ip", "10.9.0.9"}, {"nic", "va"}, {"iflabel", "a-label-too-long"}},
       2,
       "label va:a-label-too-long is longer than 15 characters"},
      {{{"ip", "10.9.0.9"}, {"network_namespace", "nowhere"}},
       5,
       "network namespace nowhere: No such file or directory"},
  };
  for (const auto& wrong : cases) {
    INFO(wrong.reason);
    const auto result = run_agent(agent, "start", state, wrong.parameters);
    CHECK(result.exit_code == wrong.code);
    CHECK(result.err == "ocf-exit-reason:" + wrong.reason + "\n");
    CHECK(run_agent(agent, "stop", state, wrong.parameters).exit_code == 0);
  }
  // The lesser parameters do not keep a stop from its work.
  CHECK(run_agent(agent, "start", state, {{"ip", "10.9.0.9"}}).exit_code == 0);
  CHECK(
      run_agent(agent, "stop", state, {{"ip", "10.9.0.9"}, {"arp_count", "many"}, {"lvs_support", "true"}}).exit_code ==
      0);
  CHECK_FALSE(has(hosts.here("ip -o addr show va"), "10.9.0.9"));
}

TEST_CASE("IPaddr2: an unknown action is unimplemented, no action a wrong call", "[agents]") {
  const Folder state;
  CHECK(run_agent(agent, "dance", state, {}).exit_code == 3);
  CHECK(run_agent(agent, "usage", state, {}).exit_code == 0);
}

TEST_CASE("IPaddr2: its metadata has the parameters of the agent it stands in for, with their defaults", "[agents]") {
  const Folder state;
  const auto xml = run_agent(agent, "meta-data", state, {}).out;
  std::set<std::string> found;
  const std::string mark = "<parameter name=\"";
  for (auto at = xml.find(mark); at != std::string::npos; at = xml.find(mark, at + 1)) {
    const auto from = at + mark.size();
    found.insert(xml.substr(from, xml.find('"', from) - from));
  }
  const std::set<std::string> known{"ip",
                                    "nic",
                                    "cidr_netmask",
                                    "broadcast",
                                    "proto",
                                    "iflabel",
                                    "lvs_support",
                                    "lvs_ipv6_addrlabel",
                                    "lvs_ipv6_addrlabel_value",
                                    "clusterip_hash",
                                    "clusterip_firewall",
                                    "clusterip_hash_seed",
                                    "clusterip_table",
                                    "clusterip_chain",
                                    "clusterip_mac_mangle",
                                    "mac",
                                    "unique_clone_address",
                                    "arp_interval",
                                    "arp_count",
                                    "arp_count_refresh",
                                    "arp_bg",
                                    "arp_sender",
                                    "send_arp_opts",
                                    "flush_routes",
                                    "run_arping",
                                    "nodad",
                                    "noprefixroute",
                                    "preferred_lft",
                                    "network_namespace",
                                    "check_link_status"};
  CHECK(found == known);
  CHECK(has(xml, "<action name=\"monitor\" timeout=\"20s\" interval=\"10s\" depth=\"0\" />"));
  CHECK(has(xml, "default=\"sourceip-sourceport\""));
}
