// Making actions and dependencies. What a task means for a resource is decided in resmgr/policy/actions.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "resmgr/policy/set/working_set.hpp"

namespace relevo::policy {

/// `RSC_TASK_INTERVAL`, the interval in milliseconds.
[[nodiscard]] std::string op_key(std::string_view rsc, std::string_view task, std::chrono::milliseconds interval = {});
/// The parts of a key again; nothing for a text that is none. An `RSC` may hold underscores.
struct KeyParts {
  std::string rsc, task;
  std::chrono::milliseconds interval{0};
};
[[nodiscard]] std::optional<KeyParts> parse_key(std::string_view key);
/// The same, pointing into the key.
struct KeyViews {
  std::string_view rsc{}, task{};
  std::chrono::milliseconds interval{0};
};
[[nodiscard]] std::optional<KeyViews> split_key(std::string_view key);
/// `notify` keys: `RSC_TYPE_notify_OPERATION_0` with type pre, post, confirmed-pre ...
[[nodiscard]] std::string notify_key(std::string_view rsc, std::string_view type, std::string_view operation);

/// The action of that key on that node: the existing one, now required when `optional` is false, or a new one with its
/// options read from the configuration (timeout, on-fail, what it needs) and runnable only if the node, the quorum and
/// the resource allow. `node` may be nullptr. Source: resmgr spec 2(a) stage 8.
Action& custom_action(WorkingSet& set, Resource* rsc, std::string key, std::string_view task, Node* node, bool optional);
/// The same for a resource's task with interval 0.
Action& rsc_action(WorkingSet& set, Resource& rsc, std::string_view task, Node* node, bool optional);
/// A pseudo action of the cluster, or of a collection, that is always runnable.
Action& pseudo_action(WorkingSet& set, Resource* rsc, std::string key, std::string_view task, bool optional);

/// Reads what the configuration says about an action again: after the role it ends in is known, or for a new interval.
void unpack_operation(WorkingSet& set, Action& action);
/// Only its options: `op` and `meta`. Read once for each key, for they are the same on all nodes.
void read_operation_options(WorkingSet& set, Action& action);
/// The configured operation of that name and interval, its own or the template's; disabled ones only on demand. Empty if none.
[[nodiscard]] pugi::xml_node find_op(const Resource& rsc, std::string_view name, std::chrono::milliseconds interval, bool include_disabled);

/// Both ends learn of it. False when there is one already that shares a bit with `type`: then nothing is added. One with
/// other bits becomes a second dependency of the same two.
bool order_actions(Action& first, Action& then, std::uint32_t type);

/// Ends kept for later, when all actions are there. Any of the ends may be given as an action or as resource and key.
void order_resources(WorkingSet& set, Resource& first, std::string_view first_task, Resource& then, std::string_view then_task, std::uint32_t flags);
Ordering& new_ordering(WorkingSet& set, Resource* first_rsc, std::string first_key, Action* first, Resource* then_rsc, std::string then_key,
                       Action* then, std::uint32_t flags);

/// Actions of `rsc` with this key: on `node`, or anywhere when it is nullptr (then also those without a node).
/// Oldest first. One without a node is given `node` by being asked for there.
[[nodiscard]] std::vector<Action*> find_actions(const Resource& rsc, std::string_view key, const Node* node);
/// The same, but only those that have a node, and it is this one. None for nullptr.
[[nodiscard]] std::vector<Action*> find_actions_on(const Resource& rsc, std::string_view key, const Node* node);
/// Actions of that task with interval 0; `require_node`: as find_actions_on, else as find_actions.
[[nodiscard]] std::vector<Action*> task_actions(const Resource& rsc, const Node* node, std::string_view task, bool require_node);
/// Adds to `meta` what the result shall be (`op_target_rc`): 7 = not running, 8 = promoted.
void expect_result(Action& action, int rc);
/// Gives a reason, in place of any when `overwrite`; an empty one takes it away.
void set_reason(Action& action, std::string_view reason, bool overwrite);
/// The newest with that key and task (an empty one: any); on that node if one is given.
[[nodiscard]] Action* find_first_action(const Resource& rsc, std::string_view key, std::string_view task, const Node* node);

/// The node cannot go on as it is: it is unclean, and a fencing action exists. Source: resmgr spec 2(a) stage 1.5, 1.9.
void fence_node(WorkingSet& set, Node& node, std::string_view reason, bool priority_delay);
/// The fencing action of that node and operation (`reboot`, `off`, `on`; empty = the cluster's), optional or not.
Action& fence_op(WorkingSet& set, Node& node, std::string_view operation, bool optional, std::string_view reason, bool priority_delay);
/// Can that node be fenced at all, by this partition, now?
[[nodiscard]] bool can_fence(const WorkingSet& set, const Node& node);
/// Schedules that the fail count of `rsc` on `node` is cleared.
Action& clear_fail_count(WorkingSet& set, Resource& rsc, Node& node, std::string_view reason);

void require(Action& action, std::string_view reason);  ///< no longer optional; keeps the first reason
void block(Action& action, std::string_view why_not);   ///< no longer runnable

/// Fail counts. `effective`: without expired ones; `fillers`: with those of what lives in the container.
struct FailCount {
  int count = 0;
  WallTime last{};
};
[[nodiscard]] FailCount fail_count(WorkingSet& set, const Node& node, const Resource& rsc, bool effective, bool fillers, pugi::xml_node entry = {});
/// Nothing left to try there: the resource, or what must go away as a whole, is banned from the node.
[[nodiscard]] Resource* threshold_reached(WorkingSet& set, Resource& rsc, Node& node);

}  // namespace relevo::policy
