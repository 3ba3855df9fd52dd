// Renews the kernel lifetime of the addresses that our IPaddr2 added, while the controller allows it.
// It never adds an address and never decides what should run.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/base/note.hpp"
#include "common/io/loop.hpp"

namespace relevo::resmgr {

struct LeaseKeeperOptions {
  std::string record_folder;  ///< AgentRunner::state_folder()
  Duration period = std::chrono::milliseconds(400);
};

/// Every `period`: reads the kernel's addresses once and extends those of active resources that have a lease record.
/// Resources without a record (other agents, no lease) are ignored.
class LeaseKeeper {
 public:
  LeaseKeeper(io::Loop& loop, LeaseKeeperOptions options);
  ~LeaseKeeper();

  /// While false nothing is renewed or reported and the kernel drops the addresses by itself. Starts as false.
  void allow(bool allowed);
  /// The active resources (all of them will do).
  void set_resources(std::vector<std::string> resources);
  /// Called once when the address of an active resource is gone from the kernel; again only after it was back.
  void on_lost(std::function<void(const std::string& resource, const std::string& reason)> handler);
  void on_note(std::function<void(const Note&)> handler);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace relevo::resmgr
