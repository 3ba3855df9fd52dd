// From links to ring, from ring to groups and quorum, from groups to the clients: each in the order it came.
#include <algorithm>
#include <iterator>

#include "membership/stack/impl.hpp"
#include "membership/wire/codec.hpp"

namespace relevo::stack {

namespace {
void append(Notes& to, Notes& from) {
  std::move(from.begin(), from.end(), std::back_inserter(to));
}
}  // namespace

void Stack::Impl::take(links::Output output, Instant now) {
  std::move(output.sends.begin(), output.sends.end(), std::back_inserter(out.sends));
  append(out.notes, output.notes);
  for (auto& event : output.events) {
    if (const auto* up = std::get_if<links::PeerUp>(&event)) {
      take(ring.step(totem::PeerUp{up->node}, now));
    } else if (const auto* down = std::get_if<links::PeerDown>(&event)) {
      take(ring.step(totem::PeerDown{down->node}, now));
    } else if (const auto* switched = std::get_if<links::PathSwitched>(&event)) {
      take(ring.step(totem::PathSwitched{switched->node}, now));
    } else if (auto* received = std::get_if<links::Received>(&event)) {
      auto packet = wire::decode(std::move(received->body));
      if (packet) {
        if (const auto* join = std::get_if<wire::Join>(&*packet); join != nullptr && join->leave) quorum.on_leaving(received->from);
        take(ring.step(totem::Receive{received->from, std::move(*packet)}, now));
      } else {
        ++undecodable;
      }
    }
  }
  if (output.beat) take(ring.step(totem::Beat{}, now));
  tell_room(now);
}

void Stack::Impl::take(totem::Output output) {
  if (output.store) out.store_ring_seq = std::max(out.store_ring_seq.value_or(0), *output.store);
  for (const auto& packet : output.sends) send(packet);
  append(out.notes, output.notes);
  for (auto& event : output.events) on_ring_event(std::move(event));
}

void Stack::Impl::send(const totem::Send& packet) {
  const auto body = wire::image(packet.packet);
  auto frames = packet.to ? links.send_to(*packet.to, *body) : links.send_all(*body);
  std::move(frames.begin(), frames.end(), std::back_inserter(out.sends));
}

void Stack::Impl::on_ring_event(totem::Event event) {
  if (auto* delivery = std::get_if<totem::Delivery>(&event)) return take(groups.on_delivery(std::move(*delivery)));
  const auto& configuration = std::get<Configuration>(event);
  if (configuration.kind == Configuration::Kind::regular) {
    regular = configuration;
    // Only after the groups have taken it: what they held of the old ring is of the time when it broke up.
    take(groups.on_configuration(configuration, sync_note()));
    breaking_up = false;
    return;
  }
  breaking_up = true;
  take(groups.on_configuration(configuration, {}));
  if (quorum.on_transitional(configuration)) tell_all(quorum.view());
}

void Stack::Impl::take(std::vector<groups::Event> events) {
  for (auto& event : events) {
    if (auto* configuration = std::get_if<Configuration>(&event)) {
      on_configuration_of_groups(*configuration);
      tell_all(std::move(*configuration));
    } else if (const auto* synced = std::get_if<groups::Synced>(&event)) {
      on_synced(*synced);
      settle_configuration(*synced);
      compare_keys(*synced);
    } else if (const auto* controlled = std::get_if<groups::Controlled>(&event)) {
      on_controlled(*controlled);
    } else if (auto* told = std::get_if<groups::ToClients>(&event)) {
      ClientEvent e{false, std::move(told->clients), {}};
      std::visit([&](auto& body) { e.body = std::move(body); }, told->body);
      out.events.push_back(std::move(e));
    }
  }
}

void Stack::Impl::on_controlled(const groups::Controlled& controlled) {
  if (on_reload_control(controlled.from, controlled.payload)) return;
  if (on_keys_control(controlled.from, controlled.payload)) return;
  if (on_leave_node(controlled.from, controlled.payload)) return;
  if (on_device_control(controlled.from, controlled.payload)) return;
  (void)on_quorum_control(controlled.from, controlled.payload);
}

/// Feeds the ring until it is full. What it refuses stays first in line.
void Stack::Impl::submit_outgoing(Instant now) {
  while (phase == Phase::running) {
    auto* next = groups.outgoing();
    if (next == nullptr) return;
    auto output = ring.submit(std::move(next->payload), next->guarantee, now);  // a refused payload stays where it is
    const auto refused = output.refused;
    if (!refused || refused->kind != ErrorKind::try_again) groups.pop_outgoing();
    if (refused && refused->kind != ErrorKind::try_again)
      out.notes.push_back(note(Level::error, "the ring refused a message: {}", refused->message));
    take(std::move(output));
    if (refused) return;
  }
}

void Stack::Impl::tell_all(EventBody body) { out.events.push_back(ClientEvent{true, {}, std::move(body)}); }

}  // namespace relevo::stack
