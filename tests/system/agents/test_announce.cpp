// The neighbours learn at once where an address lives, and the announcer leaves nothing behind.
#include <catch2/catch.hpp>

#include <unistd.h>

#include <fstream>

#include "tests/system/agents/hosts.hpp"

using namespace relevo::test;

namespace {

const std::string agent = "heartbeat/IPaddr2";

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// Gone, or dead and only waiting for its parent.
bool ended(const std::string& pid) {
  std::ifstream file("/proc/" + pid + "/stat");
  std::string text;
  std::getline(file, text);
  return text.empty() || has(text, ") Z ");
}

}  // namespace

TEST_CASE("IPaddr2: a peer that knew another MAC has ours when start ends, IPv4 and IPv6", "[agents]") {
  if (!can_make_hosts()) return;
  const Hosts hosts;
  const Folder state;
  hosts.settle();
  for (const std::string ip : {"10.9.0.100", "fd00:9::100"}) {
    INFO(ip);
    hosts.peer("ip neigh replace " + ip + " lladdr 02:00:00:00:00:99 dev vb nud reachable");
    CHECK(has(hosts.peer("ip neigh show " + ip), "02:00:00:00:00:99"));
    CHECK(run_agent(agent, "start", state, {{"ip", ip}, {"nodad", "true"}, {"arp_count", "1"}}).exit_code == 0);
    CHECK(has(hosts.peer("ip neigh show " + ip), hosts.mac()));
    CHECK(run_agent(agent, "stop", state, {{"ip", ip}}).exit_code == 0);
  }
}

TEST_CASE("IPaddr2: the rest of the burst comes from a process of its own that stop ends", "[agents]") {
  if (!can_make_hosts()) return;
  const Hosts hosts;
  const Folder state;
  const Parameters vip{{"ip", "10.9.0.100"}, {"arp_count", "1000"}, {"arp_interval", "20"}};
  CHECK(run_agent(agent, "start", state, vip).exit_code == 0);
  std::string pid;
  std::ifstream(state.path() + "/announce-10.9.0.100") >> pid;
  REQUIRE(pid != "");
  CHECK_FALSE(ended(pid));
  // A later announcement corrects a peer that learned something wrong in between.
  hosts.peer("ip neigh replace 10.9.0.100 lladdr 02:00:00:00:00:99 dev vb nud reachable");
  bool corrected = false;
  for (int i = 0; i < 100 && !corrected; ++i) {
    ::usleep(20'000);
    corrected = has(hosts.peer("ip neigh show 10.9.0.100"), hosts.mac());
  }
  CHECK(corrected);
  CHECK(run_agent(agent, "stop", state, vip).exit_code == 0);
  for (int i = 0; i < 100 && !ended(pid); ++i) ::usleep(10'000);
  CHECK(ended(pid));
  CHECK(::access((state.path() + "/announce-10.9.0.100").c_str(), F_OK) != 0);
}

TEST_CASE("IPaddr2: the announcer falls silent by itself when the address is taken away", "[agents]") {
  if (!can_make_hosts()) return;
  const Hosts hosts;
  const Folder state;
  CHECK(run_agent(agent, "start", state, {{"ip", "10.9.0.100"}, {"arp_count", "1000"}, {"arp_interval", "10"}})
            .exit_code == 0);
  std::string pid;
  std::ifstream(state.path() + "/announce-10.9.0.100") >> pid;
  hosts.here("ip addr del 10.9.0.100/24 dev va");
  for (int i = 0; i < 200 && !ended(pid); ++i) ::usleep(10'000);
  CHECK(ended(pid));
}
