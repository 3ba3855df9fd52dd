// `relevo explain`; see explain.hpp. The reasons are the policy engine's, told in its words.
#include "cli/explain/explain.hpp"

#include <nlohmann/json.hpp>

#include "cli/explain/source.hpp"
#include "cli/support/output.hpp"
#include "resmgr/policy/engine.hpp"
#include "resmgr/policy/explain/explain.hpp"
#include "resmgr/policy/graph/graph.hpp"

namespace relevo::cli::explain {
namespace {

struct Asked {
  std::string resource, node, action;
};

int print(bool as_json, const nlohmann::json& data, const std::vector<std::string>& lines) {
  if (as_json) print_json(data);
  if (as_json) return 0;
  for (const auto& line : lines) print_line(line);
  return 0;
}

int explain_action(const policy::WorkingSet& set, const Asked& asked, bool as_json) {
  const auto at = asked.action.find('@');
  const auto node = at == std::string::npos ? asked.node : asked.action.substr(at + 1);
  const auto found = policy::find_planned(set, asked.action.substr(0, at), node);
  if (!found) return print_error(found.error());
  return print(as_json, policy::explain_json(set, *found), policy::explain_text(set, *found));
}

int explain_resource(policy::WorkingSet& set, const Asked& asked, bool as_json) {
  const auto found = policy::explain(set, asked.resource, asked.node);
  if (!found) return print_error(found.error());
  return print(as_json, policy::explain_json(*found), policy::explain_text(set, *found));
}

}  // namespace

int explain(const std::vector<std::string>& args) {
  Asked asked;
  Source source;
  Options options("relevo explain RESOURCE [--node NODE] | --action KEY[@NODE]",
                  "Why a resource is where it is, or why an action is planned and what it waits for.");
  options.value("--node,-n", "NODE", "this node only, and what would have to change for it", asked.node)
      .value("--action,-a", "KEY[@NODE]", "an action, as in VIP_start_0@n1", asked.action)
      .words(0, 1);
  source.declare(options);
  std::vector<std::string> words;
  if (const auto ended = options.parse_or_end(args, words)) return *ended;
  if (words.empty() == asked.action.empty()) return print_usage_error("name a resource, or an action with --action");
  if (!words.empty()) asked.resource = words.front();
  const auto input = read_input(source);
  if (!input) return print_error(input.error());
  policy::WorkingSet set(input->cib->child("cib"), input->now);
  set.sanitized = !input->is_live;
  policy::AssignmentLog log;
  log.wanted = false;
  if (auto planned = policy::schedule(set, log); !planned) return print_error(planned.error());
  static_cast<void>(policy::make_graph(set, 0));
  return asked.action.empty() ? explain_resource(set, asked, source.json) : explain_action(set, asked, source.json);
}

}  // namespace relevo::cli::explain
