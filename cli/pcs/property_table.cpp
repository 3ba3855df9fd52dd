// The table of cluster options; see property_table.hpp.
#include "cli/pcs/property_table.hpp"

#include <algorithm>

#include "common/base/text.hpp"
#include "resmgr/model/score.hpp"

namespace relevo::cli::pcs {
namespace {

using enum OptionType;

std::string quoted(const std::vector<std::string>& words) { return "'" + join(words, "', '") + "'"; }

std::string allowed(const ClusterOption& option) {
  switch (option.type) {
    case boolean: return "a pacemaker boolean value: '0', '1', 'false', 'n', 'no', 'off', 'on', 'true', 'y', 'yes'";
    case integer: return "an integer";
    case score: return "an integer or INFINITY or -INFINITY";
    case duration: return "time interval (e.g. 1, 2s, 3m, 4h, PT1H)";
    case choice: return quoted(split(option.choices, '|'));
    case text: break;
  }
  return "any text";
}

bool fits(const ClusterOption& option, const std::string& value) {
  switch (option.type) {
    case boolean: return parse_bool(value).has_value();
    case integer: return parse_int(value).has_value();
    case score: return model::parse_score(value).has_value();
    case duration: return parse_duration(value).has_value() || parse_int(value).has_value();
    case choice: {
      const auto words = split(option.choices, '|');
      return std::find(words.begin(), words.end(), value) != words.end();
    }
    case text: break;
  }
  return true;
}

}  // namespace

const std::vector<ClusterOption>& cluster_options() {
  static const std::vector<ClusterOption> table{
      {"batch-limit", integer, "0", ""},
      {"cluster-delay", duration, "60s", ""},
      {"cluster-ipc-limit", integer, "500", ""},
      {"cluster-name", text, "", ""},
      {"cluster-recheck-interval", duration, "15min", ""},
      {"concurrent-fencing", boolean, "false", ""},
      {"dc-deadtime", duration, "20s", ""},
      {"election-timeout", duration, "2min", ""},
      {"enable-acl", boolean, "false", ""},
      {"enable-startup-probes", boolean, "true", ""},
      {"fence-reaction", choice, "stop", "stop|panic"},
      {"fencing-enabled", boolean, "true", ""},
      {"have-watchdog", boolean, "false", ""},
      {"join-finalization-timeout", duration, "30min", ""},
      {"join-integration-timeout", duration, "3min", ""},
      {"load-threshold", text, "80%", ""},
      {"maintenance-mode", boolean, "false", ""},
      {"migration-limit", integer, "-1", ""},
      {"no-quorum-policy", choice, "stop", "stop|freeze|ignore|demote|suicide"},
      {"node-action-limit", integer, "0", ""},
      {"node-health-base", integer, "0", ""},
      {"node-health-green", score, "0", ""},
      {"node-health-red", score, "-INFINITY", ""},
      {"node-health-strategy", choice, "none", "none|migrate-on-red|only-green|progressive|custom"},
      {"node-health-yellow", score, "0", ""},
      {"pe-error-series-max", integer, "-1", ""},
      {"pe-input-series-max", integer, "4000", ""},
      {"pe-warn-series-max", integer, "5000", ""},
      {"placement-strategy", choice, "default", "default|utilization|minimal|balanced"},
      {"priority-fencing-delay", duration, "0", ""},
      {"relevo-guard-time", duration, "300ms", ""},
      {"relevo-process-grace", duration, "3s", ""},
      {"shutdown-escalation", duration, "20min", ""},
      {"shutdown-lock", boolean, "false", ""},
      {"shutdown-lock-limit", duration, "0", ""},
      {"start-failure-is-fatal", boolean, "true", ""},
      {"startup-fencing", boolean, "true", ""},
      {"stonith-action", choice, "reboot", "reboot|off|poweroff"},
      {"stonith-enabled", boolean, "true", ""},
      {"stonith-max-attempts", integer, "10", ""},
      {"stonith-timeout", duration, "60s", ""},
      {"stonith-watchdog-timeout", duration, "0", ""},
      {"stop-all-resources", boolean, "false", ""},
      {"stop-orphan-actions", boolean, "true", ""},
      {"stop-orphan-resources", boolean, "true", ""},
      {"symmetric-cluster", boolean, "true", ""},
      {"transition-delay", duration, "0s", ""},
  };
  return table;
}

Status check_option(const std::string& name, const std::string& value) {
  std::vector<std::string> names;
  for (const auto& option : cluster_options()) {
    if (option.name == name) {
      if (fits(option, value)) return {};
      return fail(ErrorKind::invalid, "'{}' is not a valid {} value, use {}", value, name, allowed(option));
    }
    names.emplace_back(option.name);
  }
  const auto near = did_you_mean(name, names);
  return fail(ErrorKind::invalid, "invalid cluster property option '{}'{}, allowed options are: {}", name,
              near ? fmt::format(" (did you mean '{}'?)", *near) : "", quoted(names));
}

}  // namespace relevo::cli::pcs
