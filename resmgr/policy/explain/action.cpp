// Explanations of actions: why they are planned, what they wait for. See explain.hpp.
#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/base/text.hpp"
#include "resmgr/policy/explain/explain.hpp"

namespace relevo::policy {
namespace {

using nlohmann::json;

bool has_key(const Action& action, std::string_view key) { return action.key == key || action.key == std::string(key) + "_0"; }

std::string state_text(const Action& action) {
  if (!action.dumped) return action.optional ? "not needed" : "required, but not carried out";
  if (action.pseudo) return "in the plan, a point in time";
  return action.runnable ? "in the plan" : "in the plan, but cannot run";
}

struct Tie {
  const Action* action;
  std::string_view constraint;
};

/// What comes before it in the graph, in the order of ids.
std::vector<Tie> waits_for(const Action& action, const OrderingIds& ids) {
  std::vector<Tie> out;
  for (const Dependency& input : action.before) {
    if (input.state == Link::dumped) out.push_back({input.action, ids.between(*input.action, action)});
  }
  return out;
}

std::vector<Tie> waited_for_by(const WorkingSet& set, const Action& action, const OrderingIds& ids) {
  std::vector<Tie> out;
  for (const Action* other : set.actions) {
    if (!other->dumped) continue;
    for (const Dependency& input : other->before) {
      if (input.action == &action && input.state == Link::dumped) out.push_back({other, ids.between(action, *other)});
    }
  }
  return out;
}

std::string link_text(const Tie& link) {
  const auto by = link.constraint.empty() ? std::string() : fmt::format(" (order constraint {})", link.constraint);
  return action_name(*link.action) + by;
}

json to_json(const std::vector<Tie>& links) {
  json out = json::array();
  for (const Tie& link : links) {
    json one{{"id", link.action->id}, {"key", link.action->key}, {"node", link.action->node == nullptr ? json(nullptr) : json(link.action->node->name)}};
    if (!link.constraint.empty()) one["constraint"] = link.constraint;
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace

Result<std::vector<const Action*>> find_planned(const WorkingSet& set, std::string_view key, std::string_view node) {
  std::vector<const Action*> out;
  std::vector<std::string> keys;
  for (const Action* action : set.actions) {
    keys.push_back(action->key);
    const bool there = node.empty() || (action->node != nullptr && action->node->name == node);
    if (there && has_key(*action, key)) out.push_back(action);
  }
  if (!out.empty()) return out;
  const auto where = node.empty() ? std::string() : fmt::format(" on {}", node);
  const auto near = did_you_mean(key, keys);
  const bool elsewhere = std::any_of(set.actions.begin(), set.actions.end(), [&](const Action* action) { return has_key(*action, key); });
  if (elsewhere) return fail(ErrorKind::not_found, "nothing is planned as '{}'{}, but elsewhere", key, where);
  return fail(ErrorKind::not_found, "nothing is planned as '{}'{}{}", key, where, near ? "; did you mean '" + *near + "'?" : "");
}

std::vector<std::string> explain_text(const WorkingSet& set, const std::vector<const Action*>& actions) {
  const OrderingIds ids(set);
  std::vector<std::string> lines;
  for (const Action* action : actions) {
    if (!lines.empty()) lines.emplace_back();
    lines.push_back(fmt::format("{}: {}", action_name(*action), state_text(*action)));
    for (const ActionReason& reason : reasons_of(*action, ids)) lines.push_back(fmt::format("  {}: {}", name(reason.cause), reason.text));
    for (const Tie& link : waits_for(*action, ids)) lines.push_back("  waits for: " + link_text(link));
    for (const Tie& link : waited_for_by(set, *action, ids)) lines.push_back("  before: " + link_text(link));
  }
  return lines;
}

json explain_json(const WorkingSet& set, const std::vector<const Action*>& actions) {
  const OrderingIds ids(set);
  json out = json::array();
  for (const Action* action : actions) {
    json reasons = json::array();
    for (const ActionReason& reason : reasons_of(*action, ids)) {
      reasons.push_back({{"cause", name(reason.cause)}, {"text", reason.text}, {"constraint", reason.constraint}});
    }
    out.push_back({{"id", action->id},
                   {"key", action->key},
                   {"node", action->node == nullptr ? json(nullptr) : json(action->node->name)},
                   {"state", state_text(*action)},
                   {"reasons", std::move(reasons)},
                   {"waits_for", to_json(waits_for(*action, ids))},
                   {"before", to_json(waited_for_by(set, *action, ids))}});
  }
  return out;
}

}  // namespace relevo::policy
