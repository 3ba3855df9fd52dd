// One node's share of a cluster-wide change of the configuration: asked, checked by every member, and put in force at
// one place of the total order, or nowhere. It reads no file and applies nothing: it says when.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "common/base/note.hpp"
#include "common/base/time.hpp"
#include "membership/reload/messages.hpp"
#include "membership/reload/settle.hpp"

namespace relevo::reload {

/// Time for all members to look at a proposal; then the asker gives up.
constexpr Duration check_timeout = 8s;

/// Look whether this node could run by `text`; answer with Agreement::checked.
struct Check {
  Id id;
  InForce target;
  std::string text;
  bool operator==(const Check&) const = default;
};
/// All said yes: run by `text` from here on. It was checked under the same id before.
struct Commit {
  Id id;
  InForce target;
  std::string text;
  bool operator==(const Commit&) const = default;
};
/// Nothing was changed anywhere that this node knows of, and why. What was prepared for `id` is not needed any more.
struct Aborted {
  Id id;
  std::string words;
  bool operator==(const Aborted&) const = default;
};
/// The ring runs by a newer one than this node. Check it and run by it; answer with Agreement::taken_over.
struct TakeOver {
  InForce target;
  std::string text;
  NodeId from;
  bool operator==(const TakeOver&) const = default;
};
/// This node cannot stay in a ring with the others.
struct Clash {
  std::string words;
  bool operator==(const Clash&) const = default;
};
using Event = std::variant<Check, Commit, Aborted, TakeOver, Clash>;

struct Output {
  std::vector<Message> sends;  ///< for all members, in this order, safe
  std::vector<Event> events;   ///< for the shell, in this order
  Notes notes;
};

/// For tools.
struct View {
  InForce in_force;
  std::optional<Id> under_way;
  std::set<NodeId> waiting_for;  ///< members whose vote is still out
  std::string last;              ///< how the last change ended, in words; empty = there was none
  std::string clash;             ///< why this node had to leave; empty = it had not
};

/// Inputs are deliveries and configurations in the order of the ring, and the shell's answers in between.
class Agreement {
 public:
  /// `text` is what the node runs by now.
  Agreement(NodeId self, InForce in_force, std::string text);

  /// This node's operator wants `text`. Errors: one is under way already, it is not newer than what is in force, it is
  /// too long to travel, there is no ring.
  [[nodiscard]] Status propose(std::uint64_t number, InForce target, std::string text, Instant now, Output& out);
  /// The answer to Check; empty `words` mean yes. Answers to what is over are ignored.
  [[nodiscard]] Output checked(const Id& id, const std::string& words);
  /// The answer to TakeOver; empty `words` mean done.
  [[nodiscard]] Output taken_over(const InForce& target, const std::string& words);

  [[nodiscard]] Output on_transitional();
  [[nodiscard]] Output on_regular(const std::vector<NodeId>& members);
  /// The ring is complete: what every member runs by.
  [[nodiscard]] Output on_synced(const std::map<NodeId, Standpoint>& members);
  [[nodiscard]] Output on_delivered(NodeId from, const Message& message);

  [[nodiscard]] Output tick(Instant now);
  [[nodiscard]] std::optional<Instant> next_deadline() const;

  [[nodiscard]] const InForce& in_force() const { return in_force_; }
  /// The file in force, as it travels.
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] View view() const;

 private:
  struct UnderWay {
    Prepare proposal;
    std::set<NodeId> waiting_for;
  };

  void on(NodeId from, const Prepare& m, Output& out);
  void on(NodeId from, const Vote& m, Output& out);
  void on(NodeId from, const Abort& m, Output& out);
  void on(NodeId from, const Adopt& m, Output& out);
  void take_over(TakeOver newer, Output& out);
  void end(const Id& id, std::string words, Output& out);
  void commit(Output& out);
  [[nodiscard]] std::string why_not(const Prepare& proposal) const;

  NodeId self_;
  InForce in_force_;
  std::string text_;
  std::set<NodeId> members_;
  bool transitional_ = true;  ///< between the end of a ring and the next one
  std::optional<UnderWay> under_way_;
  std::optional<Id> asked_;         ///< by this node, and not answered yet
  std::set<Id> withdrawn_;          ///< asked by this node, given up before it was delivered
  std::optional<Instant> give_up_;  ///< of what this node asked
  std::optional<TakeOver> taking_over_;  ///< what the shell looks at now
  std::optional<TakeOver> newer_;        ///< came meanwhile, and comes next
  std::string last_, clash_;
};

}  // namespace relevo::reload
