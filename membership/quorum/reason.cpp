// The one sentence for people: what is missing, and what to do when it will not come.
#include "membership/quorum/quorum.hpp"

namespace relevo::quorum {

std::string Quorum::reason() const {
  if (!options_.configured) return "quorate: no quorum provider is configured, every partition may act";
  if (view_.waiting_for_all) {
    return fmt::format("not quorate: waiting for all nodes, {} of {} votes were seen since the start; when the others will not "
                       "come, 'corosync-cmapctl -s quorum.cancel_wait_for_all u8 1' ends the wait",
                       sum(members_), sum(options_.votes));
  }
  if (view_.quorate && bases_.is_two_node())
    return fmt::format("quorate: {} of {} expected votes, one is enough in a two-node cluster", view_.total_votes, view_.expected_votes);
  auto text = fmt::format("{}: {} of {} expected votes, {} needed", view_.quorate ? "quorate" : "not quorate", view_.total_votes,
                          view_.expected_votes, view_.quorum);
  if (view_.device_vote) text += ", the arbiter's vote included";
  if (view_.quorate && view_.total_votes < view_.quorum) text += "; this half has the node that breaks ties";
  return view_.quorate ? text : text + lack();
}

/// What could still make it quorate, where the numbers alone do not say it.
std::string Quorum::lack() const {
  if (view_.device_pending) return "; the arbiter has not given its vote to this partition yet";
  const auto verdict = judge(bases_, present());
  if (verdict == Verdict::minority_of_deciders) {
    return unsure_.empty() ? "; too few of the last quorate partition are here, it may run elsewhere"
                           : "; nodes that have just started do not count before they hear from a quorate partition or see all nodes";
  }
  if (options_.device && !device_alive_) return "; the arbiter is not reached";
  if (options_.device && device_refused_) return "; the arbiter gives its vote to another partition or to none";
  return "";
}

}  // namespace relevo::quorum
