// Why a resource is where it is; see explain.hpp. The reasons are the scheduler's, told by its own words.
#include "cli/pcs/explain.hpp"

#include <ctime>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/pcs/lookup.hpp"
#include "cli/pcs/session.hpp"
#include "resmgr/cib/unpack.hpp"
#include "resmgr/scheduler/render.hpp"
#include "resmgr/scheduler/scheduler.hpp"

namespace relevo::cli::pcs {
namespace {

/// Keeps the scores of one node; everything else stays.
void keep_node(scheduler::Plan& plan, const std::string& node) {
  std::erase_if(plan.scores, [&](const scheduler::ScoreEntry& entry) { return entry.node != node; });
}

}  // namespace

Status explain_command(Arguments arguments) {
  const auto resource = arguments.take();
  if (resource.empty() || !arguments.empty())
    return fail(ErrorKind::invalid, "usage: explain RESOURCE [--node NODE] [--json] [-f CIB_FILE]");
  auto session = Session::open(arguments);
  if (!session) return pass(session.error());
  if (!arguments.node.empty())
    if (auto found = find_node(session->document(), arguments.node); !found) return pass(found.error());
  const WallTime now{std::time(nullptr)};
  auto state = cib::unpack(session->document(), now);
  if (!state) return pass(state.error());
  auto plan = scheduler::plan(*state, now);
  if (!plan) return pass(plan.error());
  if (!arguments.node.empty()) keep_node(*plan, arguments.node);
  if (arguments.json) {
    auto data = scheduler::explain_json(*state, *plan, resource);
    if (!data) return pass(data.error());
    fmt::print("{}\n", data->dump(2));
    return {};
  }
  auto lines = scheduler::explain(*state, *plan, resource);
  if (!lines) return pass(lines.error());
  for (const auto& line : *lines) fmt::print("{}\n", line);
  return {};
}

}  // namespace relevo::cli::pcs
