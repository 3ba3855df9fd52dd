// The event loop of every daemon: one io_context, one thread, the clock, timers and signals.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "common/base/time.hpp"

namespace boost::asio {
class io_context;
}

namespace relevo::io {

/// One loop a process. All callbacks of everything built on it run on the thread that called run().
class Loop {
 public:
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// CLOCK_MONOTONIC as the cores know it.
  [[nodiscard]] Instant now() const;
  [[nodiscard]] WallTime wall() const;

  /// Runs until stop(). Exceptions of libraries are caught, logged to stderr and end the process with exit 70.
  void run();
  void stop();
  /// Runs `work` on a later turn of the loop, in the order of the calls.
  void post(std::function<void()> work);
  /// Runs `work` on the one helper thread (fsync, name lookup), then `done` on the loop. In the order of the calls.
  void offload(std::function<void()> work, std::function<void()> done);
  /// Calls `handler(signal)` on the loop for each of `signals`, until the loop ends.
  void on_signals(std::vector<int> signals, std::function<void(int)> handler);

  [[nodiscard]] boost::asio::io_context& context();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// A one-shot timer. Destroying or re-arming it cancels what was armed: a cancelled handler never runs.
class Timer {
 public:
  explicit Timer(Loop& loop);
  ~Timer();
  Timer(Timer&&) noexcept;
  Timer& operator=(Timer&&) noexcept;

  void at(Instant when, std::function<void()> handler);
  void after(Duration delay, std::function<void()> handler);
  void cancel();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace relevo::io
