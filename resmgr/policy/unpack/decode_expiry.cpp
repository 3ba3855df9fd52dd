// failure-timeout: which failures are old enough to be forgotten, and what must be cleared then. Also failures whose
// parameters have changed since: their count goes, whatever their age.
#include <fmt/format.h>

#include "resmgr/policy/actions/digests.hpp"
#include "resmgr/policy/unpack/status_pass.hpp"

namespace relevo::policy::past {
namespace {

bool is_last_failure(const Entry& entry) {
  constexpr std::string_view suffix = "_last_failure_0";
  return entry.id.size() >= suffix.size() && entry.id.substr(entry.id.size() - suffix.size()) == suffix;
}

/// A lost connection must not be forgotten before its node was fenced.
bool waits_for_fencing(const WorkingSet& set, const Entry& entry) {
  if (entry.rsc->reconnect_interval.count() == 0 || !set.options.stonith_enabled) return false;
  if (entry.interval.count() == 0 || entry.task != "monitor") return false;
  const Node* remote = set.find_node(entry.rsc->id);
  return remote != nullptr && !remote->remote_was_fenced;
}

/// Has failure-timeout passed since? Also says until when something is left that has not expired.
bool is_old(Pass& pass, const Entry& entry, int& unexpired) {
  WorkingSet& set = pass.set;
  if (entry.rsc->failure_timeout.count() <= 0 || !entry.xml.attribute("last-rc-change")) return false;
  const std::int64_t since = number_of(entry.xml, "last-rc-change", 0);
  const bool old = set.now.seconds >= since + entry.rsc->failure_timeout.count() && !waits_for_fencing(set, entry);
  const FailCount failures = fail_count(set, *entry.node, *entry.rsc, true, false, entry.xml);
  unexpired = failures.count;
  const WallTime until{failures.last.seconds + entry.rsc->failure_timeout.count() + 1};
  if (unexpired != 0 && set.now < until) set.recheck_at(until);
  return old;
}

bool parameters_changed(Pass& pass, const Entry& entry) {
  if (entry.task != "start" && entry.task != "monitor") return false;
  if (needs_host_address(pass.set, *entry.rsc)) {
    pass.set.late_digests.push_back({entry.rsc, entry.node, entry.xml});
    return false;
  }
  const DigestMatch match = compare_digests(pass.set, *entry.rsc, *entry.node, entry.xml).match;
  return match == DigestMatch::changed || match == DigestMatch::restart;
}

void clear(Pass& pass, const Entry& entry, std::string_view reason) {
  WorkingSet& set = pass.set;
  Action& action = clear_fail_count(set, *entry.rsc, *entry.node, reason);
  if (!set.options.stonith_enabled || entry.rsc->reconnect_interval.count() == 0) return;
  if (Node* remote = set.find_node(entry.rsc->id); remote != nullptr) {
    order_actions(fence_op(set, *remote, {}, true, {}, false), action, order::implies_then);
  }
}

/// Probes that say where a resource is are true as long as nothing newer is known.
bool is_probe_result(const Entry& entry) {
  if (!entry.is_probe()) return false;
  return entry.rc == rc::ok || entry.rc == rc::not_running || entry.rc == rc::promoted || entry.rc == rc::degraded || entry.rc == rc::degraded_promoted;
}

}  // namespace

bool has_expired(Pass& pass, const Entry& entry) {
  int unexpired = 0;
  bool expired = is_old(pass, entry, unexpired);
  const bool last_failure = is_last_failure(entry);
  std::string_view clear_reason;
  if (expired) {
    if (fail_count(pass.set, *entry.node, *entry.rsc, false, false, entry.xml).count != 0) {
      expired = unexpired == 0;
      if (expired) clear_reason = "it expired";
    } else if (last_failure && entry.rsc->reconnect_interval.count() != 0) {
      clear_reason = "reconnect interval is set";
    }
  }
  if (!expired && last_failure && parameters_changed(pass, entry)) clear_reason = "resource parameters have changed";
  if (!clear_reason.empty()) clear(pass, entry, clear_reason);
  return expired && !is_probe_result(entry);
}

}  // namespace relevo::policy::past
