// The kernel lease: the address goes by itself when nobody renews it, and the keeper renews only when allowed.
#include <catch2/catch.hpp>

#include <unistd.h>

#include "resmgr/daemon/lease_keeper.hpp"
#include "tests/system/agents/hosts.hpp"

using namespace relevo;
using namespace relevo::test;

namespace {

const std::string agent = "heartbeat/IPaddr2";
const std::map<std::string, std::string> with_lease{{"RELEVO_LEASE_SECONDS", "1"}};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

void run_for(io::Loop& loop, Duration time) {
  io::Timer end(loop);
  end.after(time, [&loop] { loop.stop(); });
  loop.run();
}

bool is_there(const Hosts& hosts) { return has(hosts.here("ip -o addr show va"), "10.9.0.100/24"); }

}  // namespace

TEST_CASE("lease: an address that nobody renews is dropped by the kernel", "[agents]") {
  if (!can_make_hosts()) return;
  const Hosts hosts;
  const Folder state;
  const Parameters vip{{"ip", "10.9.0.100"}};
  CHECK(run_agent(agent, "start", state, vip, with_lease).exit_code == 0);
  CHECK(is_there(hosts));
  CHECK(run_agent(agent, "monitor", state, vip, with_lease).exit_code == 0);
  ::usleep(2'200'000);
  CHECK_FALSE(is_there(hosts));
  CHECK(run_agent(agent, "monitor", state, vip, with_lease).exit_code == 7);
}

TEST_CASE("lease: a start by hand makes a leased address permanent, a leased start makes a permanent one leased",
          "[agents]") {
  if (!can_make_hosts()) return;
  const Hosts hosts;
  const Folder state;
  const Parameters vip{{"ip", "10.9.0.100"}};
  CHECK(run_agent(agent, "start", state, vip, with_lease).exit_code == 0);
  CHECK(::access((state.path() + "/lease-vip").c_str(), F_OK) == 0);
  CHECK(run_agent(agent, "start", state, vip).exit_code == 0);
  CHECK(::access((state.path() + "/lease-vip").c_str(), F_OK) != 0);
  CHECK(has(hosts.here("ip -o addr show to 10.9.0.100"), "valid_lft forever"));
  CHECK(run_agent(agent, "start", state, vip, with_lease).exit_code == 0);
  CHECK(has(hosts.here("ip -o addr show to 10.9.0.100"), "valid_lft 1sec"));
}

TEST_CASE("lease: the keeper holds the address while it is allowed to, and lets it go when it is not", "[agents]") {
  if (!can_make_hosts()) return;
  const Hosts hosts;
  const Folder state;
  io::Loop loop;
  resmgr::LeaseKeeper keeper(loop, {state.path(), 100ms});
  int lost = 0;
  keeper.on_lost([&](const std::string&, const std::string&) { ++lost; });
  keeper.set_resources({"other", "vip"});
  CHECK(run_agent(agent, "start", state, {{"ip", "10.9.0.100"}}, with_lease).exit_code == 0);
  keeper.allow(true);
  run_for(loop, 2500ms);
  CHECK(is_there(hosts));
  keeper.allow(false);
  run_for(loop, 2200ms);
  CHECK_FALSE(is_there(hosts));
  CHECK(lost == 0);
}

TEST_CASE("lease: a lost address is told once, a stopped one never", "[agents]") {
  if (!can_make_hosts()) return;
  const Hosts hosts;
  const Folder state;
  io::Loop loop;
  resmgr::LeaseKeeper keeper(loop, {state.path(), 50ms});
  std::string told;
  keeper.on_lost(
      [&](const std::string& resource, const std::string& reason) { told += resource + ": " + reason + "\n"; });
  keeper.set_resources({"vip"});
  keeper.allow(true);
  const Parameters vip{{"ip", "10.9.0.100"}};
  CHECK(run_agent(agent, "start", state, vip, with_lease).exit_code == 0);
  run_for(loop, 150ms);
  CHECK(run_agent(agent, "stop", state, vip, with_lease).exit_code == 0);
  run_for(loop, 150ms);
  CHECK(told == "");
  CHECK(run_agent(agent, "start", state, vip, with_lease).exit_code == 0);
  run_for(loop, 150ms);
  hosts.here("ip addr del 10.9.0.100/24 dev va");
  run_for(loop, 300ms);
  CHECK(told == "vip: 10.9.0.100 is not on va any more\n");
  CHECK_FALSE(is_there(hosts));  // it renews, it never adds
}
