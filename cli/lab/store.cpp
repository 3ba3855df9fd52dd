// The lab's files. All small, all rewritten whole; the lock decides who may.
#include "cli/lab/store.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "common/io/file.hpp"

namespace relevo::cli::lab {
namespace {

std::string lock_path(const std::string& lab) { return base_folder() + "/" + lab + ".lock"; }
std::string description_path(const std::string& lab) { return folder_of(lab) + "/lab.json"; }
std::string machine_path(const std::string& lab, const std::string& host) {
  return folder_of(lab) + "/" + host + ".machine";
}

/// The file a path names now is still the one that is open: else somebody removed it while we waited.
bool same_file(int fd, const std::string& path) {
  struct stat mine{};
  struct stat there{};
  return ::fstat(fd, &mine) == 0 && ::stat(path.c_str(), &there) == 0 && mine.st_ino == there.st_ino &&
         mine.st_dev == there.st_dev;
}

}  // namespace

std::string base_folder() { return "/run/relevo-lab"; }
std::string folder_of(const std::string& lab) { return base_folder() + "/" + lab; }
std::string disk_of(const std::string& lab, const std::string& host) { return folder_of(lab) + "/" + host + ".disk"; }

Result<Lock> Lock::take(const std::string& lab, std::chrono::milliseconds limit) {
  if (auto made = io::make_directories(base_folder(), 0711); !made) return pass(made.error());
  const auto path = lock_path(lab);
  io::Fd fd;
  const auto attempt = [&] {
    fd.reset(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    return fd.valid() && ::flock(fd.get(), LOCK_EX | LOCK_NB) == 0 && same_file(fd.get(), path);
  };
  if (!wait_until(attempt, limit, std::chrono::milliseconds(20)))
    return fail(ErrorKind::try_again, "another command is at work on lab '{}'", lab);
  return Lock(std::move(fd), path);
}

void Lock::remove() { ::unlink(path_.c_str()); }

Status save(const Lab& lab) { return io::write_file_durably(description_path(lab.name), to_json(lab).dump(2), 0600); }

Result<Lab> load(const std::string& name) {
  if (auto named = check_lab_name(name); !named) return pass(named.error());
  const auto text = io::read_file(description_path(name), 1U << 20);
  if (!text)
    return fail(ErrorKind::not_found, "no lab '{}' is up: make one with 'relevo lab up{}'", name,
                name == "lab" ? "" : " --name " + name);
  auto lab = lab_from_json(*text);
  if (!lab) return in_context(lab.error(), description_path(name));
  return lab;
}

std::vector<std::string> lab_names() {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(base_folder(), error))
    if (entry.is_directory(error)) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

Status save_machine(const Lab& lab, const Host& host, const Machine& machine) {
  const nlohmann::json json = {{"init", machine.init.pid},
                               {"init_start", machine.init.start},
                               {"keeper", machine.keeper.pid},
                               {"keeper_start", machine.keeper.start}};
  return io::write_file_durably(machine_path(lab.name, host.name), json.dump(), 0600);
}

std::optional<Machine> recorded_machine(const std::string& lab, const std::string& host) {
  const auto text = io::read_file(machine_path(lab, host), 1U << 16);
  if (!text) return std::nullopt;
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  const auto number = [&](const char* key) {
    const auto it = json.find(key);
    return it != json.end() && it->is_number_unsigned() ? it->get<std::uint64_t>() : std::uint64_t{0};
  };
  return Machine{{static_cast<pid_t>(number("init")), number("init_start")},
                 {static_cast<pid_t>(number("keeper")), number("keeper_start")}};
}

std::optional<Machine> machine_of(const Lab& lab, const Host& host) {
  auto machine = recorded_machine(lab.name, host.name);
  if (machine && !is_alive(machine->init)) machine.reset();
  return machine;
}

}  // namespace relevo::cli::lab
