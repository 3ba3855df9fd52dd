// The rounds: comparing rings, waiting for confirmations, settling, retiring. What travels is give.cpp.
#include "membership/keys/rotation.hpp"

#include <algorithm>
#include <utility>

namespace relevo::keys {

Rotation::Rotation(Options options, seal::Keyring ring, seal::Random& random)
    : options_(std::move(options)), ring_(std::move(ring)), random_(&random) {
  ring_.sort();
}

Output Rotation::finish() { return std::exchange(out_, {}); }

Output Rotation::synced(const RingId& ring, std::set<NodeId> members, bool quorate) {
  quorate_ = quorate;
  if (retire_request_ != 0)
    out_.answers.push_back({std::exchange(retire_request_, 0), fail(ErrorKind::try_again, "the membership changed: see `relevo cluster key list`")});
  open_round({ring, 0}, std::move(members), std::nullopt);
  return finish();
}

void Rotation::open_round(Round round, std::set<NodeId> members, std::optional<NodeId> asked_by) {
  retire_at_.reset();
  run_.emplace(Run{});  // the class must be complete: clang looks at the optional before the initialisers
  run_->round = round;
  run_->members = std::move(members);
  run_->asked_by = asked_by;
  run_->pair = make_pair(*random_);
  if (!file_is_current_ && writes_.empty()) store({round, std::nullopt, false});
  send_have();
}

/// Only once every write has ended one way or the other: what is said here is on disk.
void Rotation::send_have() {
  if (!run_ || run_->have_sent || !writes_.empty()) return;
  run_->have_sent = true;
  send(Have{run_->round, run_->pair.open, file_is_current_, metas_of(ring_)});
}

Output Rotation::control(NodeId from, BytesView payload, Instant now) {
  auto message = decode(payload);
  if (!message || !run_ || run_->members.count(from) == 0) return finish();
  if (round_of(*message) != run_->round) {
    if (std::holds_alternative<Begin>(*message) && from == options_.self && wanted_ && !wanted_->fresh)
      answer_request(fail(ErrorKind::try_again, "the members began to compare their keys at this moment: nothing has changed, run it again"));
    return finish();
  }
  std::visit([&](auto& m) { on(from, std::move(m), now); }, *message);
  return finish();
}

void Rotation::on(NodeId from, const Begin& m, Instant) {
  const bool busy = run_->asked_by && run_->phase != Phase::settled && run_->phase != Phase::failed;
  if (!busy) return open_round({m.round.ring, m.round.number + 1}, run_->members, from);
  if (from == options_.self && wanted_)
    answer_request(fail(ErrorKind::try_again, "node {} is changing the key at this moment: nothing more was done", *run_->asked_by));
}

void Rotation::on(NodeId from, Have m, Instant now) {
  if (run_->phase != Phase::comparing) return;
  run_->haves.insert_or_assign(from, std::move(m));
  if (run_->haves.size() == run_->members.size()) compared(now);
}

/// All members do this at the same place of the order, from the same facts.
void Rotation::compared(Instant now) {
  run_->phase = Phase::giving;
  run_->all = unite(run_->haves);
  run_->awaited = lacking(run_->all, run_->haves);
  if (run_->all.pending && (run_->asked_by || quorate_))
    say(Level::notice, fmt::format("key {} was made but never used: its rotation goes on now", run_->all.find(*run_->all.pending)->id));
  give_missing();
  if (run_->asked_by == options_.self && !run_->all.pending) give_fresh();
  advance(now);
}

void Rotation::on(NodeId from, const Held& m, Instant now) {
  for (auto& meta : run_->all.keys)
    if (meta.fingerprint == m.key) run_->all.holders[m.key].insert(from);
  if (run_->awaited.erase({from, m.key}) != 0) advance(now);
}

/// Once every member has every key on disk, the first of them says what holds from now on.
void Rotation::advance(Instant now) {
  if (run_->phase != Phase::giving || !run_->awaited.empty()) return;
  if (run_->asked_by && !run_->all.pending && !run_->fresh) return;
  if (!run_->asked_by && is_settled(run_->all, run_->haves)) return complete(now);
  run_->phase = Phase::settling;
  if (leads()) send(settlement());
}

Settle Rotation::settlement() const {
  Settle m{run_->round, run_->all.active, run_->all.retired};
  if (run_->asked_by) {
    m.active = run_->fresh ? *run_->fresh : run_->all.pending.value_or(run_->all.active);
    // Every node sealed with the active key before this round began: those before it are not needed any more.
    if (is_complete() && is_settled(run_->all, run_->haves)) m.retired.merge(older_than_active(ring_));
  } else if (run_->all.pending && quorate_) {
    m.active = *run_->all.pending;
  }
  return m;
}

void Rotation::on(NodeId, const Settle& m, Instant) {
  if (run_->phase != Phase::settling) return;
  const auto before = ring_.active()->id;
  if (!settle(ring_, m.active, m.retired) && file_is_current_) return send(Done{run_->round, true});
  out_.use = ring_;
  const auto* active = ring_.active();
  if (active->id != before)
    say(Level::notice, fmt::format("key {} ({}) seals from now on, key {} still opens", active->id, seal::short_text(active->fingerprint), before));
  store({run_->round, std::nullopt, true});
}

void Rotation::on(NodeId from, const Done& m, Instant now) {
  if (run_->phase != Phase::settling) return;
  run_->durable = run_->durable && m.durable;
  run_->done.insert(from);
  if (run_->done.size() == run_->members.size()) complete(now);
}

void Rotation::complete(Instant now) {
  run_->phase = Phase::settled;
  run_->pair = {};
  const auto* active = ring_.active();
  if (wanted_) {
    const bool reached = run_->asked_by == options_.self || wanted_->fresh == active->fingerprint;
    if (reached) {
      answer_request(fmt::format("key {} ({}) is active on all {} members", active->id, seal::short_text(active->fingerprint), run_->members.size()));
    } else if (wanted_->fresh && ring_.find(*wanted_->fresh) != nullptr) {
      answer_request(fail(ErrorKind::no_quorum, "key {} is on all members, but it is not used before this side has quorum again",
                          ring_.find(*wanted_->fresh)->id));
    } else {
      answer_request(fail(ErrorKind::try_again, "the membership changed before the new key was given out: nothing has changed, run it again"));
    }
  }
  if (is_complete() && run_->durable && leads() && !older_than_active(ring_).empty()) retire_at_ = now + options_.grace;
}

void Rotation::on(NodeId from, const Failed& m, Instant) {
  // Once the settlement is on its way nobody has a reason to fail, and it must not be undone by half.
  if (run_->phase != Phase::comparing && run_->phase != Phase::giving) return;
  run_->phase = Phase::failed;
  run_->pair = {};
  run_->problem = fmt::format("node {}: {}", from, m.why);
  withdraw_fresh();
  say(Level::error, fmt::format("the keys stay as they are: {}", run_->problem));
  if (wanted_) answer_request(fail("nothing has changed: {}", run_->problem));
}

void Rotation::on(NodeId from, const Retire& m, Instant) {
  const bool mine = m.asked && from == options_.self && retire_request_ != 0;
  Result<std::string> result = "retired";
  if (run_->phase != Phase::settled) {
    result = fail(ErrorKind::try_again, "the keys are changing at this moment: nothing was retired");
  } else if (settle(ring_, ring_.active()->fingerprint, m.keys)) {
    for (const auto& key : m.keys) {
      const auto* entry = ring_.find(key);
      if (entry != nullptr && entry->state == KeyState::retire) say(Level::notice, fmt::format("key {} is retired", entry->id));
      run_->all.holders.erase(key);
    }
    out_.use = ring_;
    store({run_->round, std::nullopt, false});
  }
  if (mine) out_.answers.push_back({std::exchange(retire_request_, 0), std::move(result)});
}

Output Rotation::tick(Instant now) {
  if (!retire_at_ || now < *retire_at_) return {};
  retire_at_.reset();
  const auto old = older_than_active(ring_);
  // The node list may have grown since: a node that was never here may have nothing but an old key.
  if (is_complete() && run_->phase == Phase::settled && quorate_ && !old.empty()) send(Retire{run_->round, old, false});
  return finish();
}

void Rotation::store(Pending pending) {
  const auto ticket = ++tickets_;
  file_is_current_ = false;
  out_.stores.push_back({ticket, seal::keyring_text(ring_)});
  writes_.emplace(ticket, std::move(pending));
}

Output Rotation::stored(std::uint64_t ticket, const ::relevo::Status& result, Instant) {
  const auto it = writes_.find(ticket);
  if (it == writes_.end()) return {};
  const auto write = it->second;
  writes_.erase(it);
  if (ticket == tickets_) file_is_current_ = result.has_value();
  const bool current = run_ && run_->round == write.round && run_->phase != Phase::failed;
  if (!result) say(Level::error, fmt::format("the key file cannot be written: {}", result.error().message));
  if (write.held) {
    if (!result) {
      std::erase_if(ring_.entries, [&](const auto& e) { return e.fingerprint == *write.held && e.state == KeyState::accept; });
      out_.use = ring_;
      if (!writes_.empty()) store({write.round, std::nullopt, false});  // those under way still have it
      if (current) send(Failed{write.round, result.error().message});
    } else if (ring_.find(*write.held) != nullptr) {
      out_.use = ring_;
      if (current) send(Held{write.round, *write.held});
    }
  }
  if (write.done && current) send(Done{write.round, result.has_value()});
  send_have();
  return finish();
}

bool Rotation::is_complete() const {
  return run_ && std::includes(run_->members.begin(), run_->members.end(), options_.configured.begin(), options_.configured.end());
}

}  // namespace relevo::keys
