// The inside of a host, from the clone to the endless reaping.
#include "cli/lab/guest.hpp"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>

#include "cli/lab/dns.hpp"
#include "cli/lab/guest_files.hpp"
#include "cli/lab/namespaces.hpp"
#include "cli/lab/store.hpp"
#include "cli/lab/view.hpp"
#include "common/io/file.hpp"

namespace relevo::cli::lab {
namespace {

namespace fs = std::filesystem;

Status write_guest_file(const GuestFile& file) {
  std::error_code error;
  fs::remove(file.path, error);  // it may be a link of the machine's own /etc
  if (auto made = io::make_directories(fs::path(file.path).parent_path().string(), 0755); !made) return made;
  return io::write_file_durably(file.path, file.content, file.mode);
}

/// Only at the first start: later the host's disk is its own.
Status install(const Lab& lab, const Host& host, const std::string& key) {
  const std::string marker = "/var/lib/relevo-lab-host";
  if (io::file_exists(marker)) return {};
  std::error_code error;
  for (const auto* folder : {"/etc/relevo", "/var/lib/relevo", "/var/log/relevo"}) fs::remove_all(folder, error);
  for (const auto& file : guest_files(lab, host, key))
    if (auto done = write_guest_file(file); !done) return done;
  return io::write_file_durably(marker, host.name + "\n", 0644);
}

Status become_host(const Lab& lab, const Host& host) {
  const io::Fd netns(::open(netns_path(namespace_of(lab, host)).c_str(), O_RDONLY | O_CLOEXEC));
  if (!netns.valid() || ::setns(netns.get(), CLONE_NEWNET) != 0)
    return fail("its network namespace: {}", io::errno_text(errno));
  const auto name = full_name(host);
  if (::sethostname(name.data(), name.size()) != 0) return fail("its host name: {}", io::errno_text(errno));
  const auto key = io::read_file(folder_of(lab.name) + "/authkey", 4096);
  if (!key) return pass(key.error());
  if (auto done = build_view(lab, host); !done) return done;
  return install(lab, host, *key);
}

/// What a host does by itself besides existing.
void start_services(const Lab& lab, const Host& host) {
  if (host.role != Host::Role::dns || ::fork() != 0) return;
  ::prctl(PR_SET_NAME, "relevo-dns");
  ::_exit(serve_dns(lab));
}

[[noreturn]] void reap_for_ever() {
  sigset_t children;
  sigemptyset(&children);
  sigaddset(&children, SIGCHLD);
  while (true) {
    int status = 0;
    while (::waitpid(-1, &status, WNOHANG) > 0) continue;
    int signal = 0;
    sigwait(&children, &signal);
  }
}

[[noreturn]] void guest_main(const Lab& lab, const Host& host, int report) {
  ::prctl(PR_SET_NAME, "relevo-init");
  sigset_t children;
  sigemptyset(&children);
  sigaddset(&children, SIGCHLD);
  sigprocmask(SIG_BLOCK, &children, nullptr);
  ::umask(022);
  const auto done = become_host(lab, host);
  const auto text = done ? std::string("ready") : done.error().message;
  static_cast<void>(!::write(report, text.data(), text.size()));
  if (!done) ::_exit(1);
  ::close_range(3, ~0U, 0);
  start_services(lab, host);
  reap_for_ever();
}

}  // namespace

Result<pid_t> start_guest(const Lab& lab, const Host& host) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return fail("a pipe: {}", io::errno_text(errno));
  const io::Fd reader(pipe[0]);
  io::Fd writer(pipe[1]);
  constexpr unsigned long flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC | SIGCHLD;
  const auto child = static_cast<pid_t>(::syscall(SYS_clone, flags, nullptr, nullptr, nullptr, 0));
  if (child < 0) return fail("new namespaces: {} (a lab needs root)", io::errno_text(errno));
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    guest_main(lab, host, writer.get());
  }
  writer.reset();
  std::string text;
  std::array<char, 1024> buffer{};
  for (ssize_t n = 0; (n = ::read(reader.get(), buffer.data(), buffer.size())) > 0;)
    text.append(buffer.data(), static_cast<std::size_t>(n));
  if (text == "ready") return child;
  ::waitpid(child, nullptr, 0);
  return fail("{}", text.empty() ? "it died while it was being built" : text);
}

}  // namespace relevo::cli::lab
