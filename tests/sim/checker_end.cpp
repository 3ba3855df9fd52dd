// The sentences that only the end can judge: S5 self-delivery, S8 gaps, S10 safe delivery.
#include <algorithm>

#include "tests/sim/checker.hpp"

namespace relevo::sim {

std::size_t Checker::owed() const {
  std::size_t count = 0;
  for (const auto& [process, history] : histories_) {
    if (!history.alive) continue;
    for (const auto id : history.accepted) count += history.delivered.contains(id) ? 0U : 1U;
  }
  return count;
}

void Checker::finish() {
  if (owed() > 0) broken("S5: {} accepted messages were never delivered to their living senders", owed());
  for (const auto& [process, history] : histories_) {
    for (const auto& [ring, stay] : history.stays) {
      check_gaps(process, history, ring, stay);
      check_safe(process, ring, stay);
    }
  }
}

/// S8: everything before the last delivered message was delivered, too. Only in the transitional part may something
/// be missing, and only from senders outside it.
void Checker::check_gaps(Process process, const History& history, const RingId& ring, const Stay& stay) {
  const auto& order = rings_.at(ring).order;
  const auto last_of = [&](const std::vector<MessageId>& ids) {
    return ids.empty() ? Place{} : messages_.at(ids.back()).place;
  };
  const auto regular_end = last_of(stay.regular);
  const auto end = std::max(regular_end, last_of(stay.transitional));
  for (const auto& [place, id] : order) {
    if (place > end) break;
    if (history.delivered.contains(id)) continue;
    const auto sender = messages_.at(id).sender.node;
    const bool is_allowed = place > regular_end && stay.trans_members && !std::ranges::binary_search(*stay.trans_members, sender);
    if (!is_allowed) return broken("S8: {} skipped message {} of node {} in ring {}", process, id, sender, ring);
  }
}

void Checker::check_safe(Process process, const RingId& ring, const Stay& stay) {
  const auto is_safe = [&](MessageId id) { return messages_.at(id).guarantee == groups::Guarantee::safe; };
  for (const auto id : stay.regular)
    if (is_safe(id))
      for (const auto member : rings_.at(ring).members) expect_safe(process, member, ring, id, "regular");
  for (const auto id : stay.transitional)
    if (is_safe(id) && stay.trans_members)
      for (const auto member : *stay.trans_members) expect_safe(process, member, ring, id, "transitional");
}

/// S10: the member delivered it, unless it failed.
void Checker::expect_safe(Process witness, NodeId member, const RingId& ring, MessageId id, const char* where) {
  const auto& record = rings_.at(ring);
  const auto installer = record.installers.find(member);
  if (installer != record.installers.end()) {
    const auto& history = histories_.at(installer->second);
    if (!history.alive || history.delivered.contains(id)) return;
    return broken("S10: {} delivered safe message {} in the {} part of {}, {} did not", witness, id, where, ring,
                  installer->second);
  }
  // It never installed the ring: then its process of that time must have failed.
  for (const auto& [process, history] : histories_)
    if (process.node == member && history.alive && history.booted < record.installed)
      return broken("S10: {} delivered safe message {} in the {} part of {}, which {} never installed", witness, id,
                    where, ring, process);
}

}  // namespace relevo::sim
