// Running nodes: stepping them, performing what they want, and the queue of what happens when.
#include "tests/sim/world.hpp"

#include <algorithm>

namespace relevo::sim {
namespace {
constexpr std::size_t max_backlog = 4000;  // what a socket buffer would hold for a process that does not run
}

World::World(const WorldOptions& options, std::uint64_t seed, Plant plant)
    : options_(options), rng_(seed), plant_(plant) {
  for (std::uint32_t i = 1; i <= options.nodes; ++i) nodes_[NodeId(i)];
  for (const auto& [who, a] : nodes_)
    for (const auto& [whom, b] : nodes_)
      if (who != whom) paths_[{who, whom}];
}

std::vector<NodeId> World::node_ids() const {
  std::vector<NodeId> ids;
  for (const auto& [id, node] : nodes_) ids.push_back(id);
  return ids;
}

Duration World::pick(Range range) { return Duration(rng_.between(range.low.count(), range.high.count())); }

void World::at(Duration after, std::function<void()> task) { queue_.push({now_ + after, ++serial_, std::move(task)}); }

void World::boot(NodeId id, bool with_disk) {
  auto& node = nodes_.at(id);
  if (node.ring) return;
  if (!with_disk || plant_.kind() == Plant::forget_disk) node.disk = 0;
  ++node.boot;
  node.paused = node.doomed = false;
  node.backlog.clear();
  node.ring.emplace(options_.ring);
  checker_.on_boot(process(id), now_);
  tell("n{} boots, {} on disk", id, node.disk);
  // A lost disk is replaced by the wall clock, in us; the planted bug has none.
  const auto floor = static_cast<std::uint64_t>(now_.time_since_epoch() / 1us) + 1000;
  step(id, totem::Start{id, node.disk, plant_.kind() == Plant::forget_disk ? 0 : floor});
  for (const auto peer : node_ids()) {
    if (peer == id) continue;
    auto& mine = paths_.at({id, peer});
    mine.verdict = mine.target = false;
    ++mine.version;
    auto& theirs = paths_.at({peer, id});
    ++theirs.version;
    theirs.target = false;
    if (theirs.verdict) schedule_verdict(peer, id, false, pick(options_.detect_up));
  }
  at(options_.detect_up.high, [this] { judge(); });
}

void World::crash(NodeId id) {
  auto& node = nodes_.at(id);
  if (!node.ring) return;
  tell("n{} crashes", id);
  checker_.on_crash(process(id));
  node.ring.reset();
  node.backlog.clear();
  judge();
}

void World::crash_while_sending(NodeId id) { nodes_.at(id).doomed = true; }

void World::leave(NodeId id) {
  if (!nodes_.at(id).ring || nodes_.at(id).paused) return;
  tell("n{} leaves", id);
  step(id, totem::Leave{});
  crash(id);
}

void World::pause(NodeId id) {
  auto& node = nodes_.at(id);
  if (!node.ring || node.paused) return;
  tell("n{} is paused", id);
  node.paused = true;
  judge();
}

void World::resume(NodeId id) {
  auto& node = nodes_.at(id);
  if (!node.ring || !node.paused) return;
  tell("n{} runs again", id);
  node.paused = false;
  judge();
  const auto kept = std::move(node.backlog);
  node.backlog.clear();
  for (const auto& action : kept) action();
  if (node.ring) step(id, totem::Tick{});
}

bool World::submit(NodeId id, std::size_t size, groups::Guarantee guarantee) {
  auto& node = nodes_.at(id);
  if (!node.ring || node.paused) return false;
  const auto message = next_message_++;
  size = std::max<std::size_t>(size, 8);
  const auto asked = plant_.kind() == Plant::safe_as_agreed ? groups::Guarantee::agreed : guarantee;
  checker_.on_submit(process(id), message, size, guarantee);
  tell("n{} submits {} ({} bytes{})", id, message, size, guarantee == groups::Guarantee::safe ? ", safe" : "");
  was_refused_ = false;
  const auto sender = process(id);
  plant_.note_submit(message, guarantee);
  step(id, totem::Submit{message_bytes(message, size), asked});
  if (was_refused_) checker_.on_refused(sender, message);
  return !was_refused_;
}

void World::step(NodeId id, const totem::Input& input) {
  auto& node = nodes_.at(id);
  if (!node.ring || violation()) return;
  ++steps_;
  auto output = node.ring->step(input, now_);
  if (auto wrong = node.ring->broken_invariant(); wrong && !broken_) broken_ = fmt::format("invariant: node {}: {}", id, *wrong);
  perform(id, std::move(output));
}

/// As a shell does it: disk, packets, events, from top to bottom.
void World::perform(NodeId id, totem::Output output) {
  auto& node = nodes_.at(id);
  was_refused_ = output.refused.has_value();
  if (output.store) node.disk = *output.store;
  const auto keep = node.doomed && !output.sends.empty() ? rng_.below(output.sends.size()) : output.sends.size();
  for (std::size_t i = 0; i < keep; ++i) {
    auto& send = output.sends[i];
    const auto packet = std::make_shared<const wire::Packet>(std::move(send.packet));
    if (const auto* token = std::get_if<wire::Token>(packet.get())) checker_.on_ring_sent(process(id), token->ring.seq, node.disk);
    if (const auto* token = std::get_if<wire::CommitToken>(packet.get()))
      checker_.on_ring_sent(process(id), token->ring.seq, node.disk);
    if (trace) tell("n{} > {} {}", id, send.to ? fmt::format("n{}", *send.to) : "all", describe(*packet));
    if (send.to && nodes_.contains(*send.to)) transmit(id, *send.to, packet);
    if (!send.to)
      for (const auto peer : node_ids())
        if (peer != id) transmit(id, peer, packet);
  }
  if (node.doomed && !output.sends.empty()) return crash(id);
  if (on_note)
    for (const auto& line : output.notes) on_note(id, line);
  plant_.change_events(id, output.events);
  for (const auto& event : output.events) {
    if (trace) tell("n{} {}", id, describe_event(event));
    if (on_event) on_event(id, event);
    checker_.on_event(process(id), event, now_);
  }
  schedule_wake(id);
}

void World::schedule_wake(NodeId id) {
  auto& node = nodes_.at(id);
  const auto deadline = node.ring->next_deadline();
  const auto version = ++node.wake;
  if (!deadline) return;
  queue_.push({std::max(*deadline, now_), ++serial_, [this, id, version] {
                 const auto& here = nodes_.at(id);
                 if (here.ring && !here.paused && here.wake == version) step(id, totem::Tick{});
               }});
}

void World::deliver_or_keep(NodeId id, std::function<void()> action) {
  auto& node = nodes_.at(id);
  if (!node.ring) return;
  if (!node.paused) return action();
  if (node.backlog.size() < max_backlog) node.backlog.push_back(std::move(action));
}

void World::run_until(Instant time) {
  while (!violation() && !queue_.empty() && queue_.top().at <= time) {
    auto next = std::move(const_cast<Timed&>(queue_.top()));
    queue_.pop();
    now_ = std::max(now_, next.at);
    next.run();
  }
  now_ = std::max(now_, time);
}

bool World::is_whole() const {
  std::vector<NodeId> alive;
  for (const auto& [id, node] : nodes_)
    if (node.ring) alive.push_back(id);
  std::optional<RingId> ring;
  for (const auto id : alive) {
    const auto view = nodes_.at(id).ring->view();
    if (view.state != "operational" || view.members != alive || view.queued_messages != 0) return false;
    if (ring && *ring != view.ring) return false;
    ring = view.ring;
  }
  return checker_.owed() == 0;
}

}  // namespace relevo::sim
