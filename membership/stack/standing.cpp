// What the ring weighs when members are chosen: this node's votes, and whether its last complete ring was quorate.
// It is told when it changes; a ring that is breaking up keeps the standing that it had.
#include <algorithm>

#include "membership/stack/impl.hpp"

namespace relevo::stack {

void Stack::Impl::drive_standing(Instant now) {
  const auto& view = quorum.view();
  if (breaking_up || !groups.is_synced() || view.ring.seq == 0) return;
  const auto place = std::ranges::find(view.members, self) - view.members.begin();
  totem::Standing next{1, view.quorate};
  if (static_cast<std::size_t>(place) < view.votes.size()) next.votes = view.votes[static_cast<std::size_t>(place)];
  if (next == standing) return;
  standing = next;
  take(ring.step(next, now));
}

}  // namespace relevo::stack
