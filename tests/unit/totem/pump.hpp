// A few rings whose packets pass through a test's hands: each takes 1 ms and may be dropped by a rule. Virtual time.
// For precise situations; whether what is delivered is right under chance is judged by tests/sim.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "membership/totem/ring.hpp"
#include "membership/wire/codec.hpp"

namespace relevo::pump {

class Pump {
 public:
  explicit Pump(std::uint32_t count, const totem::Options& options = {}) {
    for (std::uint32_t i = 1; i <= count; ++i) rings_.emplace(NodeId(i), totem::Ring(options));
    for (auto& [id, ring] : rings_) perform(id, ring.step(totem::Start{id, 0, 1000}, now_));
    for (const auto& [a, ring] : rings_)
      for (const auto& [b, other] : rings_)
        if (a != b) put(a, totem::PeerUp{b});
  }

  /// True for a packet that gets lost.
  std::function<bool(NodeId from, NodeId to, const wire::Packet&)> lose;
  std::function<void(NodeId, const totem::Event&)> on_event;

  void put(NodeId id, const totem::Input& input) { perform(id, rings_.at(id).step(input, now_)); }
  bool submit(NodeId id, std::size_t size, groups::Guarantee guarantee = groups::Guarantee::agreed) {
    auto output = rings_.at(id).submit(Bytes(size, 7), guarantee, now_);
    const bool taken = !output.refused;
    perform(id, std::move(output));
    return taken;
  }
  void run_for(Duration time) {
    const auto end = now_ + time;
    while (true) {
      auto next = end;
      if (!wire_.empty()) next = std::min(next, wire_.begin()->first);
      for (const auto& [id, ring] : rings_)
        if (const auto deadline = ring.next_deadline()) next = std::min(next, std::max(*deadline, now_));
      if (next >= end) break;
      now_ = next;
      turn();
    }
    now_ = end;
  }
  [[nodiscard]] Instant now() const { return now_; }
  [[nodiscard]] totem::View view(NodeId id) const { return rings_.at(id).view(); }
  [[nodiscard]] const std::string& broken() const { return broken_; }
  /// Messages delivered at `id`, and regular configurations, since the last reset().
  [[nodiscard]] int delivered(NodeId id) const { return count(delivered_, id); }
  [[nodiscard]] int installed(NodeId id) const { return count(installed_, id); }
  void reset() {
    delivered_.clear();
    installed_.clear();
    largest_ = 0;
  }
  /// The largest frame that was sent since the last reset().
  [[nodiscard]] std::size_t largest_frame() const { return largest_; }
  [[nodiscard]] bool is_whole() const {
    for (const auto& [id, ring] : rings_)
      if (ring.view().state != "operational" || ring.view().members.size() != rings_.size()) return false;
    return true;
  }

 private:
  struct Flight {
    NodeId from, to;
    std::shared_ptr<const Bytes> bytes;
  };

  static int count(const std::map<NodeId, int>& counts, NodeId id) {
    const auto found = counts.find(id);
    return found == counts.end() ? 0 : found->second;
  }

  void turn() {
    for (auto& [id, ring] : rings_)
      if (const auto deadline = ring.next_deadline(); deadline && *deadline <= now_) perform(id, ring.step(totem::Tick{}, now_));
    while (!wire_.empty() && wire_.begin()->first <= now_) {
      const auto flight = wire_.begin()->second;
      wire_.erase(wire_.begin());
      auto packet = wire::decode(Bytes(*flight.bytes));
      if (!packet) broken_ = packet.error().message;
      if (!packet || (lose && lose(flight.from, flight.to, *packet))) continue;
      put(flight.to, totem::Receive{flight.from, std::move(*packet)});
    }
  }

  void perform(NodeId from, totem::Output output) {
    if (auto wrong = rings_.at(from).broken_invariant()) broken_ = *wrong;
    for (const auto& send : output.sends) {
      const auto bytes = wire::image(send.packet);
      if (std::holds_alternative<wire::Mcast>(send.packet)) largest_ = std::max(largest_, bytes->size());
      for (const auto& [id, ring] : rings_)
        if (id != from && (!send.to || *send.to == id)) wire_.emplace(now_ + 1ms, Flight{from, id, bytes});
    }
    for (const auto& event : output.events) {
      if (on_event) on_event(from, event);
      const auto* configuration = std::get_if<Configuration>(&event);
      if (configuration == nullptr) ++delivered_[from];
      if (configuration != nullptr && configuration->kind == Configuration::Kind::regular) ++installed_[from];
    }
  }

  Instant now_{Duration(1s)};
  std::map<NodeId, totem::Ring> rings_;
  std::multimap<Instant, Flight> wire_;
  std::map<NodeId, int> delivered_, installed_;
  std::size_t largest_ = 0;
  std::string broken_;
};

}  // namespace relevo::pump
