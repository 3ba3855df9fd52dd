// The sentences that can be judged as the events come: S1 to S7, S9, S11 of membership spec 2.13.
#include "tests/sim/checker.hpp"

#include <algorithm>

#include "common/base/rng.hpp"

namespace relevo::sim {

Bytes message_bytes(MessageId id, std::size_t size) {
  Writer out;
  out.u64(id);
  Rng noise(id * 31 + size);
  while (out.size() < size) out.u64(noise.next());
  auto bytes = out.take();
  bytes.resize(std::max<std::size_t>(size, 8));
  return bytes;
}

void Checker::on_boot(Process process, Instant now) { histories_[process].booted = now; }

void Checker::on_crash(Process process) { histories_.at(process).alive = false; }

void Checker::on_submit(Process process, MessageId id, std::size_t size, groups::Guarantee guarantee) {
  auto& history = histories_.at(process);
  Message message;
  message.sender = process;
  message.size = size;
  message.guarantee = guarantee;
  message.after_ring = history.last_ring;
  message.after = history.last;
  messages_[id] = message;
  history.accepted.insert(id);
}

void Checker::on_refused(Process process, MessageId id) {
  histories_.at(process).accepted.erase(id);
  messages_.erase(id);
}

void Checker::on_event(Process process, const totem::Event& event, Instant now) {
  if (const auto* delivery = std::get_if<totem::Delivery>(&event)) return on_delivery(process, *delivery);
  on_configuration(process, std::get<Configuration>(event), now);
}

void Checker::on_ring_sent(Process process, std::uint64_t seq, std::uint64_t on_disk) {
  if (on_disk < seq) broken("S11: {} spoke on ring number {} with {} on disk", process, seq, on_disk);
}

void Checker::on_delivery(Process process, const totem::Delivery& delivery) {
  ++deliveries_;
  auto& history = histories_.at(process);
  Reader in(delivery.payload);
  const MessageId id = in.u64();
  const auto found = messages_.find(id);
  if (!in.ok() || found == messages_.end()) return broken("S1: {} delivered a message nobody sent", process);
  auto& message = found->second;
  if (message.sender.node != delivery.sender) return broken("S1: {} delivered message {} from another sender", process, id);
  if (delivery.payload != message_bytes(id, message.size)) return broken("S1: {} delivered message {} with other bytes", process, id);
  if (delivery.guarantee != message.guarantee) return broken("S1: {} delivered message {} with another guarantee", process, id);
  if (!history.delivered.insert(id).second) return broken("S1: {} delivered message {} twice", process, id);
  if (!history.ring) return broken("S2: {} delivered message {} before any configuration", process, id);
  if (*history.ring != delivery.ring)
    return broken("S2: {} delivered message {} of ring {} in ring {}", process, id, delivery.ring, *history.ring);
  place_message(process, history, message, id, delivery);
  auto& stay = history.stays[delivery.ring];
  (history.in_transitional ? stay.transitional : stay.regular).push_back(id);
}

/// S2, S7, S9: the message's one place in the total order, and what must stand before it.
void Checker::place_message(Process process, History& history, Message& message, MessageId id,
                            const totem::Delivery& delivery) {
  const bool same_frame = history.last_ring == delivery.ring && history.last.seq == delivery.seq.value;
  const Place place{delivery.seq.value, same_frame ? history.last.index + 1 : 0};
  if (history.last_ring == delivery.ring && place <= history.last)
    return broken("S7: {} delivered message {} at {}.{}, after {}.{}", process, id, place.seq, place.index,
                  history.last.seq, history.last.index);
  if (!message.ring) {
    message.ring = delivery.ring;
    message.place = place;
    const auto taken = rings_.at(delivery.ring).order.emplace(place, id);
    if (!taken.second)
      return broken("S7: {} delivered message {} where others delivered {}", process, id, taken.first->second);
    if (message.after_ring == delivery.ring && place <= message.after)
      return broken("S9: message {} stands before one that its sender had delivered", id);
  } else if (*message.ring != delivery.ring) {
    return broken("S2: message {} was delivered in rings {} and {}", id, *message.ring, delivery.ring);
  } else if (message.place != place) {
    return broken("S7: {} delivered message {} at {}.{}, others at {}.{}", process, id, place.seq, place.index,
                  message.place.seq, message.place.index);
  }
  auto& last_from = history.last_from[delivery.sender];
  if (last_from >= id) return broken("S9: {} delivered message {} of node {} after {}", process, id, delivery.sender, last_from);
  last_from = id;
  history.last_ring = delivery.ring;
  history.last = place;
}

void Checker::on_configuration(Process process, const Configuration& configuration, Instant now) {
  ++configurations_;
  auto& history = histories_.at(process);
  const auto& members = configuration.members;
  if (!std::ranges::binary_search(members, process.node) || !std::ranges::is_sorted(members))
    return broken("S3: {} was told of configuration {} without itself", process, configuration.ring);
  if (configuration.kind == Configuration::Kind::transitional) return on_transitional(process, history, configuration);
  on_regular(process, history, configuration, now);
}

void Checker::on_transitional(Process process, History& history, const Configuration& configuration) {
  if (!history.ring || history.in_transitional || configuration.ring != *history.ring)
    return broken("S4: {} was told of a transitional configuration of {} out of order", process, configuration.ring);
  if (!std::ranges::includes(rings_.at(*history.ring).members, configuration.members))
    return broken("S4: {} was told of a transitional configuration larger than ring {}", process, configuration.ring);
  history.in_transitional = true;
  history.stays[*history.ring].trans_members = configuration.members;
}

void Checker::on_regular(Process process, History& history, const Configuration& configuration, Instant now) {
  auto [record, is_new] = rings_.try_emplace(configuration.ring);
  if (is_new) {
    record->second.members = configuration.members;
    record->second.installed = now;
  }
  if (record->second.members != configuration.members) return broken("S3: ring {} has two member lists", configuration.ring);
  if (!record->second.installers.emplace(process.node, process).second)
    return broken("S3: node {} installed ring {} twice", process.node, configuration.ring);
  auto& last_seq = last_ring_seq_[process.node];
  if (configuration.ring.seq <= last_seq) return broken("S11: {} installed ring {} after number {}", process, configuration.ring, last_seq);
  last_seq = configuration.ring.seq;
  if (history.ring) {
    if (!history.in_transitional) return broken("S4: {} has no transitional configuration before {}", process, configuration.ring);
    check_passage(process, history, configuration);
  }
  history.ring = configuration.ring;
  history.in_transitional = false;
  history.stays[configuration.ring];
}

/// S4, S6: all that pass together have the same transitional members and delivered the same.
void Checker::check_passage(Process process, History& history, const Configuration& configuration) {
  auto& stay = history.stays.at(*history.ring);
  stay.next = configuration.ring;
  if (!std::ranges::includes(configuration.members, *stay.trans_members))
    return broken("S4: transitional members of {} are not all in ring {}", process, configuration.ring);
  const auto [passage, is_first] = passages_.try_emplace(
      {*history.ring, configuration.ring}, Passage{*stay.trans_members, stay.regular, stay.transitional, process});
  const auto& seen = passage->second;
  if (is_first) return;
  if (!std::ranges::binary_search(seen.trans_members, process.node) || seen.trans_members != *stay.trans_members)
    return broken("S4: {} and {} pass from {} to {} with different transitional members", process, seen.witness,
                  *history.ring, configuration.ring);
  if (seen.regular != stay.regular || seen.transitional != stay.transitional)
    return broken("S6: {} and {} pass from {} to {} but delivered {}+{} and {}+{} messages, or others", process,
                  seen.witness, *history.ring, configuration.ring, stay.regular.size(), stay.transitional.size(),
                  seen.regular.size(), seen.transitional.size());
}

}  // namespace relevo::sim
