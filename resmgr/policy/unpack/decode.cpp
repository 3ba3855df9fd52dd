// One entry of the history from text to consequence: read, forgiven if old, understood, and then applied as what was wanted,
// as pending, or as a failure. Source: resmgr spec 2(a) stage 1.8.
#include <fmt/format.h>

#include "resmgr/policy/unpack/status_pass.hpp"

namespace relevo::policy::past {
namespace {

bool read_entry(WorkingSet& set, const Record& record, Entry& entry) {
  entry.id = record.id;
  entry.key = record.key();
  entry.task = record.task;
  const int status = int_in(record.op_status, static_cast<int>(Outcome::unknown));
  if (entry.task.empty() || status < static_cast<int>(Outcome::pending) || status > static_cast<int>(Outcome::no_secrets)) {
    set.say(Notice::Level::error, fmt::format("History entry {} of {} on {} cannot be understood: it is ignored", entry.id, entry.rsc->id, entry.node->name));
    return false;
  }
  entry.outcome = static_cast<Outcome>(status);
  entry.rc = int_in(record.rc_code, 0);
  entry.interval = std::chrono::milliseconds{number_in(record.interval, 0)};
  const auto key = parse_transition_key(record.transition_key);
  entry.expected = key ? key->expected : -1;
  entry.masked = !is_bundled(*entry.rsc) && record.is_masked_probe();
  return entry.task != "notify" && entry.task != "meta-data";
}

/// What is banned when an operation shows that the resource cannot work: an anonymous clone as a whole.
Resource& what_to_ban(Resource& rsc) { return is_anonymous(rsc) ? rsc.top_inside() : rsc; }

/// Old failures are as good as never written; recurring ones are set up again, for only changes of their result are told.
bool forget_expired(Pass& pass, const Entry& entry, int rc_before) {
  if (entry.masked && rc_before != entry.expected) {
    if (entry.rsc->role <= Role::stopped) entry.rsc->role = Role::unknown;
    return true;
  }
  if (entry.rc == entry.expected) return false;
  if (entry.interval.count() == 0) return true;
  if (!entry.node->online || entry.node->unclean) return false;
  pass.set.expired_recurring.insert(entry.xml.hash_value());
  return true;
}

void apply_masked_probe(Pass& pass, const Entry& entry, Progress& progress) {
  apply_result(pass, entry, entry.expected, progress);
  record_failure(pass, entry);
  add_location(pass.set, what_to_ban(*entry.rsc), entry.node, -Score::infinity, Cause::failure, entry.key);
}

/// The agent is not there: no policy can make good of that.
void apply_not_installed(Pass& pass, const Entry& entry, Progress& progress) {
  if (failure_policy(pass.set, entry).on_fail == OnFail::ignore) progress.on_fail = OnFail::ban;
  add_location(pass.set, what_to_ban(*entry.rsc), entry.node, -Score::infinity, Cause::failure, entry.key);
  apply_failure(pass, entry, progress);
}

void ignore_failure(Pass& pass, const Entry& entry, OnFail on_fail, Progress& progress) {
  apply_result(pass, entry, entry.expected, progress);
  entry.rsc->failure_ignored = true;
  record_failure(pass, entry);
  if (on_fail == OnFail::restart_container && progress.on_fail <= OnFail::restart) progress.on_fail = on_fail;
}

void handle_error(Pass& pass, const Entry& entry, Progress& progress) {
  const Outcome outcome = entry.outcome;
  if (outcome == Outcome::not_connected && entry.node->is_remote()) {
    Resource* connection = entry.node->connection;
    if (connection != nullptr && connection->managed) connection->failed = connection->needs_stop = true;
  }
  const OnFail on_fail = failure_policy(pass.set, entry).on_fail;
  if (on_fail == OnFail::ignore || (on_fail == OnFail::restart_container && entry.task == "stop")) {
    ignore_failure(pass, entry, on_fail, progress);
    return;
  }
  apply_failure(pass, entry, progress);
  if (outcome == Outcome::error_hard || outcome == Outcome::no_fence_device || outcome == Outcome::no_secrets) {
    add_location(pass.set, what_to_ban(*entry.rsc), entry.node, -Score::infinity, Cause::failure, entry.key);
  } else if (outcome == Outcome::error_fatal) {
    add_location(pass.set, what_to_ban(*entry.rsc), nullptr, -Score::infinity, Cause::failure, entry.key);
  }
}

}  // namespace

void unpack_entry(Pass& pass, Resource& rsc, Node& node, const Record& record, Progress& progress) {
  Entry entry{.rsc = &rsc, .node = &node, .xml = record.xml, .id = {}, .key = {}, .task = {}};
  if (!read_entry(pass.set, record, entry)) return;
  const bool expired = entry.outcome != Outcome::not_installed && has_expired(pass, entry);
  const int rc_before = entry.rc;
  remap(pass, entry, progress);

  if (expired && forget_expired(pass, entry, rc_before)) return;
  if (entry.masked) {
    apply_masked_probe(pass, entry, progress);
    return;
  }
  switch (entry.outcome) {
    case Outcome::unknown:
    case Outcome::cancelled: return;
    case Outcome::pending: apply_pending(pass, entry); return;
    case Outcome::done: apply_result(pass, entry, entry.rc, progress); return;
    case Outcome::not_installed: apply_not_installed(pass, entry, progress); return;
    default: handle_error(pass, entry, progress); return;
  }
}

}  // namespace relevo::policy::past
