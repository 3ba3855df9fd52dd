// See hosts.hpp.
#include "tests/system/agents/hosts.hpp"

#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>
#include <filesystem>

namespace relevo::test {
namespace {

std::string shell(const std::string& command) {
  io::ChildSpec spec;
  spec.program = "/bin/sh";
  spec.arguments = {"-c", command + " 2>&1"};
  spec.environment = {{"PATH", "/usr/sbin:/usr/bin:/sbin:/bin"}, {"LC_ALL", "C"}};
  spec.timeout = std::chrono::seconds(10);
  return io::run_and_wait(spec).out;
}

/// A process that does nothing but hold a network namespace.
pid_t hold_namespace() {
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const char done = ::unshare(CLONE_NEWNET) == 0 ? '+' : '-';
    if (::write(ready[1], &done, 1) != 1) ::_exit(1);
    for (;;) ::pause();
  }
  char done = '-';
  const bool said = ::read(ready[0], &done, 1) == 1;
  ::close(ready[0]);
  ::close(ready[1]);
  REQUIRE(said);
  REQUIRE(done == '+');
  return pid;
}

}  // namespace

bool can_make_hosts() {
  if (::geteuid() == 0) return true;
  WARN("skipped: network namespaces need root");
  return false;
}

Folder::Folder() {
  char name[] = "/tmp/relevo-agents-XXXXXX";
  REQUIRE(::mkdtemp(name) != nullptr);
  path_ = name;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Hosts::Hosts() {
  REQUIRE(::unshare(CLONE_NEWNET) == 0);  // the namespace of the case before goes with its last user
  peer_ = hold_namespace();
  const auto setup =
      here("ip link set lo up && ip link add va type veth peer name vb netns " + std::to_string(peer_) +
           " && ip addr add 10.9.0.1/24 dev va && ip -6 addr add fd00:9::1/64 dev va nodad && ip link set va up");
  REQUIRE(setup == "");
  REQUIRE(peer("ip addr add 10.9.0.2/24 dev vb && ip -6 addr add fd00:9::2/64 dev vb nodad && ip link set vb up") ==
          "");
}

Hosts::~Hosts() {
  ::kill(peer_, SIGKILL);
  ::waitpid(peer_, nullptr, 0);
}

std::string Hosts::here(const std::string& command) const { return shell(command); }
std::string Hosts::peer(const std::string& command) const {
  return shell("nsenter -t " + std::to_string(peer_) + " -n sh -c '" + command + "'");
}
void Hosts::settle() const {
  const auto addresses = [this] { return peer("ip -6 addr show vb") + here("ip -6 addr show va"); };
  for (int i = 0; i < 100 && addresses().find("tentative") != std::string::npos; ++i) ::usleep(50'000);
}
std::string Hosts::mac() const {
  auto text = here("ip -o link show va | sed 's/.*ether \\([0-9a-f:]*\\).*/\\1/'");
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

io::ChildResult run_agent(const std::string& name, const std::string& action, const Folder& state,
                          const Parameters& parameters, const std::map<std::string, std::string>& variables) {
  io::ChildSpec spec;
  spec.program = std::string(RELEVO_BUILD_DIR) + "/ocf/resource.d/" + name;
  spec.arguments = {action};
  spec.environment = variables;
  spec.environment["HA_RSCTMP"] = state.path();
  spec.environment["OCF_RESOURCE_INSTANCE"] = "vip";
  for (const auto& [key, value] : parameters) spec.environment["OCF_RESKEY_" + key] = value;
  spec.timeout = std::chrono::seconds(15);
  return io::run_and_wait(spec);
}

}  // namespace relevo::test
