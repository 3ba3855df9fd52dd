// One descriptor that becomes readable for a key, a signal or the clock: what the live view waits on besides changes.
#pragma once

#include "common/base/result.hpp"
#include "common/base/time.hpp"

namespace relevo::cli::mon {

/// Collects the terminal, SIGINT/SIGTERM/SIGHUP/SIGWINCH and an interval timer behind one epoll descriptor.
class Wake {
 public:
  static Result<Wake> open(Duration interval);
  Wake(Wake&& other) noexcept;
  Wake& operator=(Wake&&) = delete;
  ~Wake();

  [[nodiscard]] int fd() const { return epoll_; }
  /// Reads what is pending of timer and signals. True when a signal asks the program to end.
  [[nodiscard]] bool drain(bool& resized) const;
  /// Waits up to `limit` for anything.
  void wait(Duration limit) const;

 private:
  Wake() = default;
  int epoll_ = -1, timer_ = -1, signals_ = -1;
};

}  // namespace relevo::cli::mon
