// Virtual time of the stack simulator: packets and deadlines in the order of their moments.
#include <algorithm>

#include "membership/seal/frame.hpp"
#include "tests/sim_stack/world.hpp"

namespace relevo::sim {

namespace {
constexpr std::size_t socket_buffer = 2000;  ///< packets that the kernel keeps for a host that does not run
constexpr std::size_t max_recordings = 400;
constexpr std::uint32_t max_steps_at_once = 100'000;
constexpr std::uint64_t after_packets = std::uint64_t{1} << 63;  ///< order of wakes: sockets are read first

bool carries_ring(const Bytes& frame) {
  const auto header = seal::parse_header(frame).header;
  return header && (header->kind == seal::Kind::ring || header->kind == seal::Kind::ring_all || header->kind == seal::Kind::fragment ||
                    header->kind == seal::Kind::fragment_all);
}

std::size_t on_the_wire(const Address& to, std::size_t payload) {
  return payload + 8 + (to.family == Address::Family::v6 ? 40 : 20);
}
}  // namespace

void World::send(std::uint32_t node, const links::Send& packet) {
  const auto bytes = std::make_shared<const Bytes>(packet.bytes);
  mix(packet.bytes.size() * 64 + packet.to.size());
  for (const auto& to : packet.to) {
    const auto place = places_.find(to);
    if (place == places_.end() || place->second.second != packet.link.value) continue;
    const auto target = place->second.first;
    ++packets_;
    const auto arrivals = net_.carry({node, target, packet.link.value}, on_the_wire(to, bytes->size()), carries_ring(*bytes));
    // The eavesdropper keeps some of everything, long enough to outlive restarts.
    if (rng_.chance(1, 16)) {
      const Recording heard{node, target, hosts_.at(node).boot, hosts_.at(target).boot, packet.link.value, bytes};
      if (recordings_.size() < max_recordings) recordings_.push_back(heard);
      else recordings_[rng_.below(max_recordings)] = heard;
    }
    for (const auto after : arrivals) {
      Timed p{now_ + after, ++order_, target, node, packet.link.value, 0, bytes, nullptr};
      if (net_.is_corrupting()) {
        auto bad = *bytes;
        bad[net_.rng().below(bad.size())] ^= static_cast<std::uint8_t>(1 + net_.rng().below(255));
        p.bytes = std::make_shared<const Bytes>(std::move(bad));
        ++net_.deeds.corrupted;
      }
      queue_.push(std::move(p));
    }
  }
}

void World::deliver(Timed packet) {
  auto& host = hosts_.at(packet.to);
  if (host.stack == nullptr) return;
  if (is_asleep(host)) {
    auto& waiting = asleep_[packet.to];
    if (waiting.size() < socket_buffer) waiting.push_back(std::move(packet));
    return;
  }
  input(packet.to, stack::Datagram{LinkId{packet.link}, hosts_.at(packet.from).addresses[packet.link], *packet.bytes});
}

bool World::inject(std::uint32_t to, std::uint8_t link, const Address& from, const Bytes& bytes) {
  auto& host = hosts_.at(to);
  if (host.stack == nullptr || is_asleep(host)) return false;
  const auto good = [&] { return host.stack->status().counters.at("links.frames_received"); };
  const auto before = good();
  const auto output = host.stack->step(stack::Datagram{LinkId{link}, from, bytes}, host.clock.at(now_));
  const bool taken = good() != before || !output.events.empty();
  perform(to, output);
  return taken;
}

void World::schedule_wake(std::uint32_t node) {
  auto& host = hosts_.at(node);
  const auto version = ++host.wake;
  if (host.stack == nullptr || is_asleep(host)) return;
  const auto deadline = host.stack->next_deadline();
  if (!deadline) return;
  queue_.push({std::max(host.clock.when(*deadline), now_), after_packets | ++order_, node, 0, 0, version, nullptr, nullptr});
}

void World::at(Instant when, std::function<void()> task) {
  queue_.push({when, ++order_, 0, 0, 0, 0, nullptr, std::make_shared<std::function<void()>>(std::move(task))});
}

void World::handle(Timed& next) {
  if (next.task != nullptr) return (*next.task)();
  if (next.bytes != nullptr) return deliver(std::move(next));
  const auto& host = hosts_.at(next.to);
  if (host.stack != nullptr && host.wake == next.version && !is_asleep(host)) input(next.to, stack::Tick{});
}

void World::run(Duration time) {
  (void)run_until([] { return false; }, time);
}

bool World::run_until(const std::function<bool()>& done, Duration limit) {
  const auto end = now_ + limit;
  stopped_ = false;
  auto look_again = now_;
  while (true) {
    // Asking is dear: only when somebody was told something, and now and then.
    if (told_ || now_ >= look_again) {
      told_ = false;
      look_again = now_ + 10ms;
      if (done()) return true;
    }
    if (stopped_ || broken_) return false;
    if (queue_.empty() || queue_.top().when > end) {
      now_ = end;
      return done();
    }
    auto next = std::move(const_cast<Timed&>(queue_.top()));
    queue_.pop();
    // A stack whose deadline does not move when it is served would spin for ever, here and in the daemon.
    steps_here_ = next.when <= now_ ? steps_here_ + 1 : 0;
    if (steps_here_ > max_steps_at_once) broken_ = fmt::format("time stands still at {} ns: node {}", now_.time_since_epoch().count(), next.to);
    now_ = std::max(now_, next.when);
    handle(next);
  }
}

void World::mix_event(const stack::ClientEvent& event) {
  told_ = true;
  mix(event.body.index() * 1000 + event.clients.size());
  if (const auto* configuration = std::get_if<Configuration>(&event.body)) {
    mix(configuration->ring.seq);
    for (const auto member : configuration->members) mix(member.value);
    tell("  {} ring {} [{}]", configuration->kind == Configuration::Kind::regular ? "regular" : "transitional", configuration->ring,
         fmt::join(configuration->members, " "));
  } else if (const auto* quorum = std::get_if<QuorumView>(&event.body)) {
    mix(quorum->quorate ? quorum->quorum : 0);
    tell("  quorum of ring {}: {}", quorum->ring, quorum->reason);
  } else if (const auto* message = std::get_if<groups::GroupMessage>(&event.body)) {
    for (std::size_t i = 0; i < std::min<std::size_t>(message->payload.size(), 16); ++i) mix(message->payload[i]);
  } else if (const auto* view = std::get_if<groups::GroupView>(&event.body)) {
    mix(view->ring.seq * 64 + view->members.size());
  }
}

}  // namespace relevo::sim
