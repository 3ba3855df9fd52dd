// The resource manager of one node as a state machine: what it knows, who leads, what is to be done next.
// It performs nothing: every effect is a value in Output, and all time is handed in.
#pragma once

#include <memory>
#include <optional>

#include "common/base/time.hpp"
#include "resmgr/controller/types.hpp"

namespace relevo::controller {

/// Times that are no cluster options. The defaults are the ones documented in docs/internals/controller.md.
struct Settings {
  Duration hello_timeout = std::chrono::seconds(1);        ///< a member that says nothing is left out of the sync
  Duration unsynced_limit = std::chrono::seconds(2);       ///< a restarted process without a view stops what it found
  Duration no_quorum_limit = std::chrono::milliseconds(200);  ///< the same, when it was told that there is no quorum
  Duration pause_limit = std::chrono::seconds(1);          ///< a longer gap between steps means: we were not running
  Duration heartbeat = std::chrono::milliseconds(200);     ///< a step comes at least this often
  Duration shutdown_escalation = std::chrono::seconds(20); ///< then the node stops its resources by itself
  Duration request_limit = std::chrono::seconds(30);       ///< how long a request waits for a synced view
  Duration push_spacing = std::chrono::milliseconds(20);   ///< between two pushes to a subscriber
};

/// Where everything in here stands for itself, see docs/internals/controller.md.
class Controller {
 public:
  explicit Controller(Settings settings = {});
  ~Controller();
  Controller(Controller&&) noexcept;
  Controller& operator=(Controller&&) noexcept;

  [[nodiscard]] Output step(Input input, Instant now, WallTime wall);
  /// When step(Tick) is due at the latest.
  [[nodiscard]] std::optional<Instant> next_deadline() const;

  /// What a tool would be shown now.
  [[nodiscard]] Snapshot snapshot() const;
  [[nodiscard]] bool is_synced() const;
  [[nodiscard]] bool is_leader() const;
  /// Of the whole replicated state; equal on all members of one synced view after the same message.
  [[nodiscard]] std::string digest() const;
  [[nodiscard]] cib::Version version() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace relevo::controller
