// A frame arrives: kept when it belongs to the ring this node is on, or to the old one while that is not frozen.
#include "membership/totem/core.hpp"

namespace relevo::totem {

void Ring::Core::on_packet(NodeId from, const wire::Mcast& packet) {
  if (auto* recovery = std::get_if<Recovery>(&state)) {
    const auto& ring = recovery->circuit;
    if (packet.ring != ring.ring || !has_node(ring.members, packet.sender) || !has_node(ring.members, from))
      return drop("frame of another ring");
    const bool is_new = recovery->log.insert(packet);
    ++(is_new ? counters.frames_received : counters.frame_duplicates);
    if (is_new) absorb(packet);
    return;
  }
  if (std::holds_alternative<Commit>(state)) return drop("frame while the old ring is frozen");
  if (packet.ring != installed.ring || !has_node(installed.members, packet.sender) || !has_node(installed.members, from))
    return drop("frame of another ring");
  const bool is_new = installed.log.insert(packet);
  ++(is_new ? counters.frames_received : counters.frame_duplicates);
  if (!is_new) return;
  deliver_ready();  // in gather nothing is delivered: there is no token that says what is safe
}

}  // namespace relevo::totem
