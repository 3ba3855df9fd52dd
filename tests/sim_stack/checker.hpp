// Judges what the nodes told their clients: the promises of groups and quorum. Written apart from the code it judges.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "tests/sim_stack/world.hpp"

namespace relevo::sim {

/// Bugs to plant in what the checker is told, to prove that it would notice.
enum class Plant { none, lost, swapped, greedy, stale };

class Checker : public Observer {
 public:
  Checker(const World& world, bool two_node, Plant plant) : world_(world), two_node_(two_node), plant_(plant) {}

  void on_event(std::uint32_t node, std::uint32_t boot, const stack::ClientEvent& event, Instant now) override;
  void after_step(std::uint32_t node) override;
  /// A message that was handed to a stack and not rejected must come back to its sender.
  void accepted(std::uint32_t node, std::uint32_t boot, stack::ClientId client, const std::string& text);

  /// The client's connection was closed: it hears nothing more.
  void gone(std::uint32_t node, std::uint32_t boot, stack::ClientId client) { gone_.insert({node, boot, client}); }
  /// After everything has settled: the first broken promise, if any.
  [[nodiscard]] std::optional<std::string> verdict();
  [[nodiscard]] const std::optional<std::string>& broken() const { return broken_; }
  [[nodiscard]] std::size_t messages() const { return messages_; }
  [[nodiscard]] std::size_t views() const { return views_; }

 private:
  using Who = std::tuple<std::uint32_t, std::uint32_t, stack::ClientId>;  ///< node, boot, client
  struct Epoch {
    groups::GroupView view;
    std::vector<std::string> messages;
    std::optional<RingId> broke_up;  ///< the epoch ended while this ring broke up, before the next was installed
  };
  using Transcript = std::vector<Epoch>;  ///< of one client in one group

  [[nodiscard]] bool is_listening(const Who& who) const;
  void on_configuration(std::uint32_t node, std::uint32_t boot, const Configuration& configuration);
  [[nodiscard]] bool came_along(const Who& a, const Epoch& ea, const Who& b, const Epoch& eb) const;
  void on_view(const Who& who, const groups::GroupView& view);
  void on_message(const Who& who, const groups::GroupMessage& message);
  void on_quorum(std::uint32_t node, const QuorumView& view);
  void compare(const std::string& group, const Who& a, const Transcript& ta, const Who& b, const Transcript& tb);
  void compare_order(const std::string& group, const Who& a, const Transcript& ta, const Who& b, const Transcript& tb);
  void check_own_messages();
  void fail_with(std::string text);

  const World& world_;
  bool two_node_;
  Plant plant_;
  std::map<std::string, std::map<Who, Transcript>> transcripts_;
  std::map<Who, std::vector<std::string>> accepted_;
  std::set<Who> gone_;
  using Boot = std::pair<std::uint32_t, std::uint32_t>;  ///< node, start
  std::map<Boot, RingId> breaking_up_;                   ///< those between a transitional and a regular configuration
  std::map<std::pair<Boot, RingId>, std::vector<NodeId>> transitional_;  ///< who came along from each ring
  std::map<std::pair<std::uint32_t, RingId>, int> quorum_told_;
  std::map<RingId, std::tuple<bool, std::uint32_t, std::uint32_t>> quorum_of_ring_;
  std::map<std::uint32_t, QuorumView> quorum_now_;
  std::size_t messages_ = 0, views_ = 0;
  std::optional<std::string> broken_;
};

}  // namespace relevo::sim
