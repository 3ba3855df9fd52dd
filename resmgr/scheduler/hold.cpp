// Guard times, and what is not supported yet; see hold.hpp.
#include "resmgr/scheduler/hold.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "common/base/text.hpp"
#include "common/xml/tree.hpp"

namespace relevo::scheduler {
namespace {

pugi::xml_node state_of(const cib::Document& document, const std::string& node) {
  for (const auto& state : document.section("status").children("node_state"))
    if (xml::attribute_or(state, "uname") == node) return state;
  return {};
}

std::int64_t number(const pugi::xml_node& entry, const char* name) {
  return parse_int(xml::attribute_or(entry, name)).value_or(0);
}

/// The last single operation says that it is down: a stop that worked, or a probe that found nothing. Anything else, and
/// no word at all, leaves the doubt.
bool is_proven_down(const pugi::xml_node& state, const std::string& resource) {
  const auto entries = xml::child(state.child("lrm").child("lrm_resources"), "lrm_resource", resource);
  const auto last = xml::child(entries, "lrm_rsc_op", resource + "_last_0");
  if (!last || xml::attribute_or(last, "op-status") == "-1") return false;
  // A live migration has entries of its own: a probe from before it proves nothing.
  const auto arrival = xml::child(entries, "lrm_rsc_op", resource + "_migrate_from_0");
  const bool arrived_later = arrival && number(arrival, "call-id") > number(last, "call-id");
  if (arrived_later || xml::attribute_or(arrival, "op-status") == "-1") return false;
  const auto task = xml::attribute_or(last, "operation");
  const auto rc = xml::attribute_or(last, "rc-code");
  if (task == "stop") return rc == "0";
  return task == "monitor" && (rc == "7" || rc == "5");
}

bool makes_active(const Action& action) {
  return action.kind == ActionKind::resource &&
         (action.task == "start" || action.task == "promote" || action.task == "migrate_from");
}

void hold(Action& action, const std::string& why, Plan& plan) {
  action.runnable = false;
  action.reason = why;
  for (Placement& placement : plan.placements) {
    if (placement.resource != action.instance || placement.blocked) continue;
    placement.blocked = true;
    placement.reason = why;
  }
}

}  // namespace

void hold_guarded(const cib::Document& document, const PlanOptions& options, Plan& plan) {
  for (const std::string& node : options.guarded_nodes) {
    const auto state = state_of(document, node);
    for (Action& action : plan.actions)
      if (makes_active(action) && !is_proven_down(state, action.resource))
        hold(action, fmt::format("guard time after losing {}", node), plan);
  }
}

void hold_unsupported(Plan& plan) {
  for (Action& action : plan.actions) {
    if (action.kind != ActionKind::fence) continue;
    action.runnable = false;
    action.reason = "this version cannot fence";
    plan.warnings.push_back(fmt::format(
        "{} should be fenced, and this version cannot fence: what may run there is started nowhere else", action.node));
  }
}

void drop_dependents(Plan& plan) {
  for (Action& action : plan.actions) {
    if (!action.runnable) continue;
    const auto blocked = std::find_if(action.after.begin(), action.after.end(),
                                      [&](ActionId id) { return !plan.actions[id].runnable; });
    if (blocked == action.after.end()) continue;
    const Action& other = plan.actions[*blocked];
    action.runnable = false;
    action.reason = fmt::format("waits for {}{}{}{}{}: {}", other.task, other.resource.empty() ? "" : " of ", other.resource,
                                other.node.empty() ? "" : " on ", other.node, other.reason);
  }
}

}  // namespace relevo::scheduler
