// The lease is counted from when a ping was sent, not from when its answer came: the arbiter counts from when it got
// the ping, which is later, so it never believes a vote to be over before the node does.
#include "membership/arbiter/client.hpp"

#include <algorithm>

namespace relevo::arbiter {
namespace {
constexpr Duration first_wait = 250ms, longest_wait = 2s;
constexpr int pings_a_lease = 4;
}  // namespace

ClientOutput Client::start(Instant now) {
  ClientOutput out;
  begin(now, out);
  return out;
}

void Client::begin(Instant now, ClientOutput& out) {
  state_ = State::connecting;
  next_ = now + options_.connect_timeout;
  out.actions.push_back(Connect{});
}

/// The vote stays good for the rest of its lease: a connection that is made anew in time changes nothing.
void Client::end(const std::string& why, Instant now, ClientOutput& out) {
  if (state_ == State::up) out.notes.push_back(note(Level::warning, "the arbiter is lost: {}", why));
  if (state_ != State::idle) out.actions.push_back(Disconnect{});
  wait_ = std::clamp(wait_ * 2, first_wait, longest_wait);
  state_ = State::idle;
  next_ = now + wait_;
  unanswered_.clear();
  no_.reset();
  to_acknowledge_.reset();
}

ClientOutput Client::on_connected(const Binding& binding, Instant now) {
  ClientOutput out;
  look_at_lease(now, out);
  if (state_ != State::connecting) return out;
  state_ = State::proving;
  next_ = now + options_.connect_timeout;
  binding_ = binding;
  hello_ = {protocol, options_.cluster, options_.node, options_.incarnation, options_.settings, {}};
  hello_.proof = prove(options_.token, binding, Side::node, hello_);
  send(hello_, out);
  return out;
}

ClientOutput Client::on_frame(BytesView bytes, Instant now) {
  ClientOutput out;
  look_at_lease(now, out);
  if (state_ != State::proving && state_ != State::up) return out;
  const auto message = decode(bytes);
  if (!message) {
    end("it sent what is no message", now, out);
  } else if (const auto* refused = std::get_if<Refused>(&*message)) {
    // Said once, not at each attempt.
    if (refused->why != last_refusal_) out.notes.push_back(note(Level::error, "the arbiter refuses this node: {}", refused->why));
    last_refusal_ = refused->why;
    end("it refuses this node", now, out);
  } else if (const auto* welcome = std::get_if<Welcome>(&*message); welcome != nullptr && state_ == State::proving) {
    on_welcome(*welcome, now, out);
  } else if (state_ != State::up) {
    end("it has not proven itself", now, out);
  } else if (const auto* vote = std::get_if<Vote>(&*message)) {
    on_vote(*vote, out);
  } else if (const auto* pong = std::get_if<Pong>(&*message)) {
    const auto sent = std::find_if(unanswered_.begin(), unanswered_.end(), [&](const auto& p) { return p.first == pong->number; });
    if (sent != unanswered_.end()) {
      good_until_ = std::max(good_until_.value_or(sent->second + lease_), sent->second + lease_);
      unanswered_.erase(unanswered_.begin(), sent + 1);
      good_ = now < *good_until_;
    }
  } else {
    end("it sent what only nodes send", now, out);
  }
  return out;
}

void Client::on_welcome(const Welcome& welcome, Instant now, ClientOutput& out) {
  const bool proven = is_equal(welcome.proof, prove(options_.token, binding_, Side::arbiter, hello_));
  if (!proven || welcome.version == 0 || welcome.version > protocol || welcome.lease < 100ms) {
    if (last_refusal_ != "proof") out.notes.push_back(note(Level::error, "what answers in the arbiter's place does not know the cluster's token"));
    last_refusal_ = "proof";
    return end("it could not prove itself", now, out);
  }
  state_ = State::up;
  wait_ = {};
  last_refusal_.clear();
  lease_ = std::min(welcome.lease, options_.longest_lease);
  out.notes.push_back(note(Level::notice, "the arbiter is connected, a vote is good for {} ms", to_ms(lease_)));
  ping(now, out);
  send_report(out);
}

void Client::on_vote(const Vote& vote, ClientOutput& out) {
  // For another ring than that of now: it is void, and the arbiter learns so from the report that is under way.
  if (!report_ || vote.ring != report_->ring) return;
  if (vote.yes) {
    no_.reset();
    to_acknowledge_.reset();
    yes_ = vote;
    send(VoteTaken{vote.number}, out);
    return;
  }
  no_ = vote;
  // A loss is acknowledged when the others in the ring know of it, see vote_withdrawn().
  to_acknowledge_ = vote.number;
  if (!yes_) {
    to_acknowledge_.reset();
    send(VoteTaken{vote.number}, out);
  }
  yes_.reset();
}

ClientOutput Client::vote_withdrawn(Instant now) {
  ClientOutput out;
  look_at_lease(now, out);
  if (state_ == State::up && to_acknowledge_) send(VoteTaken{*to_acknowledge_}, out);
  to_acknowledge_.reset();
  return out;
}

ClientOutput Client::report(Report report, Instant now) {
  ClientOutput out;
  look_at_lease(now, out);
  if (!report_ || report_->ring != report.ring) {
    yes_.reset();
    no_.reset();
    to_acknowledge_.reset();
  }
  if (report_ && report_->ring == report.ring) report.holds = report_->holds;
  const bool same = report_ == report;
  report_ = std::move(report);
  if (state_ == State::up && !same) send_report(out);
  return out;
}

void Client::send_report(ClientOutput& out) {
  if (!report_) return;
  report_->holds = has_vote(report_->ring);
  send(*report_, out);
}

ClientOutput Client::on_lost(const std::string& why, Instant now) {
  ClientOutput out;
  if (state_ != State::idle) {
    end(why, now, out);
    std::erase_if(out.actions, [](const ClientAction& a) { return std::holds_alternative<Disconnect>(a); });
  }
  return out;
}

/// First in every step: a node that was not scheduled must not act on a vote that is over.
void Client::look_at_lease(Instant now, ClientOutput& out) {
  const bool was = good_;
  good_ = good_until_ && now < *good_until_;
  if (good_ || !yes_) return;
  if (was) out.notes.push_back(note(Level::warning, "the arbiter's vote is over: nothing was heard of it in time"));
  // On a connection that lives the arbiter still counts this node as a holder, so an answer makes the vote good again.
  if (state_ != State::up) yes_.reset();
}

ClientOutput Client::on_tick(Instant now) {
  ClientOutput out;
  look_at_lease(now, out);
  if (now < next_) return out;
  if (state_ == State::idle) {
    begin(now, out);
  } else if (state_ != State::up) {
    end("it does not answer", now, out);
  } else if (!unanswered_.empty() && now - unanswered_.front().second >= lease_) {
    end("it does not answer any more", now, out);
  } else {
    ping(now, out);
  }
  return out;
}

void Client::ping(Instant now, ClientOutput& out) {
  unanswered_.emplace_back(++pings_, now);
  next_ = now + lease_ / pings_a_lease;
  send(Ping{pings_}, out);
}

void Client::send(const Message& message, ClientOutput& out) const { out.actions.push_back(SendFrame{encode(message)}); }

std::optional<Instant> Client::next_deadline() const {
  if (yes_ && good_) return std::min(next_, *good_until_);
  return next_;
}

}  // namespace relevo::arbiter
