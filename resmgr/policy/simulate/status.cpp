// The cluster's status as text, see simulate.hpp.
#include "resmgr/policy/simulate/simulate.hpp"

#include "resmgr/policy/simulate/status_parts.hpp"
#include "resmgr/policy/unpack/unpack.hpp"

namespace relevo::policy {

namespace {

void put_top(StatusText& out, const Resource& rsc) {
  if ((rsc.removed && !is_active(rsc, true)) || is_out_of_sight(rsc)) return;
  put_resource(out, rsc, 2);
}

}  // namespace

std::vector<ReportLine> node_lines(const WorkingSet& set) {
  StatusText out{set};
  put_nodes(out);
  return std::move(out.lines);
}

std::vector<ReportLine> resource_lines(const WorkingSet& set, const Resource& rsc, bool show_inactive) {
  StatusText out{.set = set, .show_inactive = show_inactive};
  if (show_inactive || is_active(rsc, false)) put_top(out, rsc);
  return std::move(out.lines);
}

std::vector<ReportLine> status_lines(WorkingSet& set, bool show_pending) {
  StatusText out{set, show_pending};
  put_nodes(out);
  if (!out.lines.empty()) out.lines.push_back({ReportLine::Kind::blank, 0});
  out.heading(1, "Full List of Resources");
  const auto before = out.lines.size();
  for (const auto* rsc : set.resources) put_top(out, *rsc);
  if (out.lines.size() == before) out.entry(2, "No resources");
  return std::move(out.lines);
}

std::vector<std::string> status_text(WorkingSet& set, bool show_pending) {
  std::vector<std::string> text;
  for (const auto& line : status_lines(set, show_pending)) text.push_back(render(line, true).value_or(""));
  return text;
}

}  // namespace relevo::policy
