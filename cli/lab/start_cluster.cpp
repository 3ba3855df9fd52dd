// Commands run on the hosts of a lab, and waiting for what they promise.
#include "cli/lab/start_cluster.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "cli/lab/enter.hpp"
#include "cli/support/self.hpp"
#include "common/base/text.hpp"

namespace relevo::cli::lab {
namespace {

std::vector<Host> nodes_of(const Lab& lab) {
  auto hosts = hosts_of(lab);
  std::erase_if(hosts, [](const Host& host) { return host.role != Host::Role::node; });
  return hosts;
}

/// What `relevo cluster status --json` says of a node: its ring has all members, it may act, both daemons answer.
bool sees_all(const Lab& lab, const Host& host) {
  const auto status = relevo_on(lab, host, {"cluster", "status", "--json"}, std::chrono::seconds(5));
  if (!status) return false;
  const auto json = nlohmann::json::parse(*status, nullptr, false);
  return json.is_object() && json.value("quorate", false) && json.value("members_online", 0U) == lab.nodes &&
         json.value("resource_manager", false);
}

/// All nodes in parallel: with wait-for-all each would otherwise wait for the next.
Status start_all(const Lab& lab, const std::vector<Host>& nodes) {
  std::vector<std::pair<pid_t, Host>> children;
  for (const auto& node : nodes) {
    const auto child = ::fork();
    if (child < 0) return fail("fork: {}", io::errno_text(errno));
    if (child == 0) {
      const auto done = relevo_on(lab, node, {"cluster", "start", "--no-wait"});
      if (!done) static_cast<void>(!::write(2, (done.error().message + "\n").c_str(), done.error().message.size() + 1));
      ::_exit(done ? 0 : 1);
    }
    children.emplace_back(child, node);
  }
  Status result;
  for (const auto& [child, node] : children) {
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
    if (status != 0 && result) result = fail("the cluster did not start on {}", node.name);
  }
  return result;
}

Status make_vip(const Lab& lab, const Host& node) {
  const auto parts = split(lab.vip, '/');
  auto done = relevo_on(lab, node,
                        {"resource", "create", "VIP", "ocf:heartbeat:IPaddr2", "ip=" + parts[0],
                         "cidr_netmask=" + parts[1], "op", "monitor", "interval=10s"});
  if (!done) return in_context(done.error(), "making the virtual IP");
  return {};
}

}  // namespace

Result<std::string> relevo_on(const Lab& lab, const Host& host, const std::vector<std::string>& args,
                              std::chrono::milliseconds limit) {
  std::vector<std::string> command = {self_path()};
  command.insert(command.end(), args.begin(), args.end());
  auto done = capture_in(lab, host, command, limit);
  if (!done) return pass(done.error());
  if (done->exit_code != 0) return fail("{}: relevo {}: {}", host.name, join(args, " "), trim(done->out));
  return std::move(done->out);
}

Status start_cluster_on(const Lab& lab, const Host& host) {
  auto done = relevo_on(lab, host, {"cluster", "start"});
  if (!done) return pass(done.error());
  return {};
}

Status start_cluster(const Lab& lab, const std::function<void(const std::string&)>& tell) {
  const auto nodes = nodes_of(lab);
  tell(fmt::format("starting the cluster on {} nodes", nodes.size()));
  if (auto started = start_all(lab, nodes); !started) return started;
  for (const auto& node : nodes)
    if (!wait_until([&] { return sees_all(lab, node); }, std::chrono::seconds(30), std::chrono::milliseconds(50)))
      return fail(ErrorKind::timeout, "{} does not see one quorate ring of {} nodes within 30 s: {}", node.name,
                  lab.nodes, "'relevo lab exec " + node.name + " -- relevo cluster status' says more");
  tell(fmt::format("one ring of {} nodes, with quorum", nodes.size()));
  auto set = relevo_on(lab, nodes[0], {"property", "set", "stonith-enabled=false"});
  if (!set) return pass(set.error());
  if (lab.vip.empty()) return {};
  return make_vip(lab, nodes[0]);
}

}  // namespace relevo::cli::lab
