// epoll over terminal, signals and timer; see wake.hpp.
#include "cli/mon/wake.hpp"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <csignal>
#include <utility>

namespace relevo::cli::mon {
namespace {

void watch(int epoll, int fd) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = fd;
  epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

}  // namespace

Result<Wake> Wake::open(Duration interval) {
  Wake wake;
  sigset_t set;
  sigemptyset(&set);
  for (const int s : {SIGINT, SIGTERM, SIGHUP, SIGWINCH}) sigaddset(&set, s);
  sigprocmask(SIG_BLOCK, &set, nullptr);
  wake.epoll_ = epoll_create1(EPOLL_CLOEXEC);
  wake.signals_ = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
  wake.timer_ = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  if (wake.epoll_ < 0 || wake.signals_ < 0 || wake.timer_ < 0) return fail("the live view cannot make its descriptors");
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(interval);
  itimerspec spec{};
  spec.it_interval.tv_sec = spec.it_value.tv_sec = seconds.count();
  spec.it_interval.tv_nsec = spec.it_value.tv_nsec = (interval - seconds).count();
  timerfd_settime(wake.timer_, 0, &spec, nullptr);
  for (const int fd : {STDIN_FILENO, wake.signals_, wake.timer_}) watch(wake.epoll_, fd);
  return wake;
}

Wake::Wake(Wake&& other) noexcept
    : epoll_(std::exchange(other.epoll_, -1)), timer_(std::exchange(other.timer_, -1)), signals_(std::exchange(other.signals_, -1)) {}

Wake::~Wake() {
  for (const int fd : {epoll_, timer_, signals_})
    if (fd >= 0) close(fd);
}

bool Wake::drain(bool& resized) const {
  std::uint64_t ticks = 0;
  while (read(timer_, &ticks, sizeof ticks) > 0) {
  }
  bool end = false;
  signalfd_siginfo info{};
  while (read(signals_, &info, sizeof info) > 0) (info.ssi_signo == SIGWINCH ? resized : end) = true;
  return end;
}

void Wake::wait(Duration limit) const {
  pollfd fd{epoll_, POLLIN, 0};
  poll(&fd, 1, static_cast<int>(to_ms(limit)));
}

}  // namespace relevo::cli::mon
