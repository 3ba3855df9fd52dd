// What the tests of common/io share: a folder of their own that goes away, and running a loop until something holds.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>

#include "common/io/loop.hpp"

/// A temporary folder, removed at the end.
class Scratch {
 public:
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "relevo-io-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// Runs the loop until `done()` holds; false when it does not within `limit`.
inline bool run_until(relevo::io::Loop& loop, const std::function<bool()>& done,
                      relevo::Duration limit = std::chrono::seconds(5)) {
  const auto deadline = loop.now() + limit;
  relevo::io::Timer timer(loop);
  std::function<void()> look = [&] {
    if (done() || loop.now() >= deadline) return loop.stop();
    timer.after(std::chrono::milliseconds(1), look);
  };
  look();
  loop.run();
  return done();
}
