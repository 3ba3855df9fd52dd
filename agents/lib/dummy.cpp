// See dummy.hpp.
#include "agents/lib/dummy.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>

namespace relevo::agents {
namespace {

Metadata dummy_metadata(bool pacemaker) {
  Metadata m{"Dummy",
             "1.0",
             "Example stateless resource agent",
             "Does nothing but keep a file while it is started. For tests, and as a pattern for new agents.",
             {},
             {}};
  m.parameters.push_back({"state", "string", "/run/resource-agents/Dummy-RESOURCE.state", "State file",
                          "The file that exists while the resource is started.", true});
  if (pacemaker) {
    m.parameters.push_back(
        {"passwd", "string", "", "Password", "A parameter that stands for a secret.", false, false, true});
  }
  m.parameters.push_back(
      {"fake", "string", "dummy", "Fake attribute", "Can be changed to cause a reload.", false, false, true});
  if (pacemaker) {
    m.parameters.push_back({"op_sleep", "string", "0", "Seconds to sleep",
                            "How long start and stop, and the other actions, take.", false, false, true});
    m.parameters.push_back({"fail_start_on", "string", "", "Node to fail on",
                            "Starting fails on the node of this name.", false, false, true});
    m.parameters.push_back({"envfile", "string", "", "Environment file", "Start writes its environment into this file.",
                            false, false, true});
  }
  m.actions = {{"start", "20s"}, {"stop", "20s"}, {"monitor", "20s", "10s", "0"}, {"reload", "20s"}};
  if (pacemaker) m.actions.push_back({"reload-agent", "20s"});
  for (const auto* name : {"migrate_to", "migrate_from", "validate-all"}) m.actions.push_back({name, "20s"});
  m.actions.push_back({"meta-data", "5s"});
  return m;
}

std::string state_file(const Call& call) {
  auto instance = call.instance();
  // Instances of an anonymous clone are the same thing under several numbers.
  if (call.meta("globally_unique").value_or("false") == "false") instance = instance.substr(0, instance.find(':'));
  return call.parameter_or("state", call.state_folder() + "/Dummy-" + instance + ".state");
}

Answer failed(const std::string& path, int error) {
  return {error == EACCES || error == EPERM ? Exit::no_permission : Exit::error,
          fmt::format("{}: {}", path, ::strerrordesc_np(error))};
}

void take_time(const Call& call) {
  const auto seconds = call.number("op_sleep", 0, 0, 86400);
  if (!seconds || *seconds == 0) return;
  timespec left{*seconds, 0};
  while (::nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
}

std::string host_name(const Call& call) {
  if (auto name = call.meta("on_node")) return *name;
  std::array<char, 256> buffer{};
  return ::gethostname(buffer.data(), buffer.size() - 1) == 0 ? buffer.data() : "";
}

Answer write_file(const std::string& path, const std::string& content) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return failed(path, errno);
  const bool whole = ::write(fd, content.data(), content.size()) == static_cast<ssize_t>(content.size());
  const int error = errno;
  ::close(fd);
  return whole ? Answer{} : failed(path, error);
}

Answer monitor(const Call& call) {
  take_time(call);
  if (::access(state_file(call).c_str(), F_OK) == 0) return {};
  if (call.is_probe() || call.action() != "monitor") return {Exit::not_running, {}};
  return {Exit::not_running, "the state file " + state_file(call) + " is gone"};
}

Answer validate(const Call& call) {
  if (const auto seconds = call.number("op_sleep", 0, 0, 86400); !seconds) {
    return {Exit::bad_argument, seconds.error().message};
  }
  const auto path = state_file(call);
  const auto folder = path.substr(0, path.rfind('/'));
  ::mkdir(folder.c_str(), 0755);
  if (::access(folder.c_str(), W_OK) != 0)
    return {Exit::bad_argument, "state file " + path + ": its folder is not writable"};
  return {};
}

Answer start(const Call& call) {
  if (auto valid = validate(call); valid.code != Exit::ok) return valid;
  if (const auto file = call.parameter("envfile")) {
    std::string text;
    for (const auto& [name, value] : call.environment()) text += name + "=" + value + "\n";
    if (auto written = write_file(*file, text); written.code != Exit::ok) return written;
  }
  take_time(call);
  if (call.parameter("fail_start_on") == host_name(call)) {
    return {Exit::error, "told by fail_start_on to fail on " + host_name(call)};
  }
  return write_file(state_file(call), "");
}

Answer stop(const Call& call) {
  take_time(call);
  const auto path = state_file(call);
  if (::unlink(path.c_str()) != 0 && errno != ENOENT && errno != ENOTDIR) return failed(path, errno);
  return {};
}

}  // namespace

int dummy_main(int argc, char** argv, bool pacemaker) {
  const auto nothing = [](const Call&) { return Answer{}; };
  Handlers handlers{{"start", start},           {"stop", stop},       {"monitor", monitor},    {"status", monitor},
                    {"validate-all", validate}, {"migrate_to", stop}, {"migrate_from", start}, {"reload", nothing}};
  if (pacemaker) handlers["reload-agent"] = nothing;
  return run_agent(argc, argv, dummy_metadata(pacemaker), handlers);
}

}  // namespace relevo::agents
