// See support.hpp.
#include "tests/scheduler/support.hpp"

#include <fmt/core.h>

#include <fstream>
#include <sstream>

#include "common/base/text.hpp"

namespace relevo::test {
namespace {

std::string placement_line(const scheduler::Placement& p) {
  return fmt::format("  * {} {} ( {} ){}{}\n", p.verdict, p.resource, p.details,
                     p.reason.empty() ? "" : "  due to " + p.reason, p.blocked ? " (blocked)" : "");
}

std::string operation_key(const scheduler::Action& action) {
  const auto meta = action.meta.find("operation");
  const std::string& task = meta == action.meta.end() ? action.task : meta->second;
  return fmt::format("{}_{}_{}", action.resource, task, action.interval.count());
}

std::string action_line(const scheduler::Action& action) {
  const std::string what = action.resource.empty() ? action.task : operation_key(action);
  const char* kind = action.kind == scheduler::ActionKind::cancel ? "cancel " : "";
  std::string line = fmt::format("{} {}{}{}{}", action.id, kind, what, action.node.empty() ? "" : " on ", action.node);
  if (action.expected_rc != 0) line += fmt::format(" expects {}", action.expected_rc);
  if (!action.runnable) line += " cannot be done";
  std::vector<std::string> ids;
  for (const auto id : action.after) ids.push_back(std::to_string(id));
  if (!ids.empty()) line += " after " + join(ids, ",");
  return action.reason.empty() ? line + "\n" : line + ": " + action.reason + "\n";
}

}  // namespace

std::string read_text(const std::string& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

void write_text(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

std::string plan_text(const scheduler::Plan& plan) {
  std::string text = "Warnings:\n";
  for (const auto& warning : plan.warnings) text += warning + "\n";
  text += "Summary:\n";
  for (const auto& placement : plan.placements)
    if (placement.verdict != "Leave") text += placement_line(placement);
  text += "Actions:\n";
  for (const auto& action : plan.actions) text += action_line(action);
  return text;
}

}  // namespace relevo::test
