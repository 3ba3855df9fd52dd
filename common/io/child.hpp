// Child processes: agents and tools, with their own process group, a time-out and bounded output.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

#include "common/base/result.hpp"
#include "common/io/loop.hpp"

namespace relevo::io {

struct ChildSpec {
  std::string program;  ///< absolute path
  std::vector<std::string> arguments;
  std::map<std::string, std::string> environment;  ///< the whole environment: nothing is inherited
  Duration timeout{0};            ///< 0 = none. At expiry TERM to the group, KILL after `grace`
  Duration grace = std::chrono::seconds(1);
  std::size_t output_limit = 64U << 10;  ///< bytes kept of each stream; the rest is read and dropped
};

struct ChildResult {
  bool started = false;   ///< false: exec failed, `error` says why
  bool timed_out = false;
  int exit_code = -1;     ///< valid when it exited by itself
  int signal = 0;         ///< nonzero when a signal ended it
  std::string out, err;
  std::string error;
  Duration run_time{0};
};

/// A running child (posix_spawn or vfork speed: no page tables are copied). Its group is killed when destroyed.
class Child {
 public:
  /// `on_done` runs on the loop exactly once unless the object is destroyed first.
  static std::unique_ptr<Child> run(Loop& loop, ChildSpec spec, std::function<void(ChildResult)> on_done);
  ~Child();
  /// TERM now, KILL after the grace; on_done still comes.
  void terminate();
  [[nodiscard]] pid_t pid() const;

 private:
  Child();
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

/// Runs to the end without a loop, for command line tools. `input` goes to its standard input.
ChildResult run_and_wait(const ChildSpec& spec, std::string_view input = {});

}  // namespace relevo::io
