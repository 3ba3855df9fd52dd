// Scores of one resource by node, flat, with the way each came about. Copies are cheap enough to try something and undo it.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "resmgr/policy/set/types.hpp"

namespace relevo::policy {

struct Node;

/// One contribution to a score. Contributions of one score are a chain from the last back to the first.
struct Contribution {
  std::uint32_t before = 0;  ///< place in the ledger of the one before, 0 = none
  Score delta;               ///< added; or, when `sets`, the new value
  bool sets = false;
  Cause cause = Cause::allowed;
  std::string_view subject{};  ///< points into the document or the working set's text
};

/// All contributions of one plan. Entry 0 is never used; the next ones are where most sums begin, the same for all of them.
class Ledger {
 public:
  static constexpr std::uint32_t allowed = 1;    ///< 0, because something speaks of the node
  static constexpr std::uint32_t symmetric = 2;  ///< 0, because every node is allowed

  [[nodiscard]] std::uint32_t add(Contribution contribution) {
    entries_.push_back(contribution);
    return static_cast<std::uint32_t>(entries_.size() - 1);
  }
  [[nodiscard]] const Contribution& at(std::uint32_t place) const { return entries_[place]; }

 private:
  std::vector<Contribution> entries_{{}, {0, Score(0), true, Cause::allowed}, {0, Score(0), true, Cause::symmetric}};
};

/// What a resource has to do with one node.
struct NodeEntry {
  Score score;
  Discovery discovery = Discovery::always;
  bool allowed = false;         ///< in the table at all
  int count = 0;                ///< instances of a clone placed there in the round at hand
  std::uint32_t because = 0;    ///< last contribution
};

/// Indexed by Node::index; nodes beyond the end are not allowed.
class NodeTable {
 public:
  [[nodiscard]] NodeEntry* find(const Node& node);
  [[nodiscard]] const NodeEntry* find(const Node& node) const;
  /// Makes the node allowed (score 0, the sum begins at Ledger::allowed) if it was not.
  NodeEntry& allow(const Node& node);
  void disallow(const Node& node);
  [[nodiscard]] bool empty() const;  ///< no node is allowed
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  std::vector<NodeEntry> entries_;
};

}  // namespace relevo::policy
