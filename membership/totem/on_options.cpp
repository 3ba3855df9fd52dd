// Inputs that change how the ring works without being part of its protocol: options, standing, frame size, paths.
#include <algorithm>

#include "membership/totem/core.hpp"

namespace relevo::totem {

/// What runs keeps its deadline; logs that exist keep their limits, and their guard stops sending while they hold more.
void Ring::Core::on(const Reconfigure& input) {
  options = bounded(input.options);
  queue.set_limits(options.queue_bytes, options.queue_messages);
  if (auto* ring = circuit()) ring->visit_budget = 0;
}

void Ring::Core::on(const FrameRoom& input) { frame_size = std::clamp(input.bytes, wire::min_frame, wire::max_frame); }

/// Others weigh it when they choose members: who gathers now must hear of it.
void Ring::Core::on(const Standing& input) {
  if (standing == input) return;
  standing = input;
  if (std::holds_alternative<Gather>(state)) return refresh_gather();
  if (std::holds_alternative<Operational>(state) && has_strangers()) announce();
}

/// Frames that got lost on the old path are asked for by whoever lacks them; what nobody would ask for is sent now.
void Ring::Core::on(const PathSwitched& input) {
  if (std::holds_alternative<Gather>(state)) return refresh_gather(true);
  const auto* commit = std::get_if<Commit>(&state);
  const auto* ring = circuit();
  if (commit != nullptr && commit->token.members[(commit->position + 1) % commit->token.members.size()].node == input.node)
    return send_token_again();
  if (ring != nullptr && ring->next == input.node) send_token_again();
  if (!std::holds_alternative<Operational>(state)) return;
  if (installed.ring.rep == input.node && timers.is_armed(TimerId::cancel)) send_cancel();
  if (!has_node(installed.members, input.node)) announce();
}

}  // namespace relevo::totem
