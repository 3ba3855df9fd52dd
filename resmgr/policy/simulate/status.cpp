// The cluster's status as text, see simulate.hpp.
#include "resmgr/policy/simulate/simulate.hpp"

#include "resmgr/policy/simulate/status_parts.hpp"
#include "resmgr/policy/unpack/unpack.hpp"

namespace relevo::policy {

std::vector<ReportLine> status_lines(WorkingSet& set, bool show_pending) {
  StatusText out{set, show_pending};
  put_nodes(out);
  if (!out.lines.empty()) out.lines.push_back({ReportLine::Kind::blank, 0});
  out.heading(1, "Full List of Resources");
  const auto before = out.lines.size();
  for (const auto* rsc : set.resources) {
    if ((rsc->removed && !is_active(*rsc, true)) || is_out_of_sight(*rsc)) continue;
    put_resource(out, *rsc, 2);
  }
  if (out.lines.size() == before) out.entry(2, "No resources");
  return std::move(out.lines);
}

std::vector<std::string> status_text(WorkingSet& set, bool show_pending) {
  std::vector<std::string> text;
  for (const auto& line : status_lines(set, show_pending)) text.push_back(render(line, true).value_or(""));
  return text;
}

}  // namespace relevo::policy
