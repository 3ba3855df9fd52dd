// The agreement on a change: who may still say no, and the one place where nobody may any more. See agreement.hpp.
#include "membership/reload/agreement.hpp"

#include <utility>

#include "common/base/text.hpp"

namespace relevo::reload {

Agreement::Agreement(NodeId self, InForce in_force, std::string text)
    : self_(self), in_force_(in_force), text_(std::move(text)) {}

Status Agreement::propose(std::uint64_t number, InForce target, std::string text, Instant now, Output& out) {
  if (under_way_ || asked_)
    return fail(ErrorKind::try_again, "a change asked for at node {} is under way: try again when it has ended",
                under_way_ ? under_way_->proposal.id.asker : self_);
  if (transitional_) return fail(ErrorKind::try_again, "the membership is changing: try again when it is complete");
  if (taking_over_) return fail(ErrorKind::try_again, "this node is taking over the configuration of the others: try again");
  if (!clash_.empty()) return fail(ErrorKind::not_connected, "this node is not in the cluster: {}", clash_);
  if (target.version <= in_force_.version)
    return fail(ErrorKind::invalid, "config_version {} is not above {}, which is in force", target.version, in_force_.version);
  if (text.size() > max_text) return fail(ErrorKind::invalid, "the file is longer than {} bytes", max_text);
  asked_ = Id{self_, number};
  give_up_ = now + check_timeout;
  out.sends.emplace_back(Prepare{*asked_, in_force_, target, std::move(text)});
  return {};
}

Output Agreement::checked(const Id& id, const std::string& words) {
  Output out;
  if (under_way_ && under_way_->proposal.id == id && under_way_->waiting_for.contains(self_))
    out.sends.emplace_back(Vote{id, words.empty(), words.substr(0, max_words)});
  return out;
}

Output Agreement::taken_over(const InForce& target, const std::string& words) {
  Output out;
  if (!taking_over_ || taking_over_->target != target) return out;
  const auto taken = *std::exchange(taking_over_, std::nullopt);
  const auto newer = std::exchange(newer_, std::nullopt);
  if (words.empty()) {
    in_force_ = target;
    text_ = taken.text;
    last_ = fmt::format("taken over from the ring: {}", to_string(target));
  }
  // What could not be taken over does not matter any more where the ring has gone on.
  if (newer) take_over(*newer, out);
  if (words.empty() || newer) return out;
  clash_ = fmt::format("the cluster runs by configuration {}, and this node cannot: {}", to_string(target), words);
  out.events.emplace_back(Clash{clash_});
  return out;
}

Output Agreement::on_transitional() {
  transitional_ = true;
  return {};
}

Output Agreement::on_regular(const std::vector<NodeId>& members) {
  Output out;
  transitional_ = false;
  members_ = {members.begin(), members.end()};
  // Who was in the old ring with us may have seen all votes, or may not: settle() finds out when we meet.
  const std::string words = "the membership changed meanwhile";
  if (under_way_) end(under_way_->proposal.id, words, out);
  if (asked_) {
    const auto id = *asked_;
    withdrawn_.insert(id);
    end(id, words, out);
  }
  return out;
}

Output Agreement::on_synced(const std::map<NodeId, Standpoint>& members) {
  Output out;
  if (members.empty()) return out;
  const auto ring = settle(members);
  if (in_force_ == ring.in_force) {
    if (ring.stale && ring.teller == self_) out.sends.emplace_back(Adopt{in_force_, text_});
    if (ring.clash)
      out.notes.push_back(note(Level::error, "node {} has the same config_version {} and another content: it has to leave", *ring.clash,
                               in_force_.version));
    return out;
  }
  if (in_force_.version < ring.in_force.version) {
    out.notes.push_back(note(Level::notice, "the configuration of this node is {}, the ring runs by {}: it will be taken over",
                             to_string(in_force_), to_string(ring.in_force)));
    return out;
  }
  clash_ = fmt::format(
      "the configuration has config_version {} here and on node {}, but another content: make the files equal, or raise the "
      "config_version of the right one",
      in_force_.version, ring.teller);
  out.events.emplace_back(Clash{clash_});
  return out;
}

Output Agreement::on_delivered(NodeId from, const Message& message) {
  Output out;
  std::visit([&](const auto& m) { on(from, m, out); }, message);
  return out;
}

void Agreement::on(NodeId from, const Prepare& m, Output& out) {
  if (m.id.asker != from) return;
  // In a transitional configuration nobody knows who else has seen it.
  if (transitional_) return end(m.id, "the membership changed meanwhile", out);
  if (under_way_) return end(m.id, fmt::format("another change, asked for at node {}, is under way", under_way_->proposal.id.asker), out);
  under_way_ = UnderWay{m, members_};
  if (const auto words = why_not(m); !words.empty()) {
    out.sends.emplace_back(Vote{m.id, false, words});
  } else {
    out.events.emplace_back(Check{m.id, m.target, m.text});
  }
}

std::string Agreement::why_not(const Prepare& proposal) const {
  // What was given up before it was delivered must not come true: the asker's own vote is enough for that.
  if (withdrawn_.contains(proposal.id)) return "the asker gave up";
  if (taking_over_) return "it is taking over the configuration of the ring";
  if (proposal.base != in_force_) return fmt::format("it runs by {}, the asker by {}", to_string(in_force_), to_string(proposal.base));
  if (proposal.target.version <= in_force_.version) return fmt::format("config_version {} is not new", proposal.target.version);
  return {};
}

void Agreement::on(NodeId from, const Vote& m, Output& out) {
  if (!under_way_ || under_way_->proposal.id != m.id) return;
  if (!m.yes) return end(m.id, fmt::format("node {} refused: {}", from, m.words), out);
  under_way_->waiting_for.erase(from);
  if (under_way_->waiting_for.empty()) commit(out);
}

void Agreement::on(NodeId from, const Abort& m, Output& out) {
  if (m.id.asker != from || !under_way_ || under_way_->proposal.id != m.id) return;
  std::vector<std::string> silent;
  for (const auto node : under_way_->waiting_for) silent.push_back(fmt::format("{}", node));
  end(m.id, fmt::format("no answer within {} s from node {}", std::chrono::duration_cast<std::chrono::seconds>(check_timeout).count(),
                        join(silent, ", ")),
      out);
}

void Agreement::on(NodeId from, const Adopt& m, Output& out) {
  if (m.target.version <= in_force_.version) return;
  TakeOver newer{m.target, m.text, from};
  if (!taking_over_) return take_over(std::move(newer), out);
  if (newer.target.version > (newer_ ? *newer_ : *taking_over_).target.version) newer_ = std::move(newer);
}

void Agreement::take_over(TakeOver newer, Output& out) {
  taking_over_ = newer;
  out.events.emplace_back(std::move(newer));
}

void Agreement::commit(Output& out) {
  auto proposal = std::move(under_way_->proposal);
  under_way_.reset();
  if (asked_ == proposal.id) {
    asked_.reset();
    give_up_.reset();
  }
  in_force_ = proposal.target;
  text_ = proposal.text;
  last_ = fmt::format("{} in force, asked for at node {}", to_string(in_force_), proposal.id.asker);
  out.notes.push_back(note(Level::notice, "configuration {}", last_));
  out.events.emplace_back(Commit{proposal.id, in_force_, std::move(proposal.text)});
}

void Agreement::end(const Id& id, std::string words, Output& out) {
  if (under_way_ && under_way_->proposal.id == id) under_way_.reset();
  const bool mine = asked_ == id;
  if (mine) {
    asked_.reset();
    give_up_.reset();
  }
  if (!mine) withdrawn_.erase(id);  // it has been delivered by now
  last_ = fmt::format("nothing was changed (asked for at node {}): {}", id.asker, words);
  out.notes.push_back(note(Level::warning, "configuration: {}", last_));
  out.events.emplace_back(Aborted{id, std::move(words)});
}

Output Agreement::tick(Instant now) {
  Output out;
  if (!give_up_ || now < *give_up_) return out;
  give_up_.reset();
  if (asked_) out.sends.emplace_back(Abort{*asked_});
  return out;
}

std::optional<Instant> Agreement::next_deadline() const { return give_up_; }

View Agreement::view() const {
  View out;
  out.in_force = in_force_;
  if (under_way_) {
    out.under_way = under_way_->proposal.id;
    out.waiting_for = under_way_->waiting_for;
  }
  out.last = last_;
  out.clash = clash_;
  return out;
}

}  // namespace relevo::reload
