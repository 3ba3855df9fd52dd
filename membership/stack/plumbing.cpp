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
    } else if (auto* received = std::get_if<links::Received>(&event)) {
      auto packet = wire::decode(received->body);
      if (packet) {
        take(ring.step(totem::Receive{received->from, std::move(*packet)}, now));
      } else {
        ++undecodable;
      }
    }
  }
}

void Stack::Impl::take(totem::Output output) {
  if (output.store) out.store_ring_seq = std::max(out.store_ring_seq.value_or(0), *output.store);
  for (const auto& packet : output.sends) send(packet);
  append(out.notes, output.notes);
  for (auto& event : output.events) on_ring_event(std::move(event));
}

void Stack::Impl::send(const totem::Send& packet) {
  const auto body = wire::encode(packet.packet);
  auto frames = packet.to ? links.send_to(*packet.to, body) : links.send_all(body);
  std::move(frames.begin(), frames.end(), std::back_inserter(out.sends));
}

void Stack::Impl::on_ring_event(totem::Event event) {
  if (auto* delivery = std::get_if<totem::Delivery>(&event)) return take(groups.on_delivery(std::move(*delivery)));
  const auto& configuration = std::get<Configuration>(event);
  if (configuration.kind == Configuration::Kind::regular) {
    regular = configuration;
    return take(groups.on_configuration(configuration, quorum::encode(quorum.info())));
  }
  take(groups.on_configuration(configuration, {}));
  if (quorum.on_transitional(configuration)) tell_all(quorum.view());
}

void Stack::Impl::take(std::vector<groups::Event> events) {
  for (auto& event : events) {
    if (auto* configuration = std::get_if<Configuration>(&event)) {
      tell_all(std::move(*configuration));
    } else if (const auto* synced = std::get_if<groups::Synced>(&event)) {
      on_synced(*synced);
    } else if (const auto* controlled = std::get_if<groups::Controlled>(&event)) {
      on_controlled(*controlled);
    } else if (auto* told = std::get_if<groups::ToClients>(&event)) {
      ClientEvent e{false, std::move(told->clients), {}};
      std::visit([&](auto& body) { e.body = std::move(body); }, told->body);
      out.events.push_back(std::move(e));
    }
  }
}

void Stack::Impl::on_synced(const groups::Synced& synced) {
  std::map<NodeId, quorum::Info> infos;
  for (const auto& [node, bytes] : synced.notes) infos[node] = quorum::decode_info(bytes);
  const bool before = quorum.view().quorate;
  quorum.on_synced(synced.ring, infos, !synced.breaking_up);
  // A ring that is over by now says nothing to anybody; the next one follows in this same breath.
  if (synced.breaking_up) return;
  if (quorum.view().quorate != before) out.notes.push_back(note(Level::notice, "{}", quorum.view().reason));
  tell_all(quorum.view());
}

void Stack::Impl::on_controlled(const groups::Controlled& controlled) {
  Reader in(controlled.payload);
  const auto kind = static_cast<ControlKind>(in.u8());
  const auto value = in.u32();
  if (!in.done()) return;
  if (kind == ControlKind::expected_votes) {
    if (const auto done = quorum.set_expected_votes(value); !done) {
      out.notes.push_back(note(Level::warning, "node {} asked for other expected votes: {}", controlled.from, done.error().message));
      return;
    }
  } else if (kind == ControlKind::cancel_wait_for_all) {
    quorum.cancel_wait_for_all();
  } else {
    return;
  }
  out.notes.push_back(note(Level::notice, "asked by node {}: {}", controlled.from, quorum.view().reason));
  tell_all(quorum.view());
}

/// Feeds the ring until it is full. What it refuses stays first in line.
void Stack::Impl::submit_outgoing(Instant now) {
  while (phase == Phase::running) {
    auto* next = groups.outgoing();
    if (next == nullptr) return;
    totem::Input input = totem::Submit{std::move(next->payload), next->guarantee};
    auto output = ring.step(input, now);
    const auto refused = output.refused;
    if (refused && refused->kind == ErrorKind::try_again) {
      next->payload = std::move(std::get<totem::Submit>(input).payload);
    } else {
      groups.pop_outgoing();
    }
    if (refused && refused->kind != ErrorKind::try_again)
      out.notes.push_back(note(Level::error, "the ring refused a message: {}", refused->message));
    take(std::move(output));
    if (refused) return;
  }
}

void Stack::Impl::tell_all(EventBody body) { out.events.push_back(ClientEvent{true, {}, std::move(body)}); }

}  // namespace relevo::stack
