// What local clients asked for and have not been answered: commands on their way, waiting for disks, or held back.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "common/base/time.hpp"
#include "resmgr/controller/messages.hpp"

namespace relevo::controller {

/// Commands of this node in the order of their ids. Each is answered exactly once, unless its client left.
class PendingCommands {
 public:
  struct Pending {
    ConnectionId connection;
    std::uint64_t request = 0;
    Command command;
    bool sent = false;
    std::optional<cib::Version> applied;  ///< the configuration version that has to be on every disk
    Instant deadline;
  };

  /// Takes a client's command and gives it its id.
  void add(ConnectionId connection, std::uint64_t request, Command command, Instant deadline);
  /// Those to be multicast now, in order; they count as sent.
  [[nodiscard]] std::vector<Command> take_unsent();
  /// After a sync: what was sent and not applied is to be sent again; what was applied must be confirmed again.
  void resend_all();
  [[nodiscard]] Pending* find(std::uint64_t id);
  /// Removes it and gives the reply.
  std::optional<Reply> finish(std::uint64_t id, Answer answer);
  void client_gone(ConnectionId connection);
  /// Applied ones whose version is on all disks, by the given lowest version.
  [[nodiscard]] std::vector<Reply> stored_everywhere(const cib::Version& lowest);
  /// Those that waited too long; `why` tells what is known.
  [[nodiscard]] std::vector<Reply> expire(Instant now);
  /// Changes of the CIB that were not sent: there is no quorum for them.
  [[nodiscard]] std::vector<Reply> refuse_changes(const Error& error);
  [[nodiscard]] std::optional<Instant> next_deadline() const;
  [[nodiscard]] bool is_empty() const { return pending_.empty(); }

 private:
  std::map<std::uint64_t, Pending> pending_;
  std::uint64_t last_id_ = 0;
};

}  // namespace relevo::controller
