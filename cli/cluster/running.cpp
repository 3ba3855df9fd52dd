// The supervisor's file: written whole, read with distrust.
#include "cli/cluster/running.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "common/base/text.hpp"
#include "common/io/fd.hpp"
#include "common/io/file.hpp"

namespace relevo::cli::cluster {
namespace {

std::uint64_t number_in(const nlohmann::json& json, const char* key) {
  const auto it = json.find(key);
  return it != json.end() && it->is_number_unsigned() ? it->get<std::uint64_t>() : 0;
}

ProcessId process_in(const nlohmann::json& json) {
  return {static_cast<pid_t>(number_in(json, "pid")), number_in(json, "start")};
}

}  // namespace

std::string supervisor_file(const io::Root& root) { return root.run_dir() + "/supervisor.json"; }
std::string supervisor_lock(const io::Root& root) { return root.run_dir() + "/supervisor.lock"; }

std::string log_file(const io::Root& root, std::size_t daemon) {
  return root.log_dir() + (daemon == membershipd ? "/membershipd.log" : "/resmgrd.log");
}

Status write_running(const io::Root& root, const Running& running) {
  nlohmann::json json = {{"pid", running.supervisor.pid}, {"start", running.supervisor.start}};
  for (std::size_t i = 0; i < daemon_names.size(); ++i) {
    const auto& daemon = running.daemons[i];
    json[daemon_names[i]] = {{"pid", daemon.process.pid},
                             {"start", daemon.process.start},
                             {"restarts", daemon.restarts},
                             {"quick_deaths", daemon.quick_deaths},
                             {"last_end", daemon.last_end}};
  }
  const auto text = json.dump() + "\n";
  const auto temporary = supervisor_file(root) + ".new";
  io::Fd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644));
  if (!fd.valid() || ::write(fd.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    return fail("{}: {}", temporary, io::errno_text(errno));
  if (::rename(temporary.c_str(), supervisor_file(root).c_str()) != 0)
    return fail("{}: {}", supervisor_file(root), io::errno_text(errno));
  return {};
}

std::optional<Running> read_running(const io::Root& root) {
  const auto text = io::read_file(supervisor_file(root), 1U << 16);
  if (!text) return std::nullopt;
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  Running running;
  running.supervisor = process_in(json);
  for (std::size_t i = 0; i < daemon_names.size(); ++i) {
    const auto it = json.find(daemon_names[i]);
    if (it == json.end() || !it->is_object()) continue;
    auto& daemon = running.daemons[i];
    daemon.process = process_in(*it);
    daemon.restarts = static_cast<std::uint32_t>(number_in(*it, "restarts"));
    daemon.quick_deaths = static_cast<std::uint32_t>(number_in(*it, "quick_deaths"));
    if (const auto end = it->find("last_end"); end != it->end() && end->is_string())
      daemon.last_end = end->get<std::string>();
  }
  return running;
}

std::optional<Running> live_supervisor(const io::Root& root) {
  auto running = read_running(root);
  if (running && !is_alive(running->supervisor)) running.reset();
  return running;
}

std::string log_tail(const io::Root& root, std::size_t daemon, std::size_t lines) {
  const auto text = io::read_file(log_file(root, daemon));
  if (!text) return {};
  auto all = split(trim(*text), '\n');
  all.erase(std::unique(all.begin(), all.end()), all.end());  // a daemon that refuses says the same at each start
  if (all.size() > lines) all.erase(all.begin(), all.end() - static_cast<std::ptrdiff_t>(lines));
  return join(all, "\n");
}

}  // namespace relevo::cli::cluster
