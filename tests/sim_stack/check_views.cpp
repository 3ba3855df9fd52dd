// What configurations and quorum promise.
#include <algorithm>

#include "tests/sim_stack/checker.hpp"

namespace relevo::sim {

namespace {
bool has(const std::vector<NodeId>& sorted, std::uint32_t node) { return std::binary_search(sorted.begin(), sorted.end(), NodeId{node}); }
bool are_disjoint(const std::vector<NodeId>& a, const std::vector<NodeId>& b) {
  return std::ranges::none_of(a, [&](NodeId n) { return has(b, n.value); });
}
constexpr std::uint64_t max_queue_bytes = (std::uint64_t{4} << 20) + (std::uint64_t{2} << 20);
}  // namespace

void ViewChecker::on_boot(std::uint32_t id) {
  auto& node = nodes_[id];
  const auto seq = node.last_seq;
  node = Node{};
  node.boot = world_.boot(id);
  node.last_seq = seq;
}

void ViewChecker::on_event(std::uint32_t node, std::uint32_t, const stack::ClientEvent& event, Instant now) {
  if (!event.all) return;
  if (const auto* quorum = std::get_if<QuorumView>(&event.body)) on_quorum(node, *quorum, now);
  if (const auto* configuration = std::get_if<Configuration>(&event.body)) on_configuration(node, *configuration, now);
}

void ViewChecker::on_configuration(std::uint32_t id, Configuration configuration, Instant now) {
  auto& node = nodes_[id];
  ++configurations_;
  if (plant_ == Plant::other_members && id == 1 && configuration.members.size() > 2) configuration.members.pop_back();
  if (plant_ == Plant::no_transitional && id == 1 && configuration.kind == Configuration::Kind::transitional) return;
  if (plant_ == Plant::old_ring && id == 1 && configurations_ > 20 && node.ring) configuration.ring = *node.ring;
  if (!has(configuration.members, id) || !std::ranges::is_sorted(configuration.members))
    return judge_.broken(now, "S3: node {} was told of configuration {} without itself", id, configuration.ring);
  if (configuration.kind == Configuration::Kind::regular) return on_regular(id, node, configuration, now);
  if (!node.ring || node.in_transitional || configuration.ring != *node.ring)
    return judge_.broken(now, "S4: node {} was told of a transitional configuration of {} out of order", id, configuration.ring);
  if (!std::ranges::includes(node.members, configuration.members))
    return judge_.broken(now, "S4: node {} has transitional members that were not in ring {}", id, configuration.ring);
  node.in_transitional = true;
  node.transitional = configuration.members;
}

void ViewChecker::on_regular(std::uint32_t id, Node& node, const Configuration& configuration, Instant now) {
  const auto& [record, is_new] = rings_.try_emplace(configuration.ring, configuration.members);
  if (!is_new && record->second != configuration.members) judge_.broken(now, "S3: ring {} has two member lists", configuration.ring);
  if (!installed_.emplace(configuration.ring, id).second) judge_.broken(now, "M1: node {} installed ring {} twice", id, configuration.ring);
  if (configuration.ring.seq <= node.last_seq) judge_.broken(now, "S11: node {} installed ring {} after number {}", id, configuration.ring, node.last_seq);
  node.last_seq = configuration.ring.seq;
  if (node.ring) {
    if (!node.in_transitional) return judge_.broken(now, "S4: node {} has no transitional configuration before {}", id, configuration.ring);
    if (!std::ranges::includes(configuration.members, node.transitional))
      judge_.broken(now, "S4: transitional members of node {} are not all in ring {}", id, configuration.ring);
    // Not every member comes from the same ring: the key is where one comes from, too.
    const auto& [passage, first] = passages_.try_emplace({*node.ring, configuration.ring}, node.transitional);
    if (!first && passage->second != node.transitional)
      judge_.broken(now, "M9: two nodes pass from {} to {} with different transitional members", *node.ring, configuration.ring);
  }
  coverage_.hit(!node.ring                                                       ? "view: first ring of a start"
                : configuration.members.size() < node.members.size()            ? "view: smaller ring"
                : configuration.members == node.members                          ? "view: the same members again"
                : node.transitional.size() == configuration.members.size()       ? "view: the same in another ring"
                : node.transitional.size() + 1 == configuration.members.size()   ? "view: one joined"
                                                                                 : "view: several joined or sides merged");
  if (configuration.members.size() == world_.nodes()) was_complete_ = true;
  node.ring = configuration.ring;
  node.members = configuration.members;
  node.in_transitional = false;
  if (calm_ && ++calm_left_[id] > *calm_) judge_.broken(now, "L2: node {} installed {} rings while nothing happened", id, calm_left_[id]);
}

void ViewChecker::on_quorum(std::uint32_t id, QuorumView view, Instant now) {
  auto& node = nodes_[id];
  if (plant_ == Plant::stale && id == 1) view.quorate = true;
  if (plant_ == Plant::greedy) view.quorum = 1, view.quorate = true;
  if (plant_ == Plant::deaf_to_rules && id == 1) view.quorum = view.total_votes + 1, view.quorate = true;
  if (view.quorate != node.quorum.quorate) coverage_.hit(view.quorate ? "quorum: granted" : "quorum: withdrawn");
  if (view.waiting_for_all && !view.quorate) coverage_.hit("quorum: waits for all");
  if (node.quorum.waiting_for_all && !view.waiting_for_all) coverage_.hit("quorum: wait for all is over");
  if (view.two_node && view.quorate && view.members.size() == 1) coverage_.hit("quorum: one of two is enough");
  if (node.in_transitional && node.quorum.quorate && !view.quorate) coverage_.hit("quorum: withdrawn while the ring broke up");
  check_votes(id, view, now);
  node.quorum = view;
  quorum_changed_ = true;
  // A ring that breaks up before its quorum was told here: the withdrawal is the first that this node says of it.
  if (node.in_transitional && !view.quorate) return;
  if (quorum_told_[{id, view.ring}]++ > 0) return;
  const std::tuple<bool, std::uint32_t, std::uint32_t> said{view.quorate, view.expected_votes, view.quorum};
  const auto& [it, first] = quorum_of_ring_.emplace(view.ring, said);
  if (!first && it->second != said) judge_.broken(now, "Q4: node {} sees the quorum of ring {} differently", id, view.ring);
}

/// Q2, Q3 and the rule of wait_for_all, from what the view itself says.
void ViewChecker::check_votes(std::uint32_t id, const QuorumView& view, Instant now) {
  // Half of the votes are enough where a tie is broken, and the votes of the device may not be among the members'.
  if (view.quorate && !view.auto_tie_breaker && view.total_votes < view.quorum)
    judge_.broken(now, "Q2: node {} is quorate with {} votes, {} are needed", id, view.total_votes, view.quorum);
  if (view.expected_votes < least_expected)
    judge_.broken(now, "Q3: node {} expects {} votes, nobody allowed fewer than {}", id, view.expected_votes, least_expected);
  if (wait_for_all && view.quorate && !was_complete_) judge_.broken(now, "Q4: node {} is quorate, but nobody has seen all nodes yet", id);
}

/// Q1: no two disjoint memberships are quorate at the same instant.
void ViewChecker::after_step(Instant now) {
  if (!quorum_changed_ || two_node) return;
  quorum_changed_ = false;
  for (const auto& [a, na] : nodes_) {
    if (!na.quorum.quorate || !world_.is_running(a)) continue;
    for (const auto& [b, nb] : nodes_) {
      if (a >= b || !nb.quorum.quorate || na.quorum.ring == nb.quorum.ring || !world_.is_running(b)) continue;
      if (are_disjoint(na.quorum.members, nb.quorum.members)) judge_.broken(now, "Q1: nodes {} and {} are quorate in disjoint memberships", a, b);
    }
  }
}

std::uint32_t ViewChecker::votes_in_reach(std::uint32_t id) const {
  std::uint32_t votes = 0;
  for (std::uint32_t other = 1; other <= world_.nodes(); ++other) {
    const auto own = world_.options().votes.find(other);
    const bool there = other == id || (world_.is_running(other) && !world_.is_paused(other) && world_.net().are_connected(id, other));
    if (there) votes += own == world_.options().votes.end() ? 1 : own->second;
  }
  // As long as the arbiter is there its vote may count, whatever it weighs.
  const auto* arbiter = world_.arbiter();
  if (arbiter != nullptr && arbiter->is_running()) votes += world_.nodes();
  return votes;
}

void ViewChecker::look(Instant now) {
  for (auto& [id, node] : nodes_) {
    const bool blind = !world_.is_running(id) || world_.is_asleep(id);
    const bool stale = !blind && node.quorum.quorate && !node.quorum.auto_tie_breaker && votes_in_reach(id) < node.quorum.quorum;
    if (!stale) {
      node.stale_since.reset();
    } else if (!node.stale_since) {
      node.stale_since = now;
    } else {
      longest_stale_ = std::max(longest_stale_, now - *node.stale_since);
      if (now - *node.stale_since > stale_bound)
        judge_.broken(now, "Q2: node {} is quorate since {} ms without the votes in reach", id, to_ms(now - *node.stale_since));
    }
    if (blind) continue;
    const auto status = world_.status(id);
    check_memory(id, status, now);
    coverage_.hit(fmt::format("ring: seen in {}", status.state));
    coverage_.hit(fmt::format("keys: seen {}", status.keys.state));
  }
}

/// M12: what a node may hold, whatever the others do.
void ViewChecker::check_memory(std::uint32_t id, const stack::Status& status, Instant now) {
  const auto queued = status.counters.at("ring.queued_bytes");
  if (queued > max_queue_bytes) judge_.broken(now, "M12: {} bytes wait in the ring of node {}", queued, id);
  if (queued > 0) coverage_.hit("memory: messages wait in the ring");
}

void Checker::on_event(std::uint32_t node, std::uint32_t boot, const stack::ClientEvent& event, Instant now) {
  now_ = now;
  if (const auto* rejected = std::get_if<stack::Rejected>(&event.body)) {
    coverage_.hit("client: a request was refused");
    if (on_rejected && !event.clients.empty()) on_rejected(node, event.clients.front(), rejected->tag);
    return;
  }
  views.on_event(node, boot, event, now);
  groups.on_event(node, boot, event, now);
}

void Checker::after_step(std::uint32_t) { views.after_step(now_); }

}  // namespace relevo::sim
