// The event loop over Asio: clock, turns, helper thread, signals and timers.
#include "common/io/loop.hpp"

#include <csignal>
#include <cstdio>
#include <ctime>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

namespace relevo::io {
namespace asio = boost::asio;

namespace {

/// The one helper thread. Started at the first use; finishes what was handed to it before it ends.
class Helper {
 public:
  ~Helper() {
    {
      const std::lock_guard lock(mutex_);
      ending_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
  }

  void add(std::function<void()> work) {
    {
      const std::lock_guard lock(mutex_);
      queue_.push_back(std::move(work));
    }
    if (!thread_.joinable()) start();
    wake_.notify_one();
  }

 private:
  void start() {
    // Signals belong to the loop's thread: the helper blocks them all, also so that a slow fsync never delays one.
    sigset_t all;
    sigset_t old;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    thread_ = std::thread([this] { run(); });
    pthread_sigmask(SIG_SETMASK, &old, nullptr);
  }

  void run() {
    std::unique_lock lock(mutex_);
    for (;;) {
      wake_.wait(lock, [this] { return ending_ || !queue_.empty(); });
      if (queue_.empty()) return;
      const auto work = std::move(queue_.front());
      queue_.pop_front();
      lock.unlock();
      work();
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> queue_;
  bool ending_ = false;
  std::thread thread_;
};

void wait_for_signal(asio::signal_set& set, const std::shared_ptr<std::function<void(int)>>& handler) {
  set.async_wait([&set, handler](const boost::system::error_code& error, int signal) {
    if (error) return;
    wait_for_signal(set, handler);
    (*handler)(signal);
  });
}

}  // namespace

struct Loop::Impl {
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> guard = asio::make_work_guard(context);
  std::vector<std::unique_ptr<asio::signal_set>> signals;
  Helper helper;  // last: joined first, while the context can still take its posts
};

Loop::Loop() : impl_(std::make_unique<Impl>()) {}
Loop::~Loop() = default;

Instant Loop::now() const {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return Instant(std::chrono::seconds(t.tv_sec) + Duration(t.tv_nsec));
}

WallTime Loop::wall() const { return WallTime{std::time(nullptr)}; }

void Loop::run() {
  try {
    impl_->context.run();
    impl_->context.restart();  // a later run() starts anew; a stop() before the first run() still counts
  } catch (const std::exception& e) {
    std::fprintf(stderr, "fatal: an exception reached the event loop: %s\n", e.what());
    std::fflush(nullptr);
    _exit(70);
  }
}

void Loop::stop() { impl_->context.stop(); }

void Loop::post(std::function<void()> work) { asio::post(impl_->context, std::move(work)); }

void Loop::offload(std::function<void()> work, std::function<void()> done) {
  impl_->helper.add([this, work = std::move(work), done = std::move(done)]() mutable {
    work();
    asio::post(impl_->context, std::move(done));
  });
}

void Loop::on_signals(std::vector<int> signals, std::function<void(int)> handler) {
  auto set = std::make_unique<asio::signal_set>(impl_->context);
  for (const int signal : signals) set->add(signal);
  wait_for_signal(*set, std::make_shared<std::function<void(int)>>(std::move(handler)));
  impl_->signals.push_back(std::move(set));
}

boost::asio::io_context& Loop::context() { return impl_->context; }

// Asio may have queued a handler before cancel() is called. The generation tells such a late one from the armed one.
struct Timer::Impl {
  explicit Impl(asio::io_context& context) : timer(context) {}
  asio::steady_timer timer;
  std::shared_ptr<std::uint64_t> generation = std::make_shared<std::uint64_t>(0);
};

Timer::Timer(Loop& loop) : impl_(std::make_unique<Impl>(loop.context())) {}
Timer::~Timer() {
  if (impl_) cancel();
}
Timer::Timer(Timer&&) noexcept = default;
Timer& Timer::operator=(Timer&& other) noexcept {
  if (this == &other) return *this;
  if (impl_) cancel();
  impl_ = std::move(other.impl_);
  return *this;
}

void Timer::at(Instant when, std::function<void()> handler) {
  // std::chrono::steady_clock is CLOCK_MONOTONIC on Linux, the clock of Loop::now().
  const auto since = std::chrono::duration_cast<std::chrono::steady_clock::duration>(when.time_since_epoch());
  impl_->timer.expires_at(std::chrono::steady_clock::time_point(since));
  const auto mine = ++*impl_->generation;
  impl_->timer.async_wait(
      [mine, current = impl_->generation, handler = std::move(handler)](const boost::system::error_code& error) {
        if (error || *current != mine) return;
        handler();
      });
}

void Timer::after(Duration delay, std::function<void()> handler) {
  const auto now = std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch());
  at(Instant(now + delay), std::move(handler));
}

void Timer::cancel() {
  ++*impl_->generation;
  impl_->timer.cancel();
}

}  // namespace relevo::io
