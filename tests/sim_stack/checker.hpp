// Judges what the nodes told their clients. Two halves, written apart from the code they judge: what groups promise,
// and what configurations and quorum promise. This file has the parts they share.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "tests/sim_stack/coverage.hpp"
#include "tests/sim_stack/world.hpp"

namespace relevo::sim {

/// Bugs to plant in what the checker is told, to prove that it would notice.
enum class Plant {
  none,
  lost,           ///< a client loses a message
  swapped,        ///< or gets two in the wrong order
  greedy,         ///< every node is told that one vote is enough
  stale,          ///< node 1 is told of quorum always
  corrupt,        ///< a byte of a message changes
  repeated,       ///< a message comes twice
  other_members,  ///< node 1 is told of a ring without its last member
  old_ring,       ///< node 1 is told of the ring before once more
  no_transitional,
  deaf_to_rules,  ///< quorum without the votes for it
  forget_disk,    ///< ring numbers are not kept over a restart
  replay,         ///< the adversary holds packets back, so that its copies are the first to come
};

/// One start of one node, and one client of it.
using Boot = std::pair<std::uint32_t, std::uint32_t>;
using Who = std::tuple<std::uint32_t, std::uint32_t, stack::ClientId>;

/// Names a message for ever; the first 8 bytes of its payload.
using MessageId = std::uint64_t;

/// The first broken promise counts.
class Judge {
 public:
  template <class... Args>
  void broken(Instant now, fmt::format_string<Args...> format, Args&&... args) {
    if (!verdict_) verdict_ = fmt::format("at {} ms: {}", to_ms(now.time_since_epoch()), fmt::format(format, std::forward<Args>(args)...));
  }
  [[nodiscard]] const std::optional<std::string>& verdict() const { return verdict_; }

 private:
  std::optional<std::string> verdict_;
};

/// Closed groups: views follow from each other, who goes through two views together has seen the same, one order for
/// all, own messages come back, bytes stay as they were.
class GroupChecker {
 public:
  GroupChecker(const World& world, Judge& judge, Plant plant) : world_(world), judge_(judge), plant_(plant) {}

  void on_event(std::uint32_t node, std::uint32_t boot, const stack::ClientEvent& event, Instant now);
  /// A message was handed to a stack.
  void said(MessageId id, const Bytes& payload) { payloads_[id] = payload; }
  /// And it must come back to its sender, in order, unless it is refused.
  void accepted(const Who& who, MessageId id) { accepted_[who].push_back(id); }
  void refused(const Who& who, MessageId id);
  /// The client's connection was closed: it hears nothing more.
  void gone(const Who& who) { gone_.insert(who); }
  /// What only the end can tell.
  void finish();
  [[nodiscard]] std::size_t messages() const { return messages_; }
  [[nodiscard]] std::size_t views() const { return views_; }
  /// Accepted messages of clients that live and have not got them back.
  [[nodiscard]] std::size_t owed() const;

 private:
  struct Epoch {
    groups::GroupView view;
    std::vector<MessageId> messages;
    std::optional<RingId> broke_up;  ///< the epoch ended while this ring broke up, before the next was installed
  };
  using Transcript = std::vector<Epoch>;  ///< of one client in one group
  struct Place {
    Who who;
    const Transcript* transcript = nullptr;
    std::size_t index = 0;
  };

  void on_configuration(const Boot& here, const Configuration& configuration);
  void on_view(const Who& who, const groups::GroupView& view, Instant now);
  void on_message(const Who& who, const groups::GroupMessage& message, Instant now);
  [[nodiscard]] bool is_listening(const Who& who) const;
  [[nodiscard]] bool came_along(const Place& a, const Place& b) const;
  void compare_epochs(const std::string& group, const std::map<Who, Transcript>& all);
  void compare(const std::string& group, const Place& a, const Place& b);
  void check_order();
  void check_own_messages();

  const World& world_;
  Judge& judge_;
  Plant plant_;
  std::map<std::string, std::map<Who, Transcript>> transcripts_;
  std::map<Who, std::vector<MessageId>> accepted_, came_back_;
  std::map<Boot, std::vector<MessageId>> told_;  ///< to any client of a node, in order, each message once
  std::unordered_map<MessageId, Bytes> payloads_;
  std::set<std::pair<Who, MessageId>> seen_;
  std::set<Who> gone_;
  std::map<Boot, RingId> breaking_up_;  ///< those between a transitional and a regular configuration
  std::map<std::pair<Boot, RingId>, std::vector<NodeId>> transitional_;  ///< who came along from each ring
  std::size_t messages_ = 0, views_ = 0;
};

/// Configurations: S3, S4, S11 and M1, M2, M3, M9. Quorum: Q1 to Q4 and how long it is stale.
class ViewChecker {
 public:
  ViewChecker(const World& world, Judge& judge, Coverage& coverage, Plant plant)
      : world_(world), judge_(judge), coverage_(coverage), plant_(plant) {}

  void on_boot(std::uint32_t node);
  void on_event(std::uint32_t node, std::uint32_t boot, const stack::ClientEvent& event, Instant now);
  /// Q1, after every step in which quorum may have changed.
  void after_step(Instant now);
  /// Q2, now and then: who is quorate could reach a quorum a short while ago. Also what memory may hold.
  void look(Instant now);
  /// From here on `n` regular configurations for each node at most, for nothing happens any more.
  void expect_calm(unsigned n) { calm_left_.clear(), calm_ = n; }
  void allow_any_number() { calm_.reset(); }

  /// Two halves may both be quorate: that is what two_node means.
  bool two_node = false;
  /// Expected votes may fall to this: the least that an operator or the rules allow.
  std::uint32_t least_expected = 0;
  /// Nobody may be quorate before a ring of all was complete once.
  bool wait_for_all = false;
  /// How long quorum may outlive the votes for it.
  Duration stale_bound = 4s;
  [[nodiscard]] std::size_t configurations() const { return configurations_; }
  [[nodiscard]] Duration longest_stale() const { return longest_stale_; }

 private:
  struct Node {
    std::uint32_t boot = 0;
    std::optional<RingId> ring;
    std::vector<NodeId> members;
    bool in_transitional = false;
    std::vector<NodeId> transitional;
    std::uint64_t last_seq = 0;
    QuorumView quorum;
    std::optional<Instant> stale_since;
  };
  void on_configuration(std::uint32_t node, Configuration configuration, Instant now);
  void on_regular(std::uint32_t id, Node& node, const Configuration& configuration, Instant now);
  void on_quorum(std::uint32_t node, QuorumView view, Instant now);
  void check_votes(std::uint32_t node, const QuorumView& view, Instant now);
  [[nodiscard]] std::uint32_t votes_in_reach(std::uint32_t node) const;
  void check_memory(std::uint32_t node, const stack::Status& status, Instant now);

  const World& world_;
  Judge& judge_;
  Coverage& coverage_;
  Plant plant_;
  std::map<std::uint32_t, Node> nodes_;
  std::map<RingId, std::vector<NodeId>> rings_;
  std::set<std::pair<RingId, std::uint32_t>> installed_;
  std::map<std::pair<RingId, RingId>, std::vector<NodeId>> passages_;  ///< who came along from one ring to the next
  std::map<std::pair<std::uint32_t, RingId>, int> quorum_told_;
  std::map<RingId, std::tuple<bool, std::uint32_t, std::uint32_t>> quorum_of_ring_;
  bool quorum_changed_ = false, was_complete_ = false;
  std::optional<unsigned> calm_;
  std::map<std::uint32_t, unsigned> calm_left_;
  Duration longest_stale_{};
  std::size_t configurations_ = 0;
};

/// Both, and what the coverage table wants to know.
class Checker : public Observer {
 public:
  Checker(const World& world, Coverage& coverage, Plant plant)
      : groups(world, judge_, plant), views(world, judge_, coverage, plant), coverage_(coverage) {}

  void on_event(std::uint32_t node, std::uint32_t boot, const stack::ClientEvent& event, Instant now) override;
  void after_step(std::uint32_t node) override;
  void on_boot(std::uint32_t node, Instant) override { views.on_boot(node); }
  void on_end(std::uint32_t, const stack::Status& status) override { coverage_.add_counters(status.counters); }
  void on_note(std::uint32_t, const Note& note) override { coverage_.note(note.text); }
  [[nodiscard]] const std::optional<std::string>& broken() const { return judge_.verdict(); }
  void on_key_answer(std::uint32_t, bool done) override { coverage_.hit(done ? "keys: a rotation was done" : "keys: a rotation failed"); }
  void on_reload(std::uint32_t, std::string_view how) override { coverage_.hit(fmt::format("change: {}", how)); }
  Judge& judge() { return judge_; }
  /// A client's request that was not taken: how the story hears of it.
  std::function<void(std::uint32_t node, stack::ClientId client, std::uint64_t tag)> on_rejected;

 private:
  Judge judge_;

 public:
  GroupChecker groups;
  ViewChecker views;

 private:
  Coverage& coverage_;
  Instant now_{};
};

}  // namespace relevo::sim
