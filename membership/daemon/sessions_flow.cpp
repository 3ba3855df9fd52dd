// What has to wait in the sessions: requests until the ring takes them, events until their program reads them.
#include <algorithm>
#include <utility>

#include "membership/client/convert.hpp"
#include "membership/daemon/session.hpp"

namespace relevo::membership {
namespace {

using Type = ipc::MembershipFrame;

/// Who asks, for which group, with which tag: to find the answer that belongs to a request.
struct Subject {
  stack::ClientId client = 0;
  std::string_view group;
  std::uint64_t tag = 0;
  bool operator==(const Subject&) const = default;
};

Subject subject_of(const stack::Input& input) {
  if (const auto* m = std::get_if<stack::ClientMulticast>(&input)) return {m->client, m->group, m->tag};
  if (const auto* j = std::get_if<stack::ClientJoin>(&input)) return {j->client, j->group, 0};
  if (const auto* l = std::get_if<stack::ClientLeave>(&input)) return {l->client, l->group, 0};
  return {};
}

}  // namespace

// A request that the ring cannot take now stays here, and all later ones of the program behind it, so that their order
// is kept. Reading pauses: the program's own queue fills, and its library tells it to try again.
void Sessions::request(Id id, stack::Input input) {
  const auto found = sessions_.find(id);
  if (found == sessions_.end()) return;
  auto& session = *found->second;
  if (session.held.empty() && !still_ && offer(id, input)) return;
  ++session.facts.refusals;
  session.held.emplace_back(std::move(input));
  session.connection->pause_reading(true);
}

bool Sessions::offer(Id, const stack::Input& input) {
  offered_ = &input;
  refused_ = false;
  hooks_.step(input);
  offered_ = nullptr;
  return !refused_;
}

bool Sessions::is_refusal_of_offer(const stack::ClientEvent& event) {
  const auto* rejected = std::get_if<stack::Rejected>(&event.body);
  if (rejected == nullptr || offered_ == nullptr || rejected->error.kind != ErrorKind::try_again) return false;
  const auto subject = subject_of(*offered_);
  return event.clients.size() == 1 && subject == Subject{event.clients[0], rejected->group, rejected->tag};
}

/// The first of what is held is offered, or its flush answered. False when it must wait on.
bool Sessions::retry_one(Id id, Session& session) {
  if (const auto* number = std::get_if<std::uint32_t>(&session.held.front())) {
    send(id, Type::flushed, ipc::encode(ipc::NumberedRequest{*number, {}}));
  } else if (!offer(id, std::get<stack::Input>(session.held.front()))) {
    return false;
  }
  session.held.pop_front();
  if (session.held.empty()) session.connection->pause_reading(false);
  return true;
}

// One request of each program a round, and the next time the round begins behind who was served last: where the ring
// takes little, everybody gets a share of it.
void Sessions::retry() {
  std::vector<Id> waiting;
  for (const auto& [id, session] : sessions_) {
    while (!session->pings.empty() && hooks_.has_ring()) {
      send(id, Type::pong, ipc::encode(ipc::NumberedRequest{session->pings.front(), {}}));
      session->pings.pop_front();
    }
    if (!session->held.empty()) waiting.push_back(id);
  }
  if (still_) return;
  std::rotate(waiting.begin(), std::upper_bound(waiting.begin(), waiting.end(), served_last_), waiting.end());
  while (!waiting.empty()) {
    std::vector<Id> more;
    for (const auto id : waiting) {
      const auto found = sessions_.find(id);
      if (found == sessions_.end()) continue;
      if (!retry_one(id, *found->second)) return;
      served_last_ = id;
      if (!found->second->held.empty()) more.push_back(id);
    }
    waiting = std::move(more);
  }
}

void Sessions::on_flush(Id id, std::uint32_t number) {
  auto& session = *sessions_.at(id);
  if (session.held.empty()) return send(id, Type::flushed, ipc::encode(ipc::NumberedRequest{number, {}}));
  session.held.emplace_back(number);
}

/// Who lets too much wait is noted here and ended from the loop: the core is in the middle of a step now.
void Sessions::watch_unread(Id id, Session& session) {
  constexpr std::size_t worth_counting = std::size_t{1} << 20;
  const auto unread = session.connection->queued();
  if (unread < worth_counting) {
    if (!unread_.empty()) unread_.erase(id);
    return;
  }
  unread_[id] = unread;
  std::size_t all = 0;
  for (auto& [other, bytes] : unread_) all += bytes = sessions_.at(other)->connection->queued();
  auto worst = id;
  if (all > max_unread_of_all)
    worst = std::max_element(unread_.begin(), unread_.end(), [](const auto& a, const auto& b) { return a.second < b.second; })->first;
  else if (unread <= max_unread)
    return;
  slow_[worst] = fmt::format("it does not read: {} bytes of events wait for it", unread_[worst]);
  if (slow_.size() > 1) return;  // is on its way
  loop_->post([this, alive = std::weak_ptr<bool>(alive_)] {
    if (!alive.expired()) end_slow();
  });
}

Duration Sessions::breath() {
  constexpr std::size_t soft_limit = std::size_t{2} << 20;
  std::size_t most = 0;
  for (auto& [id, bytes] : unread_) most = std::max(most, bytes = sessions_.at(id)->connection->queued());
  if (most <= soft_limit) return {};
  return std::min<Duration>(4ms, 250us * static_cast<std::int64_t>(most / soft_limit));
}

void Sessions::end_slow() {
  for (const auto& [id, reason] : std::exchange(slow_, {})) end(id, reason);
}

}  // namespace relevo::membership
