// Bookkeeping of pending commands.
#include "resmgr/controller/requests.hpp"

namespace relevo::controller {

void PendingCommands::add(ConnectionId connection, std::uint64_t request, Command command, Instant deadline) {
  command.id = ++last_id_;
  pending_.emplace(command.id, Pending{connection, request, std::move(command), false, std::nullopt, deadline});
}

std::vector<Command> PendingCommands::take_unsent() {
  std::vector<Command> commands;
  for (auto& [id, pending] : pending_) {
    if (std::exchange(pending.sent, true)) continue;
    commands.push_back(pending.command);
  }
  return commands;
}

void PendingCommands::resend_all() {
  // An applied one is sent again too: if the new state holds it, it is recognised and only waits for the disks.
  for (auto& [id, pending] : pending_) {
    pending.sent = false;
    pending.applied.reset();
  }
}

PendingCommands::Pending* PendingCommands::find(std::uint64_t id) {
  const auto found = pending_.find(id);
  return found == pending_.end() ? nullptr : &found->second;
}

std::optional<Reply> PendingCommands::finish(std::uint64_t id, Answer answer) {
  const auto found = pending_.find(id);
  if (found == pending_.end()) return std::nullopt;
  Reply reply{found->second.connection, found->second.request, std::move(answer)};
  pending_.erase(found);
  return reply;
}

void PendingCommands::client_gone(ConnectionId connection) {
  // What was sent cannot be called back; what was not is dropped.
  std::erase_if(pending_, [&](const auto& entry) { return entry.second.connection == connection; });
}

std::vector<Reply> PendingCommands::stored_everywhere(const cib::Version& lowest) {
  std::vector<Reply> replies;
  for (auto it = pending_.begin(); it != pending_.end();) {
    const auto& pending = it->second;
    if (pending.applied && *pending.applied <= lowest) {
      replies.push_back({pending.connection, pending.request, *pending.applied});
      it = pending_.erase(it);
    } else {
      ++it;
    }
  }
  return replies;
}

std::vector<Reply> PendingCommands::expire(Instant now) {
  std::vector<Reply> replies;
  for (auto it = pending_.begin(); it != pending_.end();) {
    const auto& pending = it->second;
    if (pending.deadline > now) {
      ++it;
      continue;
    }
    Error error{"the cluster is in a membership change and took nothing: try again", ErrorKind::try_again};
    if (pending.sent)
      error = {"no confirmation from every member in time: the change may have been applied", ErrorKind::timeout};
    replies.push_back({pending.connection, pending.request, error});
    it = pending_.erase(it);
  }
  return replies;
}

std::vector<Reply> PendingCommands::refuse_changes(const Error& error) {
  std::vector<Reply> replies;
  for (auto it = pending_.begin(); it != pending_.end();) {
    if (it->second.sent || !std::holds_alternative<cib::Change>(it->second.command.what)) {
      ++it;
      continue;
    }
    replies.push_back({it->second.connection, it->second.request, error});
    it = pending_.erase(it);
  }
  return replies;
}

std::optional<Instant> PendingCommands::next_deadline() const {
  std::optional<Instant> next;
  for (const auto& [id, pending] : pending_)
    if (!next || pending.deadline < *next) next = pending.deadline;
  return next;
}

}  // namespace relevo::controller
