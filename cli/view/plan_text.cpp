// Comparing plans; see plan_text.hpp.
#include "cli/view/plan_text.hpp"

#include <iterator>
#include <map>

#include <fmt/format.h>

#include "resmgr/scheduler/scheduler.hpp"

namespace relevo::cli::view {
namespace {

/// `start`, `migrate`: within a sentence.
std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

std::string line(const scheduler::Placement& p) {
  const auto why = p.reason.empty() ? std::string{} : fmt::format("  ({})", p.reason);
  if (p.verdict == "Start") return fmt::format("  + start {} on {}{}\n", p.resource, p.to, why);
  if (p.verdict == "Stop") return fmt::format("  - stop {} on {}{}\n", p.resource, p.from, why);
  if (!p.from.empty() && !p.to.empty() && p.from != p.to)
    return fmt::format("  ~ {} {} from {} to {}{}\n", lower(p.verdict), p.resource, p.from, p.to, why);
  return fmt::format("  ~ {} {} on {}{}\n", lower(p.verdict), p.resource, p.to.empty() ? p.from : p.to, why);
}

}  // namespace

Result<std::string> plan_difference(const cib::Document& before, const cib::Document& after, WallTime now) {
  auto old_plan = scheduler::plan(before, now);
  auto new_plan = scheduler::plan(after, now);
  if (!old_plan) return pass(old_plan.error());
  if (!new_plan) return pass(new_plan.error());
  std::map<std::string, scheduler::Placement> old_places;
  for (const auto& p : old_plan->placements) old_places[p.resource] = p;
  std::string out;
  for (const auto& p : new_plan->placements) {
    const auto old = old_places.find(p.resource);
    const bool same = old != old_places.end() && old->second.verdict == p.verdict && old->second.to == p.to && old->second.details == p.details;
    if (!same && p.verdict != "Leave") out += line(p);
  }
  if (out.empty()) return std::string("This change would start, stop or move nothing. Nothing was changed.\n");
  return "This change would:\n" + out + "Nothing was changed.\n";
}

}  // namespace relevo::cli::view
