// Bugs put into a run on purpose, to prove that the checker finds what it must. They live at the edges of a node:
// in the packets it reads and in the events it tells, never in the ring's code.
#pragma once

#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "membership/totem/ring.hpp"

namespace relevo::sim {

enum class Plant {
  none,
  safe_as_agreed,    ///< safe messages are sent as agreed ones
  skip_recovery,     ///< a node is told that nobody lacks anything of the old ring
  early_safe,        ///< tokens claim that everybody holds everything
  forget_disk,       ///< a restart knows nothing of its ring numbers
  lose_delivery,     ///< a node loses one delivery in a hundred
  repeat_delivery,   ///< or tells it twice
  swap_deliveries,   ///< or tells two in the wrong order
  no_transitional,   ///< a node is not told of transitional configurations
  corrupt_payload,   ///< one byte of a delivered message is another
};

[[nodiscard]] std::optional<Plant> plant_named(std::string_view name);
[[nodiscard]] std::vector<std::string_view> plant_names();

class PlantedBug {
 public:
  explicit PlantedBug(Plant plant) : plant_(plant) {}
  [[nodiscard]] Plant kind() const { return plant_; }
  /// What the user asked for, so that the lie shows only in what is delivered when.
  void note_submit(std::uint64_t message, groups::Guarantee guarantee) { asked_[message] = guarantee; }
  void change_packet(NodeId to, wire::Packet& packet);
  void change_events(NodeId node, std::vector<totem::Event>& events);

 private:
  [[nodiscard]] bool is_due(std::uint64_t one_in) { return ++count_ % one_in == 0; }
  Plant plant_;
  std::uint64_t count_ = 0;
  std::map<std::uint64_t, groups::Guarantee> asked_;
};

}  // namespace relevo::sim
