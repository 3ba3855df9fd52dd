// What a resource's history on one node means: is it active there, has it failed, what must not be done.
// Source: resmgr spec 2(a) stages 1.8 to 1.10. Results become facts here; what follows from them is the scheduler's.
#include <algorithm>

#include "common/base/text.hpp"
#include "resmgr/cib/unpack_context.hpp"

namespace relevo::cib {
namespace {

using model::ExecStatus;
using model::HistoryEntry;
using model::OnFail;
using model::Role;
namespace ocf = model::ocf;

bool can_fence(const model::ClusterState& state, const model::Node& node) {
  const model::Options& options = state.options;
  if (!options.stonith_enabled || !state.has_fence_device) return false;
  return options.have_quorum || options.no_quorum_policy == model::QuorumPolicy::ignore || node.online;
}

/// Reads the entries one after another; what they add up to is in its members.
class Reading {
 public:
  Reading(UnpackContext& context, model::Resource& resource, model::Node& node)
      : context_(context), resource_(resource), node_(node) {}

  void take(HistoryEntry& entry);
  void conclude();

 private:
  void interpret(HistoryEntry& entry);
  void meaning_of_code(HistoryEntry& entry);
  bool expire(HistoryEntry& entry);
  void pending(const HistoryEntry& entry);
  void success(const HistoryEntry& entry, int rc);
  void failure(HistoryEntry& entry);
  void severe(const HistoryEntry& entry, const model::OperationSpec& op);
  void clear_past_failure();
  void set_active() { role_ = std::max(role_, Role::started); }
  void ban(const std::string& node, const char* rule, std::string text);
  void record(const HistoryEntry& entry);
  void block(const char* why);
  void add_running(bool failed);
  void execute_on_fail();

  UnpackContext& context_;
  model::Resource& resource_;
  model::Node& node_;
  Role role_ = Role::unknown;
  OnFail on_fail_ = OnFail::ignore;
  std::string last_failure_key_;
};

/// A failure is recorded twice, as the last result and as the last failure: one ban is enough.
void Reading::ban(const std::string& node, const char* rule, std::string text) {
  auto& bans = resource_.bans[node];
  const auto same = [&](const model::Ban& each) { return each.rule == rule && each.text == text; };
  if (std::none_of(bans.begin(), bans.end(), same)) bans.push_back({rule, std::move(text)});
}

std::string describe(const HistoryEntry& entry) {
  return fmt::format("{} failed: {}", entry.key, model::ocf_text(entry.rc));
}

/// Is a failure older than failure-timeout? Source: resmgr spec 2(a) stage 1.8, "Expiry".
bool Reading::expire(HistoryEntry& entry) {
  if (entry.status == ExecStatus::not_installed || resource_.failure_timeout.count() == 0) return false;
  if (entry.last_rc_change.seconds == 0) return false;
  const WallTime end{entry.last_rc_change.seconds + resource_.failure_timeout.count()};
  if (context_.now < end) {
    context_.recheck(WallTime{end.seconds + 1});
    return false;
  }
  const auto it = resource_.fail_counts.find(node_.uname);
  if (it != resource_.fail_counts.end() && it->second.effective > 0) return false;
  if (it != resource_.fail_counts.end() && it->second.count > 0) {
    it->second.expired = true;
    it->second.clear_reason = "it expired";
  }
  const bool harmless = entry.rc == ocf::ok || entry.rc == ocf::not_running || entry.rc == ocf::running_promoted;
  return !(entry.is_probe() && harmless);
}

void Reading::block(const char* why) {
  if (!resource_.blocked)
    context_.warn(fmt::format("resource '{}' is blocked: {} on {}", resource_.id, why, node_.uname));
  resource_.managed = false;
  resource_.blocked = true;
}

/// The exit code says more than the executor's status. Source: resmgr spec 2(a) stage 1.8, "Remap".
void Reading::interpret(HistoryEntry& entry) {
  if (entry.rc == ocf::degraded) entry.rc = ocf::ok;
  if (entry.rc == ocf::degraded_promoted) entry.rc = ocf::running_promoted;
  entry.meaning = entry.status;
  if (entry.status == ExecStatus::no_fence_device || entry.status == ExecStatus::no_secrets) {
    entry.meaning = ExecStatus::error_hard;
    return;
  }
  if (entry.status != ExecStatus::done && entry.status != ExecStatus::error) return;
  if (entry.expected_rc >= 0) entry.meaning = entry.rc == entry.expected_rc ? ExecStatus::done : ExecStatus::error;
  meaning_of_code(entry);
}

void Reading::meaning_of_code(HistoryEntry& entry) {
  switch (entry.rc) {
    case ocf::ok:
      // A probe that finds what nobody expected has not failed.
      if (entry.is_probe() && entry.expected_rc == ocf::not_running) entry.meaning = ExecStatus::done;
      return;
    case ocf::not_running:
      if (!entry.is_probe() && entry.expected_rc != entry.rc && resource_.managed) return;
      entry.meaning = ExecStatus::done;
      role_ = Role::stopped;
      on_fail_ = OnFail::ignore;
      return;
    case ocf::running_promoted:
      if (entry.is_probe()) entry.meaning = ExecStatus::done;
      if (!entry.expired || entry.rc == entry.expected_rc) role_ = Role::promoted;
      return;
    case ocf::failed_promoted:
      if (!entry.expired) role_ = Role::promoted;
      entry.meaning = ExecStatus::error;
      return;
    case ocf::not_configured:
      entry.meaning = ExecStatus::error_fatal;
      return;
    case ocf::unimplemented:
      if (entry.interval.count() > 0) {
        entry.meaning = ExecStatus::not_supported;
        return;
      }
      [[fallthrough]];
    case ocf::not_installed:
    case ocf::invalid_parameter:
    case ocf::permission:
      if (!entry.expired && entry.task == "stop" && !can_fence(context_.state, node_))
        block("a stop failed for good and the node cannot be fenced");
      entry.meaning = ExecStatus::error_hard;
      return;
    default:
      if (entry.meaning == ExecStatus::done) entry.meaning = ExecStatus::error;
  }
}

void Reading::pending(const HistoryEntry& entry) {
  if (entry.task == "start") {
    resource_.start_pending = true;
    set_active();
  } else if (entry.task == "promote") {
    role_ = Role::promoted;
  }
  // There should be one at most; displays show the first.
  if (resource_.pending_task.empty() && !entry.is_probe()) {
    resource_.pending_task = entry.task;
    resource_.pending_node = node_.uname;
  }
}

void Reading::clear_past_failure() {
  // What stops, bans, puts on standby or fences is not forgiven by a later success.
  if (on_fail_ == OnFail::block || on_fail_ == OnFail::demote || on_fail_ == OnFail::restart) on_fail_ = OnFail::ignore;
}

void Reading::success(const HistoryEntry& entry, int rc) {
  bool clear = entry.task != "monitor";
  if (rc == ocf::not_running && entry.rc == rc) {
    clear = true;
  } else if (entry.task == "monitor") {
    clear = entry.key == last_failure_key_;
    set_active();
  } else if (entry.task == "start" || entry.task == "migrate_from") {
    role_ = Role::started;
  } else if (entry.task == "stop") {
    role_ = Role::stopped;
  } else if (entry.task == "promote") {
    role_ = Role::promoted;
  } else if (entry.task == "demote") {
    role_ = Role::unpromoted;
  } else {
    set_active();
    clear = false;
  }
  if (clear) clear_past_failure();
}

void Reading::record(const HistoryEntry& entry) {
  for (const model::Failure& each : context_.state.failures)
    if (each.node == node_.uname && each.entry.key == entry.key && each.resource == resource_.id) return;
  context_.state.failures.push_back({resource_.id, node_.uname, entry});
}

void Reading::failure(HistoryEntry& entry) {
  const model::OperationSpec op = operation_for(context_, resource_, entry.task, entry.interval);
  if (entry.meaning == ExecStatus::not_installed) {
    if (op.on_fail == OnFail::ignore) on_fail_ = OnFail::ban;
    ban(node_.uname, "hard-error", describe(entry) + ", and it is not installed here");
    return severe(entry, op);
  }
  if (op.on_fail == OnFail::ignore) {
    resource_.failure_ignored = true;
    record(entry);
    return success(entry, entry.expected_rc);
  }
  severe(entry, op);
  if (entry.meaning == ExecStatus::error_hard) ban(node_.uname, "hard-error", describe(entry));
  if (entry.meaning == ExecStatus::error_fatal) ban("", "fatal-error", describe(entry) + " (would fail everywhere)");
}

/// A failure that counts: where the resource stands now, and what is to be done about it.
void Reading::severe(const HistoryEntry& entry, const model::OperationSpec& op) {
  last_failure_key_ = entry.key;
  const bool absent = entry.is_probe() && entry.rc == ocf::not_installed;
  if (!absent || context_.state.options.symmetric_cluster) record(entry);
  on_fail_ = std::max(on_fail_, op.on_fail);
  if (entry.task == "stop") ban(node_.uname, "stop-failure", describe(entry));
  if (entry.task == "promote") role_ = Role::promoted;
  if (entry.task == "demote") role_ = entry.rc == ocf::not_running ? Role::stopped : Role::unpromoted;
  if (absent)
    role_ = Role::stopped;
  else
    set_active();
  if (op.on_fail != OnFail::stop) return;
  resource_.next_role = Role::stopped;
  resource_.next_role_reason = describe(entry) + ", and on-fail is stop";
  ban("", "on-fail-stop", resource_.next_role_reason);
}

void Reading::take(HistoryEntry& entry) {
  if (entry.is_pending()) return pending(entry);
  entry.expired = expire(entry);
  interpret(entry);
  // Without fencing nobody acts on a failed stop of long ago either: it is forgotten like any other failure.
  if (entry.expired && entry.rc != entry.expected_rc) {
    entry.meaning = ExecStatus::done;
    return;
  }
  entry.expired = false;
  if (entry.meaning == ExecStatus::done)
    success(entry, entry.rc);
  else
    failure(entry);
}

void Reading::add_running(bool failed) {
  auto& nodes = resource_.active_on;
  nodes.insert(std::lower_bound(nodes.begin(), nodes.end(), node_.uname), node_.uname);
  if (failed) resource_.failed_on.insert(node_.uname);
  if (node_.maintenance) resource_.managed = false;
  if (!resource_.managed) resource_.kept_on.insert(node_.uname);
  if (!resource_.managed || nodes.size() < 2) return;
  if (resource_.multiple_active == model::MultipleActive::block) block("it is active on more than one node");
  if (resource_.multiple_active == model::MultipleActive::stop_only && nodes.size() == 2)
    ban("", "multiple-active", "it was active on more than one node, and multiple-active is stop_only");
}

void Reading::execute_on_fail() {
  switch (on_fail_) {
    case OnFail::ignore:
      return;
    case OnFail::demote:
    case OnFail::restart:
      break;
    case OnFail::ban:
      ban(node_.uname, "on-fail-ban", "it failed there, and on-fail is migrate");
      break;
    case OnFail::block:
      block("an operation with on-fail=block failed");
      break;
    case OnFail::stop:
      resource_.next_role = Role::stopped;
      break;
    case OnFail::standby:
      node_.standby = node_.standby_on_fail = true;
      break;
    case OnFail::fence:
      node_.unclean = true;
      node_.unclean_reason = resource_.id + " failed there";
      break;
  }
  if (role_ > Role::stopped) resource_.failed = true;
}

void Reading::conclude() {
  if (role_ != Role::unknown) resource_.known_on.insert(node_.uname);
  const bool active = role_ > Role::stopped;
  if (active && !node_.online && !node_.maintenance && resource_.managed && context_.state.options.stonith_enabled &&
      !node_.unclean) {
    node_.unclean = true;
    node_.unclean_reason = resource_.id + " is thought to be active there";
  }
  const bool failed = on_fail_ != OnFail::ignore;
  // On an unclean node nothing can be repaired: its fencing stops everything there.
  if (!node_.unclean) execute_on_fail();
  if (active) add_running(failed);
  resource_.role = std::max(resource_.role, role_);
}

/// Did an operation with on-fail=block fail?
bool has_blocking_failure(const model::Resource& resource, const std::vector<HistoryEntry>& entries) {
  return std::any_of(entries.begin(), entries.end(), [&](const HistoryEntry& entry) {
    const model::OperationSpec* op = resource.operation(entry.task, entry.interval);
    if (!op || !op->on_fail_set || op->on_fail != OnFail::block) return false;
    return entry.id == resource.id + "_last_failure_0" || (entry.id == entry.key && entry.rc != entry.expected_rc);
  });
}

/// Without fencing an offline node counts as empty; the guard time needs to know what it held.
void note_loss(const UnpackContext& context, model::Resource& resource, model::Node node,
               std::vector<HistoryEntry> entries) {
  model::Resource copy = resource;
  copy.active_on.clear();
  model::ClusterState scratch;
  scratch.options = context.state.options;
  UnpackContext aside{context.cib, context.now, scratch};
  Reading reading(aside, copy, node);
  for (HistoryEntry& entry : entries) reading.take(entry);
  reading.conclude();
  if (copy.active()) resource.lost_on.insert(node.uname);
}

}  // namespace

void apply_history(UnpackContext& context, model::Resource& resource, model::Node& node,
                   std::vector<HistoryEntry> entries) {
  const bool gone = !node.online && !context.state.options.stonith_enabled;
  if (gone) return note_loss(context, resource, node, std::move(entries));
  const auto count = resource.fail_counts.find(node.uname);
  const bool counted = count != resource.fail_counts.end() && count->second.count > 0;
  if (counted && resource.failure_timeout.count() > 0 && has_blocking_failure(resource, entries)) {
    // What blocks must be looked at by a person: it never expires.
    resource.failure_timeout = std::chrono::seconds(0);
    unpack_fail_counts(context, resource);
  }
  Reading reading(context, resource, node);
  for (HistoryEntry& entry : entries) reading.take(entry);
  reading.conclude();
  resource.history[node.uname] = std::move(entries);
}

}  // namespace relevo::cib
