// Text and JSON of a plan. See render.hpp.
#include "resmgr/scheduler/render.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "common/base/text.hpp"

namespace relevo::scheduler {
namespace {

const Placement* placement_of(const Plan& plan, std::string_view resource) {
  for (const Placement& each : plan.placements)
    if (each.resource == resource) return &each;
  return nullptr;
}

/// `nodo1`, or `nodo1 -> nodo2`.
std::string where(const Placement& p) {
  if (!p.from.empty() && !p.to.empty() && p.from != p.to) return p.from + " -> " + p.to;
  return p.verdict == "Start" ? p.to : p.from;
}

/// What changes; a resource that stops on several nodes has a line for each.
std::vector<Placement> shown_placements(const Plan& plan) {
  std::vector<Placement> shown;
  for (const Placement& p : plan.placements) {
    if (p.verdict == "Leave") continue;
    const bool starts = std::any_of(plan.actions.begin(), plan.actions.end(), [&](const Action& action) {
      return action.resource == p.resource && action.task == "start";
    });
    if (p.verdict != "Stop" || starts) {
      shown.push_back(p);
      continue;
    }
    for (const Action& action : plan.actions) {
      if (action.resource != p.resource || action.task != "stop") continue;
      shown.push_back(p);
      shown.back().from = action.node;
    }
  }
  return shown;
}

std::string operation_key(const Action& action) {
  const auto meta = action.meta.find("operation");
  const std::string& task = meta == action.meta.end() ? action.task : meta->second;
  return fmt::format("{}_{}_{}", action.resource, task, action.interval.count());
}

tl::unexpected<Error> unknown(const Plan& plan, std::string_view resource) {
  std::vector<std::string> names;
  for (const Placement& each : plan.placements) names.push_back(each.resource);
  const auto near = did_you_mean(resource, names);
  return fail(ErrorKind::not_found, "there is no resource '{}'{}", resource,
              near ? "; did you mean '" + *near + "'?" : "");
}

/// The entries of one resource, best node first.
std::vector<const ScoreEntry*> ranked(const Plan& plan, std::string_view resource) {
  std::vector<const ScoreEntry*> entries;
  for (const ScoreEntry& each : plan.scores)
    if (each.resource == resource) entries.push_back(&each);
  std::stable_sort(entries.begin(), entries.end(), [](const auto* a, const auto* b) { return a->score > b->score; });
  return entries;
}

std::string verdict_text(const Placement& p) {
  std::string text = p.verdict;
  if (p.verdict == "Leave")
    text = p.from.empty() ? "it stays stopped" : "it stays on " + p.from;
  else if (p.verdict == "Start")
    text = "it starts on " + p.to;
  else if (p.verdict == "Stop")
    text = "it stops on " + p.from;
  else if (p.verdict == "Move")
    text = fmt::format("it moves from {} to {}", p.from, p.to);
  else if (p.verdict == "Recover")
    text = "it is recovered on " + p.to;
  else if (p.verdict == "Restart")
    text = "it is restarted on " + p.to;
  if (p.blocked && p.verdict != "Leave") text += ", as soon as that is possible";
  return p.reason.empty() ? text : text + ": " + p.reason;
}

}  // namespace

std::vector<std::string> summary_lines(const Plan& plan) {
  std::vector<std::string> lines;
  for (const Action& action : plan.actions)
    if (action.kind == ActionKind::shutdown) lines.push_back("  * Shutdown " + action.node);
  std::size_t name_width = 0, where_width = 0;
  const std::vector<Placement> shown = shown_placements(plan);
  for (const Placement& p : shown) {
    name_width = std::max(name_width, p.resource.size());
    where_width = std::max(where_width, where(p).size());
  }
  for (const Placement& p : shown) {
    std::string line =
        fmt::format("  * {:<9}  {:<{}} ( {:>{}} )", p.verdict, p.resource, name_width, where(p), where_width);
    const bool tells_why = p.verdict != "Start" && p.verdict != "Move" && p.verdict != "Recover";
    if (tells_why && !p.reason.empty()) line += "  due to " + p.reason;
    if (p.blocked) line += p.verdict == "Start" ? fmt::format("  due to {} (blocked)", p.reason) : " (blocked)";
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<std::string> action_lines(const Plan& plan) {
  std::vector<std::string> lines;
  for (const Action& action : plan.actions) {
    const std::string what = action.resource.empty() ? action.task : operation_key(action);
    const char* kind = action.kind == ActionKind::cancel ? "cancel " : "";
    std::string line = fmt::format("{} {}{} on {}", action.id, kind, what, action.node);
    if (action.expected_rc != 0) line += fmt::format(" expects {}", action.expected_rc);
    if (!action.runnable) line += " cannot be done";
    if (!action.after.empty()) {
      std::vector<std::string> ids;
      for (const ActionId id : action.after) ids.push_back(std::to_string(id));
      line += " after " + join(ids, ",");
    }
    lines.push_back(action.reason.empty() ? line : line + ": " + action.reason);
  }
  return lines;
}

Result<std::vector<std::string>> explain(const model::ClusterState& state, const Plan& plan,
                                         std::string_view resource) {
  const Placement* p = placement_of(plan, resource);
  if (!p) return unknown(plan, resource);
  std::vector<std::string> lines{fmt::format("{}: {}", resource, verdict_text(*p))};
  for (const ScoreEntry* entry : ranked(plan, resource)) {
    const model::Node* node = state.node(entry->node);
    const char* mark = node && !node->available() ? " (not available)" : "";
    if (entry->node == p->to) mark = p->verdict == "Leave" ? " <- it stays here" : " <- chosen";
    lines.push_back(fmt::format("  {}: {}{}", entry->node, model::to_string(entry->score), mark));
    for (const Because& why : entry->because)
      lines.push_back(fmt::format("    {:>9}  {}: {}", model::to_string(why.score), why.rule, why.text));
    if (entry->because.empty()) lines.push_back(fmt::format("    {:>9}  default: nothing speaks for or against it", 0));
  }
  for (const Action& action : plan.actions)
    if (action.resource == resource && !action.runnable)
      lines.push_back(fmt::format("  cannot {} on {}: {}", action.task, action.node, action.reason));
  return lines;
}

Result<nlohmann::json> explain_json(const model::ClusterState& state, const Plan& plan, std::string_view resource) {
  const Placement* p = placement_of(plan, resource);
  if (!p) return unknown(plan, resource);
  nlohmann::json nodes = nlohmann::json::array();
  for (const ScoreEntry* entry : ranked(plan, resource)) {
    nlohmann::json reasons = nlohmann::json::array();
    for (const Because& why : entry->because)
      reasons.push_back(
          {{"rule", why.rule}, {"subject", why.subject}, {"score", model::to_string(why.score)}, {"text", why.text}});
    const model::Node* node = state.node(entry->node);
    nodes.push_back({{"node", entry->node},
                     {"score", model::to_string(entry->score)},
                     {"available", node && node->available()},
                     {"chosen", entry->node == p->to},
                     {"because", reasons}});
  }
  return nlohmann::json{{"resource", p->resource}, {"verdict", p->verdict}, {"from", p->from}, {"to", p->to},
                        {"blocked", p->blocked},   {"reason", p->reason},   {"nodes", nodes}};
}

}  // namespace relevo::scheduler
