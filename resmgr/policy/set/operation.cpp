// What an action's options mean: timeout, what it needs, what its failure leads to, start delay. Source: Pacemaker
// Explained, "Resource Operations"; resmgr spec 1.3.
#include <fmt/format.h>

#include "resmgr/policy/set/actions.hpp"
#include "resmgr/policy/set/operation_config.hpp"
#include "resmgr/policy/set/values.hpp"
#include "resmgr/rules/date.hpp"

namespace relevo::policy {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds default_timeout{20'000};

bool is_probe(const Action& action) { return action.task == "monitor" && action.interval.count() == 0; }

/// A connection to a remote node, not to a guest.
bool is_remote_connection(const WorkingSet& set, const Resource& rsc) {
  if (!rsc.is_remote_connection) return false;
  const Node* node = set.find_node(rsc.id);
  return node != nullptr && node->is_remote() && !node->is_guest();
}

/// A device is started and probed by its monitor operation, and what it says of that may depend on the node.
bool asks_device(const Action& action) { return action.rsc->klass == "stonith" && (action.task == "start" || is_probe(action)); }

void read_timeout(WorkingSet& set, Action& action) {
  if (asks_device(action)) {
    const Attributes parameters = parameters_of(set, *action.rsc, action.node);
    if (const auto* own = find(parameters, "pcmk_monitor_timeout")) action.meta.insert_or_assign("timeout", *own);
  }
  milliseconds timeout = default_timeout;
  if (const auto* text = find(action.meta, "timeout")) {
    timeout = timeout_of(*text).value_or(default_timeout);
  }
  action.meta.insert_or_assign("timeout", fmt::format("{}", timeout.count()));
}

Needs needs_of(const Action& action) {
  if (action.task != "start" && action.task != "promote") return Needs::nothing;
  if (action.rsc->needs_fencing) return Needs::fencing;
  return action.rsc->needs_quorum ? Needs::quorum : Needs::nothing;
}

bool is_promoted_role(std::string_view role) { return role_of(role) == Role::promoted; }

/// A demote without a word of its own fails as the monitor of the promoted role does.
std::string on_fail_of_promoted_monitor(const Resource& rsc) {
  std::string text;
  for (const auto op : operations_of(rsc)) {
    const auto on_fail = op.attribute("on-fail");
    const std::string_view enabled = op.attribute("enabled").value();
    if (!on_fail || (!enabled.empty() && !is_true(enabled))) continue;
    if (std::string_view(op.attribute("name").value()) != "monitor" || !is_promoted_role(op.attribute("role").value())) continue;
    if (interval_of(op.attribute("interval").value()).value_or(milliseconds{0}).count() == 0) continue;
    if (std::string_view(on_fail.value()) != "demote") text = on_fail.value();
  }
  return text;
}

/// on-fail=demote is for promotions and for recurring monitors of the promoted role.
bool may_demote_on_fail(const Action& action) {
  const std::string_view name = action.op.attribute("name").value();
  if (name == "promote") return true;
  return name == "monitor" && is_promoted_role(action.op.attribute("role").value()) &&
         interval_of(action.op.attribute("interval").value()).value_or(milliseconds{0}).count() != 0;
}

/// What is configured, as far as it is allowed for that task; empty for the default.
std::string configured_on_fail(WorkingSet& set, const Action& action) {
  const auto* text = find(action.meta, "on-fail");
  const auto refuse = [&](std::string_view what) {
    set.say(Notice::Level::error, fmt::format("Resetting 'on-fail' for {} {} action to default value because '{}' is not allowed for it",
                                              action.rsc->id, action.task, what));
    return std::string{};
  };
  if (action.task == "stop" && text != nullptr && (*text == "standby" || *text == "demote" || *text == "stop")) return refuse(*text);
  if (action.task == "demote" && text == nullptr) return on_fail_of_promoted_monitor(*action.rsc);
  if (action.task == "lrm_delete") return "ignore";
  if (text != nullptr && *text == "demote" && !may_demote_on_fail(action)) return refuse(*text);
  return text == nullptr ? std::string{} : *text;
}

/// Sets what the text says; false when it says nothing that can be used.
bool apply_on_fail(WorkingSet& set, Action& action, std::string_view text) {
  if (text.empty()) return false;
  if (text == "block") {
    action.on_fail = OnFail::block;
    action.meta.insert_or_assign("on-fail", "block");  // agents are told, wherever it comes from
  } else if (text == "fence") {
    action.on_fail = OnFail::fence;
    if (!set.options.stonith_enabled) {
      set.say(Notice::Level::error, fmt::format("Resetting 'on-fail' for {} of {} to 'stop' because 'fence' is not valid when fencing is disabled",
                                                action.task, action.rsc->id));
      action.on_fail = OnFail::stop;
      action.fail_role = Role::stopped;
    }
  } else if (text == "standby") {
    action.on_fail = OnFail::standby;
  } else if (text == "ignore" || text == "nothing") {
    action.on_fail = OnFail::ignore;
  } else if (text == "migrate") {
    action.on_fail = OnFail::ban;
  } else if (text == "stop") {
    action.on_fail = OnFail::stop;
    action.fail_role = Role::stopped;
  } else if (text == "restart") {
    action.on_fail = OnFail::restart;
  } else if (text == "restart-container" && action.rsc->container != nullptr) {
    action.on_fail = OnFail::restart_container;
  } else if (text == "demote") {
    action.on_fail = OnFail::demote;
  } else {
    if (text != "restart-container") {
      set.say(Notice::Level::error, fmt::format("Resource {}: Unknown failure type ({})", action.rsc->id, text));
    }
    return false;
  }
  return true;
}

/// Losing the connection to a remote node must end in its fencing; only probes and starts may fail without.
bool drops_remote_connection(const WorkingSet& set, const Action& action) {
  return is_remote_connection(set, *action.rsc) && !is_probe(action) && action.task != "start";
}

void apply_default_on_fail(const WorkingSet& set, Action& action, bool configured) {
  Resource& rsc = *action.rsc;
  if (!configured && rsc.container != nullptr) {
    action.on_fail = OnFail::restart_container;
  } else if ((!configured || !rsc.managed) && drops_remote_connection(set, action)) {
    action.on_fail = rsc.managed ? OnFail::reset_remote : OnFail::stop;
    if (!rsc.managed || rsc.reconnect_interval.count() != 0) action.fail_role = Role::stopped;
  } else if (!configured && action.task == "stop") {
    action.on_fail = set.options.stonith_enabled ? OnFail::fence : OnFail::block;
  } else if (!configured) {
    action.on_fail = OnFail::restart;
  }
}

void read_fail_role(Action& action) {
  if (action.fail_role != Role::unknown) return;
  if (action.op) {
    if (const auto* text = find(action.meta, "role_after_failure")) action.fail_role = role_of(*text);
  }
  if (action.fail_role != Role::unknown) return;
  action.fail_role = action.task == "promote" ? Role::unpromoted : Role::started;
}

/// Milliseconds until the interval's next beginning, counted from its origin.
std::optional<std::int64_t> delay_from_origin(WorkingSet& set, const Action& action, std::string_view text) {
  const auto interval = std::chrono::duration_cast<std::chrono::seconds>(action.interval).count();
  if (interval <= 0) return std::nullopt;
  const auto origin = rules::parse_date(text, set.utc_offset);
  if (!origin) {
    set.say(Notice::Level::error, fmt::format("Ignoring 'interval-origin' for operation '{}' because '{}' is not valid", action.op.attribute("id").value(), text));
    return std::nullopt;
  }
  const std::int64_t past = (set.now.seconds - origin->seconds) % interval;
  return ((past <= 0 ? 0 : interval) - past) * 1000;
}

void read_start_delay(WorkingSet& set, Action& action) {
  if (const auto* text = find(action.meta, "start-delay")) {
    const auto delay = timeout_of(*text).value_or(milliseconds{0});
    action.meta.insert_or_assign("start-delay", fmt::format("{}", delay.count()));
  } else if (const auto* origin = find(action.meta, "interval-origin")) {
    const auto delay = delay_from_origin(set, action, *origin);
    if (delay) action.meta.insert_or_assign("start-delay", fmt::format("{}", *delay));
  }
}

}  // namespace

void read_operation_options(WorkingSet& set, Action& action) {
  const auto known = set.operation_meta.find(action.key);
  if (known != set.operation_meta.end()) {
    action.op = known->second.op;
    action.meta = known->second.meta;
  } else {
    read_configured(set, action);
    if (!asks_device(action)) {
      read_timeout(set, action);
      read_start_delay(set, action);
    }
    set.operation_meta.emplace(action.key, ConfiguredOperation{action.op, action.meta});
  }
  if (!asks_device(action)) return;
  read_timeout(set, action);
  read_start_delay(set, action);
}

void unpack_operation(WorkingSet& set, Action& action) {
  if (action.rsc == nullptr) return;
  read_operation_options(set, action);
  action.needs = needs_of(action);
  action.fail_role = Role::unknown;
  const bool configured = apply_on_fail(set, action, configured_on_fail(set, action));
  apply_default_on_fail(set, action, configured);
  read_fail_role(action);
}

}  // namespace relevo::policy
