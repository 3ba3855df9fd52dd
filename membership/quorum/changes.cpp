// How what decides changes: after the window of last_man_standing, when nodes leave or come, by the operator's word and
// by a reload. One member proposes, the total order makes it the same for all.
#include <algorithm>

#include "membership/quorum/quorum.hpp"

namespace relevo::quorum {
namespace {

bool contains_all(const std::map<NodeId, std::uint32_t>& whole, const std::map<NodeId, std::uint32_t>& part) {
  return std::all_of(part.begin(), part.end(), [&](const auto& node) { return whole.count(node.first) != 0; });
}

}  // namespace

bool Quorum::may_shrink() const {
  if (!complete_ || !view_.quorate || !options_.last_man_standing) return false;
  const auto& basis = bases_.latest();
  return !contains_all(members_, basis.deciders) || sum(members_) < basis.expected;
}

void Quorum::on_tick(Instant now) {
  if (!may_shrink() || shrink_due_) {
    shrink_at_.reset();
  } else if (!shrink_at_) {
    shrink_at_ = now + options_.last_man_standing_window;
  }
  if (shrink_at_ && now >= *shrink_at_) {
    shrink_at_.reset();
    shrink_due_ = true;
  }
}

/// The basis that this ring should have, where the deciders follow the membership.
Basis Quorum::next_when_dynamic() const {
  auto next = bases_.latest();
  if (is_all_here()) {
    next = configured_basis(options_);
  } else if (shrink_due_) {
    next.deciders = members_;
    next.expected = sum(members_);
  } else {
    if (options_.allow_downscale) {
      for (const auto node : left_) {
        const auto it = next.deciders.find(node);
        if (it == next.deciders.end() || members_.count(node) != 0) continue;
        // Without expected_votes there is no floor but one vote.
        next.expected = std::max({next.expected - std::min(next.expected, it->second), options_.expected_votes, 1U});
        next.deciders.erase(it);
      }
    }
    if (options_.auto_tie_breaker) next.deciders.clear();
    for (const auto& [node, votes] : members_) next.deciders[node] = votes;
  }
  next.expected = std::max(next.expected, sum(next.deciders));
  return next;
}

std::optional<Basis> Quorum::wanted() const {
  if (!complete_ || !options_.configured) return std::nullopt;
  // Of two nodes one is enough whatever was decided: nothing changes but what is in doubt.
  if (bases_.is_two_node() && bases_.open.empty()) return std::nullopt;
  const bool dynamic = is_dynamic(options_) && !options_.two_node;
  auto next = bases_.latest();
  if (!view_.quorate) {
    // All nodes are here: nobody else can have decided anything, whatever was known before.
    if (!dynamic || !is_all_here()) return std::nullopt;
    next = configured_basis(options_);
  } else if (dynamic) {
    next = next_when_dynamic();
    if (unsure_.empty() && bases_.open.empty() && same_content(next, bases_.settled)) return std::nullopt;
  } else {
    if (!contains_all(next.deciders, members_)) {
      for (const auto& [node, votes] : members_) next.deciders[node] = votes;
      next.expected = std::max(next.expected, sum(next.deciders) + next.device);
    }
    if (bases_.open.empty() && same_content(next, bases_.settled)) return std::nullopt;
  }
  next.epoch = bases_.last_epoch() + 1;
  return next;
}

std::optional<Bytes> Quorum::take_proposal() {
  if (members_.empty() || members_.begin()->first != self_ || proposed_ > bases_.last_epoch()) return std::nullopt;
  const auto basis = wanted();
  if (!basis) return std::nullopt;
  proposed_ = basis->epoch;
  Writer out;
  out.u32(view_.ring.rep.value);
  out.u64(view_.ring.seq);
  write(out, *basis);
  return out.take();
}

bool Quorum::on_proposal(BytesView bytes, bool certain) {
  Reader in(bytes);
  RingId ring;
  ring.rep = NodeId{in.u32()};
  ring.seq = in.u64();
  auto basis = read_basis(in);
  // Made for a ring that is over, it was made without knowing what has been decided since.
  if (!in.done() || ring != view_.ring || basis.epoch <= bases_.last_epoch()) return false;
  const auto before = view_;
  take(std::move(basis), certain);
  return view_ != before;
}

void Quorum::take(Basis basis, bool certain) {
  std::erase_if(left_, [&](NodeId node) { return basis.deciders.count(node) == 0; });
  shrink_due_ = false;
  shrink_at_.reset();
  if (certain) {
    // Who counts by this basis knows it: that is all a newcomer lacks.
    for (const auto& [node, votes] : basis.deciders) unsure_.erase(node);
    if (basis.deciders.count(self_) != 0) waiting_ = false;
    bases_.settle(std::move(basis));
  } else {
    bases_.add_open(std::move(basis));
  }
  recompute();
}

void Quorum::on_leaving(NodeId node) {
  if (options_.allow_downscale && options_.votes.count(node) != 0) left_.insert(node);
}

Status Quorum::set_expected_votes(std::uint32_t votes, bool certain) {
  if (votes == 0 || votes < view_.total_votes)
    return fail(ErrorKind::invalid, "expected votes cannot be {}: {} votes are present", votes, view_.total_votes);
  if (view_.quorate && options_.configured && !bases_.is_two_node() && view_.total_votes < votes / 2 + 1)
    return fail(ErrorKind::invalid, "with {} expected votes the {} that are present would lose quorum", votes, view_.total_votes);
  auto next = bases_.latest();
  next.epoch = bases_.last_epoch() + 1;
  next.expected = votes;
  // The operator's word is that nobody else is there to decide.
  if (votes < sum(next.deciders) + next.device) {
    next.deciders = members_;
    next.device = std::min(options_.device_votes, votes - sum(members_));
  }
  const auto kept_unsure = unsure_;
  const bool kept_waiting = waiting_;
  take(std::move(next), certain);
  if (!kept_waiting && kept_unsure.empty()) return {};
  unsure_ = kept_unsure;  // the number says nothing about who was seen
  waiting_ = kept_waiting;
  recompute();
  return {};
}

void Quorum::cancel_wait_for_all() {
  waiting_ = false;
  unsure_.clear();
  recompute();
}

Status Quorum::check_reconfigure(const Options& fresh) const {
  if (auto ok = check(fresh); !ok) return ok;
  const auto future = effective(fresh);
  const bool same = future.votes == options_.votes && same_content(configured_basis(future), configured_basis(options_)) &&
                    future.configured == options_.configured;
  if (same || !options_.configured) return {};
  if (!view_.quorate)
    return fail(ErrorKind::no_quorum, "votes, nodes and quorum options are changed only by a quorate cluster: {}", view_.reason);
  if (auto ok = check_device(future); !ok) return ok;
  auto probe = *this;
  probe.reconfigure(fresh, true);
  if (!probe.view_.quorate)
    return fail(ErrorKind::no_quorum,
                "with the new configuration {} of {} votes are present and {} needed, so the cluster would lose quorum: add fewer "
                "nodes or votes at a time, or start the new nodes' hosts first and remove what is gone",
                probe.view_.total_votes, probe.view_.expected_votes, probe.view_.quorum);
  return {};
}

/// The arbiter that is given up here may give its vote to those who do not know: they must not be enough with it.
Status Quorum::check_device(const Options& future) const {
  if (!options_.device || (future.device && future.device_id == options_.device_id)) return {};
  auto alone = present();
  alone.device = 0;
  if (satisfied(alone)) return {};
  return fail(ErrorKind::no_quorum,
              "the arbiter cannot be changed or removed now: without its vote the nodes here have no quorum, and it could give "
              "that to the others; start more nodes first");
}

/// The basis by the options of now, after one by older options, whose nodes and votes all counted or not.
Basis Quorum::rebased(bool all_decided, bool all_expected) const {
  auto next = configured_basis(options_);
  next.epoch = bases_.last_epoch() + 1;
  if (!is_dynamic(options_) || all_decided) return next;
  // The cluster goes on with less than all: with that it goes on, and new nodes come to it as they are started.
  const auto& now = bases_.latest();
  std::map<NodeId, std::uint32_t> deciders;
  for (const auto& [node, votes] : options_.votes)
    if (now.deciders.count(node) != 0) deciders[node] = votes;
  if (!all_expected) next.expected = std::max(sum(deciders), std::min(now.expected, next.expected));
  if (!deciders.empty()) next.deciders = std::move(deciders);
  return next;
}

void Quorum::reconfigure(const Options& fresh, bool certain) {
  const auto& now = bases_.latest();
  const bool all_decide = contains_all(now.deciders, options_.votes);
  const bool all_expected = now.expected == configured_basis(options_).expected;
  const bool had_quorum = view_.quorate || !options_.configured;
  const auto device_before = options_.device_id;
  options_ = effective(fresh);
  if (options_.device_id != device_before) device_yes_.clear();
  auto next = rebased(all_decide, all_expected);
  for (auto& [node, votes] : members_) {
    const auto it = options_.votes.find(node);
    votes = it == options_.votes.end() ? 0 : it->second;
  }
  if (!is_dynamic(options_)) unsure_.clear();
  if (!options_.wait_for_all) waiting_ = false;
  const auto kept_unsure = unsure_;
  const bool kept_waiting = waiting_;
  take(std::move(next), certain && had_quorum);
  unsure_ = kept_unsure;
  waiting_ = kept_waiting;
  recompute();
}

}  // namespace relevo::quorum
