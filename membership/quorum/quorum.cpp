// What rings do to quorum: withdrawn when one breaks up, granted when one is complete. The rule is in basis.cpp.
#include "membership/quorum/quorum.hpp"

#include <algorithm>

namespace relevo::quorum {

Bytes encode(const Info& info) {
  Writer out;
  out.u32(info.votes);
  out.boolean(info.waiting);
  write(out, info.bases);
  write(out, info.options);
  return out.take();
}

Info decode_info(BytesView bytes) {
  Reader in(bytes);
  Info info;
  info.votes = in.u32();
  info.waiting = in.boolean();
  info.bases = read_bases(in);
  info.options = read_options(in);
  return in.done() ? info : Info{.votes = 0, .waiting = true, .bases = {}};
}

Quorum::Quorum(Options options, NodeId self) : options_(effective(std::move(options))), self_(self) {
  bases_.settled = configured_basis(options_);
  waiting_ = options_.configured && options_.wait_for_all;
  recompute();
  view_.reason = "not quorate: no ring has been formed yet";
}

Info Quorum::info() const {
  const auto mine = options_.votes.find(self_);
  return {mine == options_.votes.end() ? 0 : mine->second, waiting_, bases_, options_};
}

bool Quorum::on_transitional(const Configuration& configuration) {
  complete_ = false;
  if (!options_.configured || !view_.quorate) return false;
  // The arbiter's vote was for the ring that is over.
  auto left = present();
  left.device = 0;
  std::erase_if(left.votes, [&](const auto& member) {
    return !std::binary_search(configuration.members.begin(), configuration.members.end(), member.first);
  });
  if (satisfied(left)) return false;
  view_.quorate = false;
  view_.device_vote = false;
  view_.device_pending = device_alive_ && [&] {
    left.device = options_.device_votes;
    return satisfied(left);
  }();
  view_.reason = fmt::format("not quorate: the ring broke up, {} of {} expected votes are left, {} needed", sum(left.votes),
                             bases_.expected(), view_.quorum);
  return true;
}

void Quorum::on_synced(const RingId& ring, const std::map<NodeId, Info>& members, bool grant) {
  members_.clear();
  unsure_.clear();
  device_yes_.clear();
  proposed_ = 0;
  shrink_at_.reset();
  shrink_due_ = false;
  if (const auto* options = newest_options(members)) adopt(*options);
  bool all_waiting = true;
  for (const auto& [node, info] : members) {
    members_[node] = votes_of(node, info);
    left_.erase(node);
    // Unreadable: it says nothing, and nothing can be counted on.
    if (!info.bases.settled.deciders.empty()) bases_.learn(info.bases);
    if (is_dynamic(options_) && info.waiting) unsure_.insert(node);
    all_waiting = all_waiting && info.waiting;
  }
  catch_up();
  // Somebody has seen all nodes, or all are here now. Once is enough: a later loss does not bring the wait back. Where
  // what decides can change, seeing is not enough: the wait ends with the first basis that counts this node.
  if (!is_dynamic(options_) && (!all_waiting || is_all_here())) waiting_ = false;
  view_.ring = ring;
  complete_ = grant;
  recompute();
}

bool Quorum::is_all_here() const {
  return std::all_of(options_.votes.begin(), options_.votes.end(), [this](const auto& node) { return members_.count(node.first) != 0; });
}

Presence Quorum::present() const {
  Presence out{members_, device_yes_.empty() ? 0 : options_.device_votes, options_.device_id};
  for (const auto node : unsure_) out.votes.erase(node);
  return out;
}

bool Quorum::satisfied(const Presence& present) const { return judge(bases_, present) == Verdict::satisfied; }

void Quorum::recompute() {
  const auto here = present();
  view_.expected_votes = bases_.expected();
  view_.highest_expected = bases_.expected();
  view_.device_configured = options_.device;
  view_.device_votes = options_.device_votes;
  view_.device_vote = here.device != 0;
  view_.device_alive = device_alive_;
  view_.total_votes = sum(members_) + here.device;
  view_.quorum = bases_.is_two_node() ? 1 : bases_.expected() / 2 + 1;
  view_.two_node = options_.two_node;
  view_.wait_for_all = options_.wait_for_all;
  view_.last_man_standing = options_.last_man_standing;
  view_.auto_tie_breaker = options_.auto_tie_breaker;
  view_.allow_downscale = options_.allow_downscale;
  view_.members.clear();
  view_.votes.clear();
  for (const auto& [node, votes] : members_) {
    view_.members.push_back(node);
    view_.votes.push_back(votes);
  }
  const bool waits = waiting_ && !is_dynamic(options_);
  if (complete_) view_.quorate = !options_.configured || (!waits && satisfied(here));
  view_.waiting_for_all = waiting_ && !view_.quorate;
  auto with_vote = here;
  with_vote.device = options_.device_votes;
  view_.device_pending = complete_ && options_.device && device_alive_ && !device_refused_ && !view_.quorate && !waits && satisfied(with_vote);
  view_.reason = reason();
}

bool Quorum::on_device(NodeId from, const RingId& ring, bool vote, std::uint64_t device_id) {
  if (!options_.device || device_id != options_.device_id || ring != view_.ring || members_.count(from) == 0) return false;
  const auto before = view_;
  if (vote) {
    device_yes_.insert(from);
  } else {
    device_yes_.erase(from);
  }
  recompute();
  return view_ != before;
}

bool Quorum::set_device_state(bool alive, bool refused) {
  if (device_alive_ == alive && device_refused_ == refused) return false;
  device_alive_ = alive;
  device_refused_ = refused;
  if (complete_ || view_.quorate) {
    recompute();
  } else {
    view_.device_alive = alive;
  }
  return true;
}

}  // namespace relevo::quorum
