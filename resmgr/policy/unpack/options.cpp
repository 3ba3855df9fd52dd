// Cluster options: names old and new, defaults, and what is made of their text. Source: resmgr spec 1.2.
#include <algorithm>
#include <array>

#include "common/base/text.hpp"
#include "resmgr/policy/set/values.hpp"
#include "resmgr/policy/unpack/unpack.hpp"

namespace relevo::policy {
namespace {

enum class Kind : std::uint8_t { text, boolean, interval, number, score, choice };

struct Option {
  std::string_view name, newer;  ///< `newer`: the same under the name that later versions give it
  std::string_view otherwise;
  Kind kind = Kind::text;
  std::string_view choices{};    ///< separated by blanks
};

constexpr std::array<Option, 31> known_options{{
    {"no-quorum-policy", "", "stop", Kind::choice, "stop freeze ignore demote suicide fence"},
    {"symmetric-cluster", "", "true", Kind::boolean},
    {"maintenance-mode", "", "false", Kind::boolean},
    {"start-failure-is-fatal", "", "true", Kind::boolean},
    {"enable-startup-probes", "", "true", Kind::boolean},
    {"shutdown-lock", "", "false", Kind::boolean},
    {"shutdown-lock-limit", "", "0", Kind::interval},
    {"stonith-enabled", "fencing-enabled", "true", Kind::boolean},
    {"stonith-action", "fencing-action", "reboot", Kind::choice, "reboot off poweroff"},
    {"stonith-timeout", "fencing-timeout", "60s", Kind::interval},
    {"stonith-watchdog-timeout", "fencing-watchdog-timeout", "0", Kind::text},
    {"have-watchdog", "", "false", Kind::boolean},
    {"concurrent-fencing", "", "false", Kind::boolean},
    {"startup-fencing", "", "true", Kind::boolean},
    {"priority-fencing-delay", "", "0", Kind::interval},
    {"cluster-delay", "", "60s", Kind::interval},
    {"batch-limit", "", "0", Kind::number},
    {"migration-limit", "", "-1", Kind::number},
    {"stop-all-resources", "", "false", Kind::boolean},
    {"stop-orphan-resources", "stop-removed-resources", "true", Kind::boolean},
    {"stop-orphan-actions", "cancel-removed-actions", "true", Kind::boolean},
    {"remove-after-stop", "", "false", Kind::boolean},
    {"pe-error-series-max", "", "-1", Kind::number},
    {"pe-warn-series-max", "", "5000", Kind::number},
    {"pe-input-series-max", "", "4000", Kind::number},
    {"node-health-strategy", "", "none", Kind::choice, "none migrate-on-red only-green progressive custom"},
    {"placement-strategy", "", "default", Kind::choice, "default utilization minimal balanced"},
    {"node-health-base", "", "0", Kind::score},
    {"node-health-green", "", "0", Kind::score},
    {"node-health-yellow", "", "0", Kind::score},
    {"node-health-red", "", "-INFINITY", Kind::score},
}};
static_assert(!known_options.back().name.empty());

bool is_valid(const Option& option, std::string_view text) {
  switch (option.kind) {
    case Kind::boolean: return is_true(text) || is_false(text);
    case Kind::interval: return is_interval(text);
    case Kind::number: return leading_int(text).has_value() || text == "INFINITY" || text == "+INFINITY" || text == "-INFINITY";
    case Kind::choice: {
      const auto choices = words(option.choices);
      return std::any_of(choices.begin(), choices.end(), [&](const auto& choice) { return equals_ignoring_case(choice, text); });
    }
    default: return true;
  }
}

/// After this every known option has a value that can be used.
void complete(WorkingSet& set, Attributes& values) {
  for (const auto& option : known_options) {
    const auto* newer = option.newer.empty() ? nullptr : find(values, option.newer);
    if (newer != nullptr && find(values, option.name) == nullptr)
      values.emplace(option.name, *newer);
    const auto known = values.try_emplace(std::string(option.name), option.otherwise).first;
    if (is_valid(option, known->second)) continue;
    set.say(Notice::Level::error, fmt::format("Using the default '{}' for cluster option '{}' because '{}' is invalid", option.otherwise,
                                              option.name, known->second));
    known->second = option.otherwise;
  }
}

/// The text of a known option; complete() has run.
std::string_view text_of(const WorkingSet& set, std::string_view name) {
  const auto* text = find(set.options.set, name);
  return text == nullptr ? std::string_view() : std::string_view(*text);
}

bool flag(const WorkingSet& set, std::string_view name) { return is_true(text_of(set, name)); }
bool is(std::string_view text, std::string_view word) { return equals_ignoring_case(text, word); }

std::chrono::milliseconds interval(const WorkingSet& set, std::string_view name) {
  return interval_of(text_of(set, name)).value_or(std::chrono::milliseconds(0));
}

/// Fencing its own side is only for who had quorum once, or was told to panic without it.
QuorumPolicy suicide_or_stop(WorkingSet& set) {
  if (!set.options.stonith_enabled) {
    set.say(Notice::Level::error, "Resetting no-quorum-policy to 'stop' because fencing is disabled");
    return QuorumPolicy::stop;
  }
  if (set.options.have_quorum || parse_int(set.cib.attribute("no-quorum-panic").value()).value_or(0) != 0) return QuorumPolicy::suicide;
  set.say(Notice::Level::notice, "Resetting no-quorum-policy to 'stop': the cluster has never had quorum");
  return QuorumPolicy::stop;
}

QuorumPolicy quorum_policy(WorkingSet& set) {
  const auto text = text_of(set, "no-quorum-policy");
  if (is(text, "ignore")) return QuorumPolicy::ignore;
  if (is(text, "freeze")) return QuorumPolicy::freeze;
  if (is(text, "demote")) return QuorumPolicy::demote;
  if (is(text, "suicide") || is(text, "fence")) return suicide_or_stop(set);
  return QuorumPolicy::stop;
}

Placement placement(std::string_view text) {
  if (is(text, "utilization")) return Placement::utilization;
  if (is(text, "minimal")) return Placement::minimal;
  if (is(text, "balanced")) return Placement::balanced;
  return Placement::standard;
}

HealthStrategy health_strategy(std::string_view text) {
  if (is(text, "migrate-on-red")) return HealthStrategy::migrate_on_red;
  if (is(text, "only-green")) return HealthStrategy::only_green;
  if (is(text, "progressive")) return HealthStrategy::progressive;
  if (is(text, "custom")) return HealthStrategy::custom;
  return HealthStrategy::none;
}

/// What red, yellow and green are worth: the strategy says it, or leaves it to the options.
void read_health(WorkingSet& set) {
  auto& options = set.options;
  options.health_strategy = health_strategy(text_of(set, "node-health-strategy"));
  options.health_base = score_of(set, text_of(set, "node-health-base"));
  options.health_red = options.health_yellow = options.health_green = Score(0);
  switch (options.health_strategy) {
    case HealthStrategy::none: return;
    case HealthStrategy::migrate_on_red: options.health_red = Score(-Score::infinity); return;
    case HealthStrategy::only_green: options.health_red = options.health_yellow = Score(-Score::infinity); return;
    case HealthStrategy::progressive:
    case HealthStrategy::custom:
      options.health_red = Score(score_of(set, text_of(set, "node-health-red")));
      options.health_yellow = Score(score_of(set, text_of(set, "node-health-yellow")));
      options.health_green = Score(score_of(set, text_of(set, "node-health-green")));
  }
}

void read_flags(WorkingSet& set) {
  auto& options = set.options;
  options.symmetric_cluster = flag(set, "symmetric-cluster");
  options.stop_all_resources = flag(set, "stop-all-resources");
  options.start_failure_is_fatal = flag(set, "start-failure-is-fatal");
  options.maintenance_mode = flag(set, "maintenance-mode");
  options.concurrent_fencing = flag(set, "concurrent-fencing");
  options.enable_startup_probes = flag(set, "enable-startup-probes");
  options.stop_orphan_resources = flag(set, "stop-orphan-resources");
  options.stop_orphan_actions = flag(set, "stop-orphan-actions");
  options.remove_after_stop = flag(set, "remove-after-stop");
  options.shutdown_lock = flag(set, "shutdown-lock");
  options.shutdown_lock_limit = std::chrono::duration_cast<std::chrono::seconds>(interval(set, "shutdown-lock-limit"));
  options.cluster_delay = interval(set, "cluster-delay");
  options.batch_limit = text_of(set, "batch-limit");
  options.migration_limit = text_of(set, "migration-limit");
  options.cluster_name = text_of(set, "cluster-name");
  options.placement = placement(text_of(set, "placement-strategy"));
}

/// Some device says that it unfences, or something that it needs it: nodes are unfenced before resources start.
bool wants_unfencing(pugi::xml_node resources) {
  struct Finder : pugi::xml_tree_walker {
    bool found = false;
    bool for_each(pugi::xml_node& node) override {
      const std::string_view name = node.attribute("name").value();
      found = std::string_view(node.name()) == "nvpair" && (name == "provides" || name == "requires") &&
              std::string_view(node.attribute("value").value()) == "unfencing" &&
              std::string_view(node.parent().name()) == "meta_attributes";
      return !found;
    }
  } finder;
  resources.traverse(finder);
  return finder.found;
}

void read_fencing(WorkingSet& set) {
  auto& options = set.options;
  options.have_watchdog = flag(set, "have-watchdog");
  if (options.have_watchdog) set.has_stonith_resource = true;
  options.stonith_enabled = flag(set, "stonith-enabled");
  options.stonith_action = text_of(set, "stonith-action");
  if (is(options.stonith_action, "poweroff")) {
    set.say(Notice::Level::warning, "stonith-action 'poweroff' is deprecated: use 'off' instead");
    options.stonith_action = "off";
  }
  options.stonith_timeout = interval(set, "stonith-timeout");
  options.stonith_watchdog_timeout = interval(set, "stonith-watchdog-timeout");
  options.priority_fencing_delay = interval(set, "priority-fencing-delay");
  options.startup_fencing = options.stonith_enabled && flag(set, "startup-fencing");
  if (!options.startup_fencing) set.say(Notice::Level::warning, "Nodes that were never seen are not fenced: their resources may be running");
  set.has_unfencing = wants_unfencing(set.cib.child("configuration").child("resources"));
}

}  // namespace

void unpack_options(WorkingSet& set) {
  auto& options = set.options;
  options.dc_uuid = set.cib.attribute("dc-uuid").value();
  options.have_quorum = is_true(set.cib.attribute("have-quorum").value());
  const auto section = set.cib.child("configuration").child("crm_config");
  read_blocks(set, section, "cluster_property_set", Asking{}, options.set, "cib-bootstrap-options");
  complete(set, options.set);
  read_flags(set);
  read_fencing(set);
  options.no_quorum_policy = quorum_policy(set);
  read_health(set);
  if (!options.have_quorum && options.no_quorum_policy != QuorumPolicy::ignore)
    set.say(Notice::Level::warning, "Fencing and resource management disabled due to lack of quorum");
}

}  // namespace relevo::policy
