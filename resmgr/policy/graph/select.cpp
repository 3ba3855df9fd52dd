// The choice of what goes into the graph, see select.hpp. Source: resmgr spec 2(a) stage 12.
#include "resmgr/policy/graph/select.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

namespace relevo::policy {
namespace {

/// Bits that say nothing about what the other end may do: they place it or show it, no more.
constexpr std::uint32_t only_sequence = order::implies_first_printed | order::implies_then_printed | order::optional;

bool may_change_something(std::uint32_t type) { return (type & ~only_sequence) != 0; }

/// Recurring operations go on under the eyes of somebody else; everything else leaves an unmanaged resource alone.
bool is_left_to_the_administrator(const Action& action) {
  if (action.rsc == nullptr || action.rsc->managed || action.task == "monitor") return false;
  const auto interval = action.meta.find("interval");
  if (interval != action.meta.end()) return interval->second == "0";
  return action.interval.count() == 0;
}

bool node_can_act(WorkingSet& set, const Action& action) {
  if (action.node == nullptr) {
    set.say(Notice::Level::error, fmt::format("Skipping {}: it has no node", action.key));
    return false;
  }
  const Node& node = *action.node;
  if (action.on_dc) return true;
  if (node.is_guest() && !node.remote_requires_reset) return true;
  if (!node.online || node.unclean) {
    set.say(Notice::Level::error, fmt::format("Skipping {} on {}: the node is {}", action.key, node.name,
                                              node.online ? "unclean" : "offline"));
    return false;
  }
  return true;
}

bool on_one_node(const Node* a, const Node* b) { return a != nullptr && a == b; }

/// Capacity is freed only where it is needed: for a live migration that is where the resource goes to.
bool load_matters(const Action& then, const Action& input) {
  if (then.rsc != nullptr && then.task == "migrate_to") return on_one_node(input.node, then.rsc->assigned_to);
  return on_one_node(input.node, then.node) && !input.optional;
}

bool apart_matters(const Action& then, const Action& input) {
  if (input.node != nullptr && then.node != nullptr && input.node != then.node) return false;
  return !input.optional;
}

/// A failed resource that nobody may stop must not keep a whole clone from stopping.
bool cannot_hold_up_clone(const Action& then, const Action& input) {
  return input.rsc != nullptr && input.rsc != then.rsc && input.rsc->failed && !input.rsc->managed &&
         is_stop_key(input) && then.rsc != nullptr && then.rsc->is(Variant::clone);
}

/// What an input that cannot run, or that a migration replaces, still means.
bool is_void(const Action& input, std::uint32_t type) {
  if (!input.runnable) {
    if (!may_change_something(type)) return true;
    if ((type & (order::one_or_more | order::implies_first_migratable)) != 0) return true;
  }
  if (!input.migrate_runnable) return false;
  return (type & order::apply_first_non_migratable) != 0 || (type == order::optional && is_stop_key(input));
}

}  // namespace

bool is_stop_key(const Action& action) { return std::string_view(action.key).ends_with("_stop_0"); }

bool belongs_in_graph(WorkingSet& set, const Action& action) {
  if (!action.runnable || (action.optional && !action.print_always)) return false;
  if (is_left_to_the_administrator(action)) return false;
  if (action.pseudo || action.task == "stonith" || action.task == "do_shutdown") return true;
  return node_can_act(set, action);
}

bool counts(WorkingSet& set, const Action& then, Dependency& input) {
  const Action& first = *input.action;
  if (input.state == Link::dumped) return true;
  if (input.type == order::none || is_void(first, input.type)) return false;
  // Which of these it is depends on the type as a whole: joined with another one it is an ordering like any other.
  if (input.type == order::load || input.type == order::anti_colocation) {
    const bool matters = input.type == order::load ? load_matters(then, first) : apart_matters(then, first);
    if (!matters) input.type = order::none;
    return matters;
  }
  if (cannot_hold_up_clone(then, first)) {
    set.say(Notice::Level::warning,
            fmt::format("{} does not wait for {}: it has failed and is not managed", then.key, first.key));
    return false;
  }
  return !first.optional || first.print_always || first.dumped;
}

void merge_inputs(Action& action) {
  auto& inputs = action.before;
  std::stable_sort(inputs.begin(), inputs.end(),
                   [](const Dependency& a, const Dependency& b) { return a.action->id < b.action->id; });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (kept > 0 && inputs[kept - 1].action == inputs[i].action) {
      inputs[kept - 1].type |= inputs[i].type;
      if (inputs[i].state == Link::dumped) inputs[kept - 1].state = Link::dumped;
    } else {
      inputs[kept++] = inputs[i];
      inputs[kept - 1].state = Link::not_dumped;
    }
  }
  inputs.resize(kept);
}

}  // namespace relevo::policy
