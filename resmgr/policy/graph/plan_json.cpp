// The plan as JSON, see plan_json.hpp.
#include "resmgr/policy/graph/plan_json.hpp"

#include <algorithm>
#include <unordered_map>

#include <nlohmann/json.hpp>

#include "resmgr/policy/graph/graph.hpp"
#include "resmgr/policy/graph/reasons.hpp"

namespace relevo::policy {
namespace {

using nlohmann::json;

std::string_view name_of(Variant variant) {
  switch (variant) {
    case Variant::primitive:
      return "primitive";
    case Variant::group:
      return "group";
    case Variant::clone:
      return "clone";
    case Variant::bundle:
      return "bundle";
  }
  return "";
}

std::string_view name_of(Notice::Level level) {
  switch (level) {
    case Notice::Level::error:
      return "error";
    case Notice::Level::warning:
      return "warning";
    case Notice::Level::notice:
      return "notice";
    case Notice::Level::info:
      return "info";
  }
  return "";
}

json or_null(const Node* node) { return node == nullptr ? json(nullptr) : json(node->name); }
json or_null(const Resource* rsc) { return rsc == nullptr ? json(nullptr) : json(rsc->id); }

/// From the first contribution to the last.
json contributions(const Ledger& ledger, std::uint32_t last) {
  json out = json::array();
  for (std::uint32_t at = last; at != 0; at = ledger.at(at).before) {
    const Contribution& c = ledger.at(at);
    out.push_back(
        {{"cause", name(c.cause)}, {"subject", c.subject}, {"score", model::to_string(c.delta)}, {"sets", c.sets}});
  }
  std::reverse(out.begin(), out.end());
  return out;
}

/// The lines of the transition summary by resource: one may have several when it stops on several nodes.
using Verdicts = std::unordered_map<std::string, json>;

Verdicts verdicts_of(const std::vector<SummaryLine>& lines) {
  Verdicts out;
  for (const SummaryLine& line : lines) {
    if (line.verb == "Fence" || line.verb == "Shutdown") continue;
    out[line.rsc].push_back(
        {{"verdict", line.verb}, {"details", line.details}, {"reason", line.reason}, {"blocked", line.blocked}});
  }
  return out;
}

json placement(const WorkingSet& set, const Resource& rsc, const Verdicts& verdicts) {
  json nodes = json::array();
  for (const Node* node : rsc.running_on) nodes.push_back(node->name);
  const auto verdict = verdicts.find(rsc.id);
  return {{"resource", rsc.id},
          {"variant", name_of(rsc.variant)},
          {"parent", or_null(rsc.parent)},
          {"role", name(rsc.role)},
          {"next_role", name(rsc.next_role)},
          {"next_role_reason", rsc.next_role_reason},
          {"active_on", std::move(nodes)},
          {"assigned_to", or_null(rsc.assigned_to)},
          {"managed", rsc.managed},
          {"failed", rsc.failed},
          {"changes", verdict == verdicts.end() ? json::array() : verdict->second},
          {"scores", scores_json(set, rsc)}};
}

json node_json(const Node& node) {
  return {{"node", node.name},
          {"id", node.id},
          {"remote", node.is_remote()},
          {"online", node.online},
          {"unclean", node.unclean},
          {"standby", node.standby},
          {"pending", node.pending},
          {"shutdown", node.shutdown},
          {"maintenance", node.maintenance},
          {"resources", node.assigned}};
}

json reasons_json(const Action& action, const OrderingIds& ids) {
  json out = json::array();
  for (const ActionReason& reason : reasons_of(action, ids)) {
    json one{{"cause", name(reason.cause)}, {"text", reason.text}};
    if (reason.from != nullptr) one["action"] = reason.from->id;
    if (!reason.constraint.empty()) one["constraint"] = reason.constraint;
    out.push_back(std::move(one));
  }
  return out;
}

json action_json(const Action& action, const OrderingIds& ids) {
  json waits = json::array();
  for (const Dependency& input : action.before) {
    if (input.state == Link::dumped) waits.push_back(input.action->id);
  }
  return {{"id", action.id},
          {"key", action.key},
          {"task", action.task},
          {"resource", or_null(action.rsc)},
          {"node", or_null(action.node)},
          {"optional", action.optional},
          {"runnable", action.runnable},
          {"pseudo", action.pseudo},
          {"carried_out", action.dumped},
          {"reason", action.reason},
          {"why_not", action.why_not},
          {"reasons", reasons_json(action, ids)},
          {"waits_for", std::move(waits)}};
}

}  // namespace

json scores_json(const WorkingSet& set, const Resource& rsc) {
  struct Row {
    const Node* node;
    const NodeEntry* entry;
  };
  std::vector<Row> rows;
  for (const Node* node : set.nodes) {
    if (const NodeEntry* entry = rsc.allowed.find(*node); entry != nullptr) rows.push_back({node, entry});
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row& a, const Row& b) { return a.entry->score > b.entry->score; });
  json out = json::array();
  for (const Row& row : rows) {
    out.push_back({{"node", row.node->name},
                   {"score", model::to_string(row.entry->score)},
                   {"usable", is_available(*row.node)},
                   {"because", contributions(set.ledger, row.entry->because)}});
  }
  return out;
}

json score_lines_json(const WorkingSet& set, const AssignmentLog& log) {
  json out = json::array();
  for (const ScoreLine& line : log.scores) {
    out.push_back({{"step", line.function},
                   {"resource", line.rsc->id},
                   {"node", line.node},
                   {"score", model::to_string(line.score)},
                   {"because", contributions(set.ledger, line.because)}});
  }
  return out;
}

json plan_json(WorkingSet& set) {
  const Verdicts verdicts = verdicts_of(summary(set));
  json placements = json::array();
  for (const Resource& rsc : set.all_resources) placements.push_back(placement(set, rsc, verdicts));
  json nodes = json::array();
  for (const Node* node : set.nodes) nodes.push_back(node_json(*node));
  json actions = json::array();
  const OrderingIds ids(set);
  for (const Action* action : set.actions) actions.push_back(action_json(*action, ids));
  json notices = json::array();
  for (const Notice& notice : set.notices) notices.push_back({{"level", name_of(notice.level)}, {"text", notice.text}});
  return {{"placements", std::move(placements)},
          {"nodes", std::move(nodes)},
          {"actions", std::move(actions)},
          {"notices", std::move(notices)},
          {"recheck_by", set.recheck_by ? json(set.recheck_by->seconds) : json(nullptr)}};
}

}  // namespace relevo::policy
