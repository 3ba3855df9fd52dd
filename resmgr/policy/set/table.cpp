// Scores by node; see table.hpp.
#include "resmgr/policy/set/table.hpp"

#include <algorithm>

#include "resmgr/policy/set/node.hpp"

namespace relevo::policy {

NodeEntry* NodeTable::find(const Node& node) {
  if (node.index >= entries_.size() || !entries_[node.index].allowed) return nullptr;
  return &entries_[node.index];
}

const NodeEntry* NodeTable::find(const Node& node) const { return const_cast<NodeTable*>(this)->find(node); }

NodeEntry& NodeTable::allow(const Node& node) {
  if (node.index >= entries_.size()) entries_.resize(node.index + 1);
  auto& entry = entries_[node.index];
  if (!entry.allowed) {
    entry = NodeEntry{};
    entry.allowed = true;
    entry.discovery = node.discovery;
    entry.because = Ledger::allowed;
  }
  return entry;
}

void NodeTable::disallow(const Node& node) {
  if (auto* entry = find(node)) *entry = NodeEntry{};
}

bool NodeTable::empty() const {
  return std::none_of(entries_.begin(), entries_.end(), [](const NodeEntry& entry) { return entry.allowed; });
}

}  // namespace relevo::policy
