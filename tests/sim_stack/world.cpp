// Hosts of the stack simulator: starting and stopping them, and performing what their stacks want.
#include "tests/sim_stack/world.hpp"

#include <algorithm>
#include <utility>

#include "common/base/assert.hpp"

namespace relevo::sim {

namespace {
constexpr std::size_t max_notes = 4000;

Setup setup_of(const WorldOptions& o, std::uint32_t node) {
  Setup setup{.nodes = {}, .links = o.links, .ipv6 = o.ipv6, .totem = o.totem, .quorum = o.quorum, .votes = o.votes, .version = 1};
  for (std::uint32_t n = 1; n <= o.nodes; ++n) setup.nodes.insert(n);
  if (const auto own = o.quorum_of.find(node); own != o.quorum_of.end()) setup.quorum = own->second;
  return setup;
}
}  // namespace

World::World(WorldOptions options)
    : options_(std::move(options)), rng_(options_.seed), nonces_(rng_.fork(1)),
      net_(options_.nodes, options_.links, options_.network, rng_.next()) {
  setup_ = setup_of(options_, 0);
  const auto common = config_of(setup_);
  for (std::uint32_t n = 1; n <= options_.nodes; ++n) {
    auto& host = hosts_[n];
    const auto setup = setup_of(options_, n);
    host.config = options_.quorum_of.contains(n) ? config_of(setup) : common;
    host.file = config_text(setup);
    const auto own = options_.key_of.find(n);
    host.key_file = key_bytes(own == options_.key_of.end() ? 1 : own->second);
    host.stored = options_.first_ring_seq;
    for (std::uint8_t link = 0; link < options_.links; ++link) {
      host.addresses.push_back(address_of(setup, n, link));
      places_[host.addresses.back()] = {n, link};
    }
  }
  if (options_.arbiter) use_arbiter();
}
World::~World() = default;

void World::fill(std::span<std::uint8_t> out) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (i % 8 == 0) word = nonces_.next();
    out[i] = static_cast<std::uint8_t>(word >> (8 * (i % 8)));
  }
}

void World::start(std::uint32_t node) {
  auto& host = hosts_.at(node);
  stack::Options o;
  o.self = NodeId{node};
  o.config = host.config;
  o.config_text = host.file;
  auto keys = seal::read_key_file(host.key_file, "key");
  RELEVO_ASSERT(keys.has_value(), "{}", keys ? "" : keys.error().message);
  o.key = std::move(*keys);
  for (const auto& peer : host.config.nodes) o.addresses[peer.id] = hosts_.at(peer.id.value).addresses;
  auto made = stack::Stack::create(std::move(o), *this);
  RELEVO_ASSERT(made.has_value(), "{}", made ? "" : made.error().message);
  host.stack = std::move(*made);
  host.last_client = 0;
  host.paused = host.doomed = host.writing = host.must_leave = false;
  host.frozen_until = {};
  ++host.boot;
  const auto ppm = options_.clock_ppm == 0 ? 0 : rng_.between(-options_.clock_ppm, options_.clock_ppm);
  host.clock = options_.clock_ppm == 0 ? HostClock{} : HostClock(Duration{rng_.between(0, 1'000'000'000'000)}, ppm);
  tell("n{} starts ({}), ring number {} on disk", node, host.boot, host.stored);
  if (observer_ != nullptr) observer_->on_boot(node, now_);
  if (options_.forget_disk) return input(node, stack::Start{0, 1000});
  input(node, stack::Start{host.stored, options_.first_ring_seq + 1000 + static_cast<std::uint64_t>(to_ms(now_.time_since_epoch()))});
  if (arbiter_ && host.stack != nullptr) input(node, stack::ArbiterToken{ArbiterHost::token()});
}

void World::copy_file(std::uint32_t from, std::uint32_t to) {
  hosts_.at(to).file = hosts_.at(from).file;
  hosts_.at(to).config = hosts_.at(from).config;
}

void World::crash(std::uint32_t node) {
  auto& host = hosts_.at(node);
  if (host.stack != nullptr) {
    tell("n{} is down", node);
    if (observer_ != nullptr) observer_->on_end(node, host.stack->status());
  }
  host.stack.reset();
  host.paused = host.doomed = host.writing = false;
  ++host.wake;
  asleep_.erase(node);
  if (arbiter_) arbiter_->disconnect(node);
}

void World::leave(std::uint32_t node) {
  tell("n{} leaves", node);
  input(node, stack::Leave{});
  crash(node);
}

void World::pause(std::uint32_t node, bool on) {
  auto& host = hosts_.at(node);
  if (host.paused == on) return;
  tell("n{} {}", node, on ? "is paused" : "runs again");
  host.paused = on;
  if (!on) wake_up(node);
}

void World::freeze(std::uint32_t node, Duration time) {
  auto& host = hosts_.at(node);
  if (host.stack == nullptr || is_asleep(host)) return;
  tell("n{} is frozen for {} ms", node, to_ms(time));
  host.frozen_until = now_ + time;
  host.clock.stand_still(time);
  at(host.frozen_until, [this, node] { wake_up(node); });
}

/// What waited in the sockets comes first, then what is due.
void World::wake_up(std::uint32_t node) {
  auto& host = hosts_.at(node);
  if (host.stack == nullptr || is_asleep(host)) return;
  for (auto& p : asleep_[node]) {
    p.when = now_;
    p.order = ++order_;
    queue_.push(std::move(p));
  }
  asleep_.erase(node);
  schedule_wake(node);
}

stack::ClientId World::connect(std::uint32_t node) {
  const auto id = ++hosts_.at(node).last_client;
  input(node, stack::ClientConnected{id});
  return id;
}

void World::input(std::uint32_t node, const stack::Input& in) {
  auto& host = hosts_.at(node);
  if (host.stack == nullptr) return;
  ++steps_;
  perform(node, host.stack->step(in, host.clock.at(now_)));
}

stack::Output World::ask(std::uint32_t node, const stack::Input& in) {
  auto& host = hosts_.at(node);
  if (host.stack == nullptr) return {};
  ++steps_;
  auto output = host.stack->step(in, host.clock.at(now_));
  perform(node, output);
  return output;
}

/// As the daemon does it: the disk, the packets, what clients hear.
void World::perform(std::uint32_t node, stack::Output output) {
  auto& host = hosts_.at(node);
  if (output.store_ring_seq && host.disk_full) {
    tell("n{} cannot write ring number {} and stops", node, *output.store_ring_seq);
    return crash(node);
  }
  if (output.store_ring_seq && host.write_time != Duration{}) return hold_for_disk(node, std::move(output));
  if (output.store_ring_seq) host.stored = *output.store_ring_seq;
  emit(node, output);
}

/// The daemon does nothing else until the number is durable. A crash before that leaves the old one.
void World::hold_for_disk(std::uint32_t node, stack::Output output) {
  auto& host = hosts_.at(node);
  host.writing = true;
  at(now_ + host.write_time, [this, node, boot = host.boot, kept = std::make_shared<stack::Output>(std::move(output))] {
    auto& here = hosts_.at(node);
    if (here.stack == nullptr || here.boot != boot || !here.writing) return;
    here.writing = false;
    here.stored = *kept->store_ring_seq;
    emit(node, *kept);
    wake_up(node);
  });
}

void World::emit(std::uint32_t node, const stack::Output& output) {
  auto& host = hosts_.at(node);
  const bool dies = host.doomed && !output.sends.empty();
  const auto keep = dies ? rng_.below(output.sends.size()) : output.sends.size();
  for (std::size_t i = 0; i < keep; ++i) send(node, output.sends[i]);
  if (dies) return crash(node);
  for (const auto& note : output.notes) {
    tell("n{} says: {}", node, note.text);
    if (observer_ != nullptr) observer_->on_note(node, note);
    if (host.notes.size() < max_notes) host.notes.push_back(note);
  }
  const auto boot = host.boot;
  perform_shell(node, output);
  for (const auto& event : output.events) {
    mix_event(event);
    if (observer_ != nullptr) observer_->on_event(node, boot, event, now_);
  }
  if (observer_ != nullptr) observer_->after_step(node);
  if (std::exchange(host.must_leave, false) || output.asked_to_leave) return leave(node);
  if (host.stack != nullptr) schedule_wake(node);
}

bool World::is_one_ring(const std::set<std::uint32_t>& members) const {
  std::vector<NodeId> want;
  for (auto n : members) want.push_back(NodeId{n});
  std::optional<RingId> ring;
  for (auto n : members) {
    if (!is_running(n)) return false;
    const auto s = status(n);
    if (s.state != "operational" || !s.synced || s.members != want || (ring && *ring != s.ring)) return false;
    ring = s.ring;
  }
  return true;
}

}  // namespace relevo::sim
