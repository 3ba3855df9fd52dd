// Two hosts on one cable: this process in a network namespace of its own, and a peer. Gone when the test ends.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>

#include "common/io/child.hpp"

namespace relevo::test {

/// False (and says so, once) where namespaces cannot be made; the case then returns.
[[nodiscard]] bool can_make_hosts();

/// An empty folder that is removed with its content.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// This process has `va` (10.9.0.1/24, fd00:9::1/64), the peer `vb` (10.9.0.2/24, fd00:9::2/64).
class Hosts {
 public:
  Hosts();
  ~Hosts();
  Hosts(const Hosts&) = delete;
  Hosts& operator=(const Hosts&) = delete;

  /// Output of a shell command here or at the peer.
  std::string here(const std::string& command) const;
  std::string peer(const std::string& command) const;
  /// Waits until both ends hear IPv6: an interface that has just come up checks its own address first.
  void settle() const;
  [[nodiscard]] std::string mac() const;  ///< of va

 private:
  pid_t peer_ = -1;
};

using Parameters = std::map<std::string, std::string>;

/// Runs one action of the built agent `name` (PROVIDER/TYPE). `variables` are added to the environment as they are.
io::ChildResult run_agent(const std::string& name, const std::string& action, const Folder& state,
                          const Parameters& parameters, const std::map<std::string, std::string>& variables = {});

}  // namespace relevo::test
