// The planted bugs. Counters, not chance, so that a run stays the same whatever is planted before it shows.
#include "tests/sim/plants.hpp"

#include <algorithm>
#include <array>

namespace relevo::sim {
namespace {

constexpr std::array<std::string_view, 10> names{"none",          "safe-as-agreed",  "skip-recovery",   "early-safe",
                                                 "forget-disk",   "lose-delivery",   "repeat-delivery", "swap-deliveries",
                                                 "no-transitional", "corrupt-payload"};

bool is_delivery(const totem::Event& event) { return std::holds_alternative<totem::Delivery>(event); }

bool is_transitional(const totem::Event& event) {
  const auto* configuration = std::get_if<Configuration>(&event);
  return configuration != nullptr && configuration->kind == Configuration::Kind::transitional;
}

void flip_a_byte(std::vector<totem::Event>& events) {
  for (auto& event : events)
    if (auto* delivery = std::get_if<totem::Delivery>(&event); delivery != nullptr && delivery->payload.size() > 8) {
      delivery->payload.back() ^= 1U;
      return;
    }
}

}  // namespace

std::optional<Plant> plant_named(std::string_view name) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Plant>(found - names.begin());
}

std::vector<std::string_view> plant_names() { return {names.begin() + 1, names.end()}; }

void PlantedBug::change_packet(NodeId to, wire::Packet& packet) {
  if (auto* commit = std::get_if<wire::CommitToken>(&packet); commit != nullptr && plant_ == Plant::skip_recovery) {
    if (commit->hop < commit->members.size()) return;
    for (auto& entry : commit->members) {
      if (entry.node != to) entry.high = entry.aru = std::max(entry.aru, entry.high);
    }
  }
  if (auto* token = std::get_if<wire::Token>(&packet); token != nullptr && plant_ == Plant::early_safe) {
    token->aru = token->seq;
    token->aru_owner = {};
  }
}

void PlantedBug::change_events(NodeId node, std::vector<totem::Event>& events) {
  if (plant_ == Plant::no_transitional && node.value == 1) std::erase_if(events, is_transitional);
  if (plant_ == Plant::safe_as_agreed)
    for (auto& event : events)
      if (auto* delivery = std::get_if<totem::Delivery>(&event))
        delivery->guarantee = asked_[Reader(delivery->payload).u64()];
  const auto first = std::ranges::find_if(events, is_delivery);
  if (first == events.end() || node.value != 1) return;
  switch (plant_) {
    case Plant::lose_delivery:
      if (is_due(100)) events.erase(first);
      break;
    case Plant::repeat_delivery:
      if (is_due(100)) {
        const auto copy = *first;
        events.insert(first, copy);
      }
      break;
    case Plant::swap_deliveries:
      if (std::next(first) != events.end() && is_delivery(*std::next(first)) && is_due(10)) std::swap(*first, *std::next(first));
      break;
    case Plant::corrupt_payload:
      if (is_due(100)) flip_a_byte(events);
      break;
    default: break;
  }
}

}  // namespace relevo::sim
