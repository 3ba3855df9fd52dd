// Timing; see profile.hpp.
#include "cli/simulate/profile.hpp"

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <vector>

#include <fmt/format.h>

#include "cli/simulate/files.hpp"
#include "resmgr/policy/engine.hpp"
#include "resmgr/policy/graph/graph.hpp"

namespace relevo::cli::simulate {
namespace {

Result<std::vector<std::string>> cibs_in(const std::string& folder) {
  std::error_code failed;
  std::vector<std::string> found;
  for (std::filesystem::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
    const auto path = at->path().string();
    if (path.ends_with(".xml") || path.ends_with(".xml.bz2")) found.push_back(path);
  }
  if (failed) return fail(ErrorKind::not_found, "{}: {}", folder, failed.message());
  std::sort(found.begin(), found.end());
  return found;
}

/// From the document in memory to the graph, as the cluster's leader plans, and everything given back.
Status plan_once(pugi::xml_node cib, WallTime at) {
  policy::WorkingSet set(cib, at);
  set.keep_reasons = false;
  policy::AssignmentLog log;
  log.wanted = false;
  if (auto planned = policy::schedule(set, log); !planned) return pass(planned.error());
  (void)policy::graph_text(set, 0);
  return {};
}

Result<double> seconds_for(const std::string& path, int repeat) {
  Options options;
  options.source = Options::Source::file;
  options.xml_file = path;
  auto cib = read_cib(options, {});
  if (!cib) return pass(cib.error());
  const auto recorded = (*cib)->child("cib").attribute("execution-date").as_llong(0);
  const WallTime at{recorded > 0 ? recorded : std::time(nullptr)};
  const auto begin = std::clock();
  for (int i = 0; i < repeat; ++i) {
    if (auto planned = plan_once((*cib)->child("cib"), at); !planned) return pass(planned.error());
  }
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

}  // namespace

Result<std::string> profile(const std::string& folder, int repeat) {
  const auto files = cibs_in(folder);
  if (!files) return pass(files.error());
  std::string out = "Timings:\n";
  for (const auto& path : *files) {
    const auto spent = seconds_for(path, repeat);
    if (!spent) return pass(spent.error());
    out += fmt::format("  * Testing {} ... {:.2f} secs\n", path, *spent);
  }
  return out;
}

}  // namespace relevo::cli::simulate
