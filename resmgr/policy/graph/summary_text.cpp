// The transition summary's lines as crm_simulate prints them: columns as wide as what stands in them.
#include <algorithm>

#include <fmt/format.h>

#include "resmgr/policy/graph/graph.hpp"

namespace relevo::policy {
namespace {

bool is_of_node(const SummaryLine& line) { return line.verb == "Fence" || line.verb == "Shutdown"; }

struct Widths {
  std::size_t rsc = 5, details = 5;
};

/// A name that does not fit makes the column wider by two more than it needs, so that the next somewhat longer one
/// fits.
Widths widths_of(const std::vector<SummaryLine>& lines) {
  Widths widths;
  for (const SummaryLine& line : lines) {
    if (is_of_node(line)) continue;
    if (line.rsc.size() > widths.rsc) widths.rsc = line.rsc.size() + 2;
    widths.details = std::max(widths.details, line.details.size());
  }
  return widths;
}

std::string node_line(const SummaryLine& line) {
  const std::string verb = line.details.empty() ? line.verb : fmt::format("{} ({})", line.verb, line.details);
  return fmt::format("  * {} {} '{}'", verb, line.rsc, line.reason);
}

std::string why(const SummaryLine& line) {
  if (line.reason.empty()) return line.blocked ? "  blocked" : "";
  return fmt::format("  due to {}{}", line.reason, line.blocked ? " (blocked)" : "");
}

}  // namespace

std::vector<std::string> summary_text(const std::vector<SummaryLine>& lines) {
  const Widths widths = widths_of(lines);
  std::vector<std::string> out;
  for (const SummaryLine& line : lines) {
    if (!is_of_node(line)) {
      out.push_back(fmt::format("  * {:<8}   {:<{}}   ( {:>{}} ){}", line.verb, line.rsc, widths.rsc, line.details,
                                widths.details, why(line)));
    } else if (!line.reason.empty()) {
      out.push_back(node_line(line));
    }
  }
  return out;
}

}  // namespace relevo::policy
