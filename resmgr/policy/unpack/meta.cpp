// Meta attributes: where they come from, and what they make of a resource of any variant. Source: resmgr spec 1.3.
#include "common/base/text.hpp"
#include "resmgr/policy/unpack/build.hpp"

namespace relevo::policy {
namespace {

using Level = Notice::Level;

const std::string* meta_of(const Resource& rsc, std::string_view name) { return find(rsc.meta, name); }
bool is_set(const Resource& rsc, std::string_view name) { return bool_of(rsc.meta, name, false); }

/// A value that is there and does not say `default`.
const std::string* given(const Resource& rsc, std::string_view name) {
  const auto* text = meta_of(rsc, name);
  return text == nullptr || equals_ignoring_case(*text, "default") ? nullptr : text;
}

bool is_promotable(Resource& rsc) {
  if (is_set(rsc, "promotable")) return true;
  if (std::string_view(rsc.xml.name()) != "master") return false;
  rsc.meta.insert_or_assign("promotable", "true");
  return true;
}

void apply_management(const WorkingSet& set, Resource& rsc) {
  rsc.managed = true;
  if (const auto* text = given(rsc, "is-managed")) rsc.managed = is_true(*text);
  if (!is_set(rsc, "maintenance") && !set.options.maintenance_mode) return;
  rsc.managed = false;
  rsc.maintenance = true;
}

void apply_multiple_active(WorkingSet& set, Resource& rsc) {
  const auto* text = meta_of(rsc, "multiple-active");
  rsc.multiple_active = MultipleActive::stop_start;
  if (text == nullptr || equals_ignoring_case(*text, "stop_start")) return;
  if (equals_ignoring_case(*text, "stop_only")) {
    rsc.multiple_active = MultipleActive::stop_only;
  } else if (equals_ignoring_case(*text, "block")) {
    rsc.multiple_active = MultipleActive::block;
  } else if (equals_ignoring_case(*text, "stop_unexpected")) {
    rsc.multiple_active = MultipleActive::stop_unexpected;
  } else {
    set.say(Level::warning, fmt::format("{}: multiple-active '{}' is not valid, using stop_start", rsc.id, *text));
  }
}

void apply_numbers(WorkingSet& set, Resource& rsc) {
  if (const auto* text = meta_of(rsc, "priority")) rsc.priority = score_of(set, *text);
  if (const auto* text = given(rsc, "resource-stickiness")) rsc.stickiness = score_of(set, *text);
  if (const auto* text = given(rsc, "migration-threshold")) {
    rsc.migration_threshold = score_of(set, *text);
    if (rsc.migration_threshold < 0) {
      set.say(Level::warning, fmt::format("{}: migration-threshold must not be negative, using 1", rsc.id));
      rsc.migration_threshold = 1;
    }
  }
  if (const auto* text = meta_of(rsc, "failure-timeout"))
    rsc.failure_timeout = std::chrono::duration_cast<std::chrono::seconds>(interval_of(*text).value_or(std::chrono::milliseconds(0)));
}

/// What the resource requires when nobody says.
std::string_view usual_needs(const WorkingSet& set, const Resource& rsc) {
  if (rsc.is_stonith || rsc.is_remote_connection) return "quorum";
  if (set.has_unfencing) return "unfencing";
  if (set.options.stonith_enabled) return "fencing";
  return set.options.no_quorum_policy == QuorumPolicy::ignore ? "nothing" : "quorum";
}

void apply_needs(WorkingSet& set, Resource& rsc) {
  const auto* text = meta_of(rsc, "requires");
  std::string_view needs = text == nullptr ? std::string_view() : std::string_view(*text);
  const auto is = [&](std::string_view word) { return equals_ignoring_case(needs, word); };
  if (!is("nothing") && !is("quorum") && !is("fencing") && !is("unfencing")) {
    const auto usual = usual_needs(set, rsc);
    if (text != nullptr) set.say(Level::error, fmt::format("{}: requires '{}' is not valid, using {}", rsc.id, *text, usual));
    needs = usual;
  }
  if (is("unfencing") && (rsc.is_stonith || !set.options.stonith_enabled)) {
    set.say(Level::warning, fmt::format("{}: requires 'unfencing' is not possible {}, using quorum", rsc.id,
                                        rsc.is_stonith ? "for a fencing device" : "without fencing"));
    needs = "quorum";
  }
  if (is("fencing") && !set.options.stonith_enabled)
    set.say(Level::warning, fmt::format("{} requires fencing but fencing is disabled", rsc.id));
  rsc.needs_quorum = is("quorum");
  rsc.needs_unfencing = is("unfencing");
  rsc.needs_fencing = is("fencing") || is("unfencing");
}

void apply_remote(WorkingSet& set, Resource& rsc) {
  rsc.is_remote_connection = rsc.is(Variant::primitive) && is_remote_connection(rsc.xml);
  const bool remote_node = rsc.is_remote_connection && meta_of(rsc, "container") == nullptr;
  // A connection that moves must not stop what runs behind it.
  const auto* migrate = meta_of(rsc, "allow-migrate");
  rsc.allow_migrate = migrate == nullptr ? remote_node : is_true(*migrate);
  if (!remote_node) return;
  const auto parameters = parameters_of(set, rsc, nullptr);
  if (const auto* text = find(parameters, "reconnect_interval"))
    rsc.reconnect_interval = interval_of(*text).value_or(std::chrono::milliseconds(0));
}

void apply_target_role(WorkingSet& set, Resource& rsc) {
  const auto* text = meta_of(rsc, "target-role");
  if (target_role(rsc, rsc.next_role) || text == nullptr) return;
  const auto role = role_of(*text);
  if (role == Role::unknown && !equals_ignoring_case(*text, "default"))
    set.say(Level::error, fmt::format("Ignoring target-role of {}: '{}' is not valid", rsc.id, *text));
  if (role > Role::started && !rsc.top_inside().promotable)
    set.say(Level::error, fmt::format("Ignoring target-role of {}: '{}' only makes sense for promotable clones", rsc.id, *text));
}

/// Of the parents only what is written in their own elements: what they have from defaults comes after the defaults.
void inherit_fixed(WorkingSet& set, Resource& rsc, const Asking& asking) {
  Attributes fixed;
  for (const auto* parent = rsc.parent; parent != nullptr; parent = parent->parent)
    read_blocks(set, parent->xml, "meta_attributes", asking, fixed);
  for (const auto& [name, value] : fixed) rsc.meta.emplace(name, value);
}

}  // namespace

void resolve_meta(WorkingSet& set, Resource& rsc) {
  for (const auto attribute : rsc.xml.attributes()) rsc.meta.emplace(attribute.name(), attribute.value());
  Asking asking;
  asking.rsc = &rsc;
  read_blocks(set, rsc.xml, "meta_attributes", asking, rsc.meta);
  if (rsc.parent != nullptr) inherit_fixed(set, rsc, asking);
  read_blocks(set, set.cib.child("configuration").child("rsc_defaults"), "meta_attributes", asking, rsc.meta);
  if (rsc.parent == nullptr) return;
  for (const auto& [name, value] : rsc.parent->meta) rsc.meta.emplace(name, value);
}

void apply_meta(WorkingSet& set, Resource& rsc) {
  rsc.critical = bool_of(rsc.meta, "critical", true);
  rsc.notify = is_set(rsc, "notify");
  rsc.is_stonith = equals_ignoring_case(rsc.klass, "stonith");
  if (rsc.is_stonith) set.has_stonith_resource = true;
  apply_remote(set, rsc);
  apply_management(set, rsc);
  rsc.unique = true;
  if (rsc.top_inside().is(Variant::clone)) {
    rsc.unique = is_set(rsc, "globally-unique");
    rsc.promotable = is_promotable(rsc);
  }
  rsc.remote_allowed = !rsc.is_remote_connection && !rsc.is_stonith;
  apply_multiple_active(set, rsc);
  apply_numbers(set, rsc);
  if (rsc.reconnect_interval.count() != 0)  // whatever a default says
    rsc.failure_timeout = std::chrono::duration_cast<std::chrono::seconds>(rsc.reconnect_interval);
  apply_needs(set, rsc);
  apply_target_role(set, rsc);
  Asking nobody;
  read_utilization(set, rsc.xml, nobody, rsc.utilization);
}

}  // namespace relevo::policy
