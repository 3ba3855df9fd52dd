// What the ring tells tools of itself, and the names of things. It changes nothing.
#include <algorithm>

#include "membership/totem/core.hpp"

namespace relevo::totem {

View Ring::view() const { return core_->view(); }

View Ring::Core::view() const {
  View view;
  view.state = state_name(state);
  view.ring = installed.ring;
  view.members = installed.members;
  view.queued_messages = queue.messages();
  view.queued_bytes = queue.bytes();
  view.stored_frames = installed.log.size();
  view.stored_bytes = installed.log.bytes();
  if (const auto* recovery = std::get_if<Recovery>(&state)) {
    view.stored_frames += recovery->log.size();
    view.stored_bytes += recovery->log.bytes();
  }
  view.rotation = rotation;
  view.average_rotation = average_rotation;
  view.since_token = token_at == Instant{} ? Duration{} : now - token_at;
  view.average_backlog = average_backlog;
  for (const auto& [node, entry] : backoff)
    if (entry.quarantined_until > now) view.quarantined.push_back(node);
  view.counters = counters;
  return view;
}

const char* name(GatherReason reason) {
  constexpr const char* names[] = {"start",          "token-lost", "peer-down",       "peer-left",
                                   "member-gathers", "stranger",   "fail-to-receive", "recovery-broken"};
  static_assert(std::size(names) == gather_reasons);
  return names[static_cast<std::size_t>(reason)];
}

std::string node_list(const std::vector<NodeId>& nodes) {
  std::string text;
  for (const auto node : nodes) text += fmt::format("{}{}", text.empty() ? "" : " ", node);
  return text;
}

bool has_node(const std::vector<NodeId>& sorted, NodeId node) {
  return std::binary_search(sorted.begin(), sorted.end(), node);
}

const char* state_name(const State& state) {
  constexpr const char* names[] = {"stopped", "gather", "commit", "recovery", "operational"};
  return names[state.index()];
}

}  // namespace relevo::totem
