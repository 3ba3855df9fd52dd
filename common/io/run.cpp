// run_and_wait: a child without a loop, for command line tools.
#include <poll.h>
#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>

#include "common/io/child.hpp"
#include "common/io/spawn.hpp"

namespace relevo::io {
namespace {

using Clock = std::chrono::steady_clock;

/// The input as a file in memory: nothing has to be written while the child runs, so nothing can deadlock.
Result<Fd> input_file(std::string_view input) {
  Fd fd(::memfd_create("input", MFD_CLOEXEC));
  if (!fd.valid()) return fail("no memory file: {}", errno_text(errno));
  std::size_t at = 0;
  while (at < input.size()) {
    const auto n = ::write(fd.get(), input.data() + at, input.size() - at);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return fail("cannot pass the input: {}", errno_text(errno));
    at += static_cast<std::size_t>(n);
  }
  if (::lseek(fd.get(), 0, SEEK_SET) != 0) return fail("cannot pass the input: {}", errno_text(errno));
  return fd;
}

/// The signals of the time-out: none, TERM at the deadline, KILL after the grace.
class Deadline {
 public:
  explicit Deadline(const ChildSpec& spec) : spec_(spec), armed_(spec.timeout > Duration(0)) {
    next_ = Clock::now() + spec.timeout;
  }
  [[nodiscard]] int wait_ms() const {
    if (!armed_) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next_ - Clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1'000'000));
  }
  void check(pid_t pid, ChildResult& result) {
    if (!armed_ || Clock::now() < next_) return;
    armed_ = !result.timed_out;
    signal_group(pid, result.timed_out ? SIGKILL : SIGTERM);
    if (!result.timed_out) signal_group(pid, SIGCONT);
    next_ = Clock::now() + spec_.grace;
    result.timed_out = true;
  }

 private:
  const ChildSpec& spec_;
  bool armed_;
  Clock::time_point next_;
};

void follow(const Spawned& child, const ChildSpec& spec, ChildResult& result) {
  Deadline deadline(spec);
  pollfd watched[3] = {{child.pidfd.get(), POLLIN, 0}, {child.out.get(), POLLIN, 0}, {child.err.get(), POLLIN, 0}};
  for (;;) {
    const int n = ::poll(watched, 3, deadline.wait_ms());
    if (n < 0 && errno != EINTR) break;
    if (n > 0 && watched[1].revents != 0 && drain(child.out.get(), result.out, spec.output_limit)) watched[1].fd = -1;
    if (n > 0 && watched[2].revents != 0 && drain(child.err.get(), result.err, spec.output_limit)) watched[2].fd = -1;
    if (n > 0 && watched[0].revents != 0) break;
    deadline.check(child.pid, result);
  }
  if (watched[1].fd >= 0) drain(child.out.get(), result.out, spec.output_limit);
  if (watched[2].fd >= 0) drain(child.err.get(), result.err, spec.output_limit);
}

}  // namespace

ChildResult run_and_wait(const ChildSpec& spec, std::string_view input) {
  const auto start = Clock::now();
  ChildResult result;
  auto file = input_file(input);
  auto child = file ? spawn(spec, file->get()) : Result<Spawned>(pass(file.error()));
  if (!child) {
    result.error = child.error().message;
    return result;
  }
  result.started = true;
  follow(*child, spec, result);
  if (result.timed_out) signal_group(child->pid, SIGKILL);
  reap(*child, result);
  result.run_time = Clock::now() - start;
  return result;
}

}  // namespace relevo::io
