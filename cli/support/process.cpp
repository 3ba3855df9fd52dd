// Looking at processes through /proc and running system tools. Nothing here knows what they are for.
#include "cli/support/process.hpp"

#include <poll.h>
#include <signal.h>

#include <cstdlib>

#include "common/base/text.hpp"
#include "common/io/child.hpp"
#include "common/io/file.hpp"

namespace relevo::cli {

std::optional<ProcessId> identify(pid_t pid) {
  const auto stat = io::read_file(fmt::format("/proc/{}/stat", pid));
  if (!stat) return std::nullopt;
  const auto close = stat->rfind(')');  // the command's name may hold anything, also brackets
  if (close == std::string::npos) return std::nullopt;
  const auto fields = words(std::string_view(*stat).substr(close + 1));
  if (fields.size() < 20 || fields[0] == "Z" || fields[0] == "X") return std::nullopt;
  const auto start = parse_uint(fields[19]);
  return start ? std::optional(ProcessId{pid, *start}) : std::nullopt;
}

bool is_alive(const ProcessId& process) { return process.pid > 0 && identify(process.pid) == std::optional(process); }

bool send_signal(const ProcessId& process, int signal) { return is_alive(process) && ::kill(process.pid, signal) == 0; }

bool kill_and_wait(const ProcessId& process, std::chrono::milliseconds limit) {
  send_signal(process, SIGKILL);
  return wait_until([&] { return !is_alive(process); }, limit, std::chrono::milliseconds(1));
}

Result<std::string> find_tool(const std::string& name) {
  std::vector<std::string> folders = {"/usr/sbin", "/sbin", "/usr/bin", "/bin"};
  if (const char* path = std::getenv("PATH"))
    for (auto& folder : split(path, ':')) folders.push_back(std::move(folder));
  for (const auto& folder : folders)
    if (auto file = folder + "/" + name; io::file_exists(file)) return file;
  return fail(ErrorKind::not_found, "the program '{}' is not installed here", name);
}

Result<std::string> run_tool(const std::string& name, const std::vector<std::string>& args, std::string_view input) {
  const auto file = find_tool(name);
  if (!file) return pass(file.error());
  io::ChildSpec spec;
  spec.program = *file;
  spec.arguments = args;
  spec.environment = {{"PATH", "/usr/sbin:/usr/bin:/sbin:/bin"}, {"LC_ALL", "C"}};
  spec.timeout = std::chrono::seconds(30);
  spec.output_limit = 4U << 20;
  auto result = io::run_and_wait(spec, input);
  if (!result.started) return fail("{}: {}", name, result.error);
  if (result.timed_out) return fail(ErrorKind::timeout, "{} {} did not end within 30 s", name, join(args, " "));
  if (result.exit_code != 0)
    return fail("{} {}: {}", name, join(args, " "), trim(result.err.empty() ? result.out : result.err));
  return std::move(result.out);
}

void pause_for(std::chrono::milliseconds time) { ::poll(nullptr, 0, static_cast<int>(time.count())); }

bool wait_until(const std::function<bool()>& condition, std::chrono::milliseconds limit,
                std::chrono::milliseconds step) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    pause_for(step);
  }
  return true;
}

}  // namespace relevo::cli
