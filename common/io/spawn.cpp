// Starting child processes with posix_spawn (vfork speed), and the small operations on them.
#include "common/io/spawn.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

namespace relevo::io {
namespace {

/// The attributes every child gets: own group, default signals, nothing blocked.
struct Attributes {
  posix_spawnattr_t attr{};
  posix_spawn_file_actions_t actions{};
  Attributes() {
    posix_spawnattr_init(&attr);
    posix_spawn_file_actions_init(&actions);
    sigset_t set;
    sigfillset(&set);
    posix_spawnattr_setsigdefault(&attr, &set);
    sigemptyset(&set);
    posix_spawnattr_setsigmask(&attr, &set);
    posix_spawnattr_setpgroup(&attr, 0);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  }
  ~Attributes() {
    posix_spawnattr_destroy(&attr);
    posix_spawn_file_actions_destroy(&actions);
  }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
};

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> out;
  out.reserve(strings.size() + 1);
  for (auto& s : strings) out.push_back(s.data());
  out.push_back(nullptr);
  return out;
}

struct Pipe {
  Fd read;
  Fd write;
};

/// Moves a descriptor out of 0..2, where it lands in a process that was started with those closed.
void move_up(Fd& fd) {
  if (fd.get() <= 2) fd.reset(::fcntl(fd.get(), F_DUPFD_CLOEXEC, 3));
}

Result<Pipe> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return fail("no pipe: {}", errno_text(errno));
  Pipe pipe{Fd(ends[0]), Fd(ends[1])};
  move_up(pipe.read);
  move_up(pipe.write);
  if (!pipe.read.valid() || !pipe.write.valid()) return fail("no pipe: {}", errno_text(errno));
  // Only our end is non-blocking: the flag lives on the open file, and agents expect a blocking one.
  ::fcntl(pipe.read.get(), F_SETFL, O_NONBLOCK);
  return pipe;
}

/// Descriptors 0, 1, 2 as given and nothing above.
void set_descriptors(posix_spawn_file_actions_t& actions, int input, int out, int err) {
  if (input >= 0) {
    posix_spawn_file_actions_adddup2(&actions, input, 0);
  } else {
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  }
  posix_spawn_file_actions_adddup2(&actions, out, 1);
  posix_spawn_file_actions_adddup2(&actions, err, 2);
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
}

}  // namespace

Result<Spawned> spawn(const ChildSpec& spec, int input) {
  auto out = make_pipe();
  if (!out) return pass(out.error());
  auto err = make_pipe();
  if (!err) return pass(err.error());
  std::vector<std::string> arguments{spec.program};
  arguments.insert(arguments.end(), spec.arguments.begin(), spec.arguments.end());
  std::vector<std::string> environment;
  for (const auto& [name, value] : spec.environment) environment.push_back(name + "=" + value);

  Attributes attributes;
  set_descriptors(attributes.actions, input, out->write.get(), err->write.get());
  Spawned child;
  const int error = ::posix_spawn(&child.pid, spec.program.c_str(), &attributes.actions, &attributes.attr,
                                  pointers(arguments).data(), pointers(environment).data());
  if (error != 0) {
    const auto kind = error == ENOENT                       ? ErrorKind::not_found
                      : error == EACCES || error == EPERM ? ErrorKind::permission
                                                            : ErrorKind::failed;
    return fail(kind, "cannot run {}: {}", spec.program, errno_text(error));
  }
  child.pidfd.reset(static_cast<int>(::syscall(SYS_pidfd_open, child.pid, 0)));
  if (!child.pidfd.valid()) {
    const int why = errno;
    signal_group(child.pid, SIGKILL);
    ::waitpid(child.pid, nullptr, 0);
    return fail("cannot watch {}: {}", spec.program, errno_text(why));
  }
  child.out = std::move(out->read);
  child.err = std::move(err->read);
  return child;
}

bool drain(int fd, std::string& into, std::size_t limit) {
  char piece[8192];
  // Bounded, so that a child that writes without end cannot hold the loop.
  for (int turn = 0; turn < 32; ++turn) {
    const auto n = ::read(fd, piece, sizeof piece);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno != EAGAIN;
    if (n == 0) return true;
    const std::size_t room = limit - std::min(limit, into.size());
    into.append(piece, std::min(static_cast<std::size_t>(n), room));
  }
  return false;
}

void signal_group(pid_t leader, int signal) {
  if (leader > 1) ::kill(-leader, signal);
}

void reap(const Spawned& child, ChildResult& result) {
  int status = 0;
  pid_t got = 0;
  do {
    got = ::waitpid(child.pid, &status, 0);
  } while (got < 0 && errno == EINTR);
  if (got != child.pid) {
    result.error = fmt::format("the end of process {} was not seen: {}", child.pid, errno_text(errno));
  } else if (WIFEXITED(status)) {
    result.exit_code = WEXITSTATUS(status);
  } else if (WIFSIGNALED(status)) {
    result.signal = WTERMSIG(status);
  }
}

}  // namespace relevo::io
