// Capacity of nodes as numbers, and the -U lines about it. What it means for scores is in utilization.cpp.
#include "resmgr/policy/assign/inside.hpp"

namespace relevo::policy {
namespace {

std::string pairs(const std::map<std::string, int, std::less<>>& values) {
  std::string text;
  for (const auto& [name, value] : values) text += " " + name + "=" + std::to_string(value);
  return text;
}

}  // namespace

void take_capacity(Node& node, const Resource& rsc) {
  for (const auto& [name, value] : rsc.utilization) {
    const auto at = node.capacity.find(name);
    if (at == node.capacity.end()) node.capacity.emplace(name, 0);
    else at->second -= value;
  }
}

void give_capacity(Node& node, const Resource& rsc) {
  for (const auto& [name, value] : rsc.utilization) node.capacity[name] += value;
}

int compare_capacity(const Node& a, const Node& b) {
  int result = 0;
  const auto count = [&](int in_a, int in_b) { result += in_a > in_b ? -1 : in_a < in_b ? 1 : 0; };
  for (const auto& [name, value] : a.capacity) {
    const auto other = b.capacity.find(name);
    count(value, other == b.capacity.end() ? 0 : other->second);
  }
  for (const auto& [name, value] : b.capacity) {
    if (!a.capacity.contains(name)) count(0, value);
  }
  return result;
}

void log_capacities(Assigner& to, std::string_view when) {
  if (!to.log.wanted) return;
  for (const Node* node : to.set.nodes) {
    to.log.utilization.push_back({std::string(when) + ": " + node->name + " capacity:" + pairs(node->capacity), to.log.scores.size()});
  }
}

void log_utilization(Assigner& to, const Resource& rsc, const Node& node) {
  if (!to.log.wanted) return;
  to.log.utilization.push_back({"pcmk__finalize_assignment: " + rsc.id + " utilization on " + node.name + ":" + pairs(rsc.utilization), to.log.scores.size()});
}

}  // namespace relevo::policy
