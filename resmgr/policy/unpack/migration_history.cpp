// Live migrations that the history tells of: complete ones end with a stop on the source. One without it dangles, one that
// has not arrived is partial, one that failed may have left the resource on both sides. Source: resmgr spec 2(a) stage 1.8.
#include <fmt/format.h>

#include "common/base/text.hpp"
#include "resmgr/policy/unpack/status_pass.hpp"

namespace relevo::policy::past {
namespace {

struct Ends {
  std::string_view source, target;
};

Ends ends_of(pugi::xml_node entry) { return {entry.attribute("migrate_source").value(), entry.attribute("migrate_target").value()}; }

/// The ends, when they are told and the entry's node is the end it must be.
std::optional<Ends> checked_ends(WorkingSet& set, const Entry& entry, bool is_source) {
  const Ends ends = ends_of(entry.xml);
  const bool good = !ends.source.empty() && !ends.target.empty() && (is_source ? ends.source : ends.target) == entry.node->name;
  if (good) return ends;
  set.say(Notice::Level::error, fmt::format("History entry {} on {} does not say between which nodes {} migrated", entry.id, entry.node->name, entry.rsc->id));
  return std::nullopt;
}

bool is(pugi::xml_node entry, const char* attribute, std::string_view value) { return std::string_view(entry.attribute(attribute).value()) == value; }

/// The one entry of that task (and other end); nothing if there are several. `wanted`: only with that result.
pugi::xml_node find_entry(pugi::xml_node history, std::string_view task, std::string_view other_end, std::optional<int> wanted) {
  const char* end = task == "migrate_to" ? "migrate_target" : "migrate_source";
  pugi::xml_node found;
  for (const auto entry : history.children("lrm_rsc_op")) {
    if (!is(entry, "operation", task) || (!other_end.empty() && !is(entry, end, other_end))) continue;
    if (found) return {};
    found = entry;
  }
  if (!found || !wanted) return found;
  const bool matches = int_of(found, "rc-code", 1) == *wanted && int_of(found, "op-status", 4) == static_cast<int>(Outcome::done);
  return matches ? found : pugi::xml_node{};
}

bool is_known(pugi::xml_node history) {
  for (const auto entry : history.children("lrm_rsc_op")) {
    const auto result = entry.attribute("rc-code");
    if (result && std::string_view(result.value()) != "193") return true;
  }
  return false;
}

/// Did something other than a monitor happen there later?
bool has_newer_action(pugi::xml_node history, pugi::xml_node than, bool same_node) {
  for (const auto entry : history.children("lrm_rsc_op")) {
    if (entry == than) continue;
    const std::string_view task = entry.attribute("operation").value();
    if (task != "start" && task != "stop" && task != "migrate_to" && task != "migrate_from") continue;
    if (compare_age(Record(entry), Record(than), same_node) > 0) return true;
  }
  return false;
}

bool found_stopped_after(pugi::xml_node history, pugi::xml_node than, bool same_node) {
  const auto monitor = find_entry(history, "monitor", {}, rc::not_running);
  return monitor && compare_age(Record(monitor), Record(than), same_node) > 0;
}

/// Is something known of `node` that is newer than the migration? Compared with the migration's entry of the same node, if
/// there is one, for call ids tell more than times.
bool has_newer_state(pugi::xml_node history, std::string_view node, pugi::xml_node to, pugi::xml_node from) {
  pugi::xml_node than = from ? from : to;
  const Ends ends = ends_of(than);
  bool same_node = false;
  if (equals_ignoring_case(node, ends.target)) {
    same_node = static_cast<bool>(from);
    than = from ? from : to;
  } else if (equals_ignoring_case(node, ends.source)) {
    same_node = static_cast<bool>(to);
    than = to ? to : from;
  }
  return has_newer_action(history, than, same_node) || found_stopped_after(history, than, same_node);
}

/// Nothing goes on from here but by stopping it.
void demand_recovery(Resource& rsc) {
  rsc.failed = rsc.needs_stop = true;
  rsc.allow_migrate = false;
}

void apply_half_migration(Pass& pass, const Entry& entry, const Ends& ends, bool active_on_target, bool source_has_newer) {
  Resource& rsc = *entry.rsc;
  if (!active_on_target) {
    if (!source_has_newer) demand_recovery(rsc);
    return;
  }
  Node* target = pass.set.find_node(ends.target);
  add_running(pass.set, rsc, *target, false);
  if (entry.node->online) {  // if the target chosen now is the same, the migration can go on
    rsc.partial_migration_target = target;
    rsc.partial_migration_source = entry.node;
  }
}

}  // namespace

pugi::xml_node Histories::find(std::string_view node, std::string_view rsc) {
  const auto [at, fresh] = nodes_.try_emplace(std::string(node));
  if (fresh) {
    for (const auto state : status_.children("node_state")) {
      if (std::string_view(state.attribute("uname").value()) != node) continue;
      for (const auto history : state.child("lrm").child("lrm_resources").children("lrm_resource")) {
        at->second.emplace(history.attribute("id").value(), history);
      }
    }
  }
  const auto found = at->second.find(rsc);
  return found == at->second.end() ? pugi::xml_node{} : found->second;
}

void apply_migrate_to(Pass& pass, const Entry& entry) {
  const auto ends = checked_ends(pass.set, entry, true);
  if (!ends) return;
  Resource& rsc = *entry.rsc;
  const auto on_target = pass.histories.find(ends->target, rsc.id);
  const bool source_has_newer = has_newer_action(pass.histories.find(ends->source, rsc.id), entry.xml, true);
  const auto from = find_entry(on_target, "migrate_from", ends->source, std::nullopt);
  if (source_has_newer && from) return;
  const bool target_has_newer = has_newer_state(on_target, ends->target, entry.xml, from);
  if (source_has_newer && target_has_newer) return;

  rsc.role = Role::started;
  const int from_rc = int_of(from, "rc-code", rc::ok);
  const int from_status = from ? int_of(from, "op-status", 0) : static_cast<int>(Outcome::pending);
  if (from && from_rc == rc::ok && from_status == static_cast<int>(Outcome::done)) {
    // It runs on the target; what is left on the source must be stopped there
    rsc.role = Role::stopped;
    rsc.dangling_migration_sources.insert(rsc.dangling_migration_sources.begin(), entry.node);
    return;
  }
  Node* target = pass.set.find_node(ends->target);
  const bool active_on_target = !target_has_newer && target != nullptr && target->online;
  if (from_status == static_cast<int>(Outcome::pending)) {
    // With no history at all there it was cleaned up; the probe that follows will tell
    if (target != nullptr && target->online && !is_known(on_target)) return;
    apply_half_migration(pass, entry, *ends, active_on_target, source_has_newer);
  } else if (active_on_target) {
    add_running(pass.set, rsc, *target, true);
  } else {
    demand_recovery(rsc);
  }
}

void apply_migrate_to_failure(Pass& pass, const Entry& entry) {
  const auto ends = checked_ends(pass.set, entry, true);
  if (!ends) return;
  Resource& rsc = *entry.rsc;
  rsc.role = Role::started;  // somewhere
  const auto on_target = pass.histories.find(ends->target, rsc.id);
  const auto from = find_entry(on_target, "migrate_from", ends->source, rc::ok);
  if (is_known(on_target) && !has_newer_state(on_target, ends->target, entry.xml, from)) {
    Node* target = pass.set.find_node(ends->target);
    if (target != nullptr && target->online) add_running(pass.set, rsc, *target, false);
  } else if (!has_newer_action(pass.histories.find(ends->source, rsc.id), entry.xml, true)) {
    rsc.dangling_migration_sources.insert(rsc.dangling_migration_sources.begin(), entry.node);
  }
}

void apply_migrate_from_failure(Pass& pass, const Entry& entry) {
  const auto ends = checked_ends(pass.set, entry, false);
  if (!ends) return;
  Resource& rsc = *entry.rsc;
  rsc.role = Role::started;  // somewhere
  const auto on_source = pass.histories.find(ends->source, rsc.id);
  const auto to = find_entry(on_source, "migrate_to", ends->target, rc::ok);
  if (!is_known(on_source) || has_newer_state(on_source, ends->source, to, entry.xml)) return;
  Node* source = pass.set.find_node(ends->source);
  if (source != nullptr && source->online) add_running(pass.set, rsc, *source, true);
}

}  // namespace relevo::policy::past
