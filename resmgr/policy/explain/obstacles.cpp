// What keeps a resource from a node, and what would change that, in words. See explain.hpp.
#include <algorithm>

#include <fmt/format.h>

#include "resmgr/policy/explain/explain.hpp"

namespace relevo::policy {
namespace {

std::string place_text(const Resource& rsc) {
  return rsc.assigned_to == nullptr ? std::string("has no node") : "is on " + rsc.assigned_to->name;
}

/// The colocation of that id that ties `rsc`, or what it is part of; sets have many of one id.
const Colocation* colocation_of(const WorkingSet& set, const Resource& rsc, std::string_view id) {
  const Colocation* any = nullptr;
  for (const Colocation* colocation : set.colocations) {
    if (colocation->id != id) continue;
    for (const Resource* at = &rsc; at != nullptr; at = at->parent) {
      if (colocation->dependent == at || colocation->primary == at) return colocation;
    }
    if (any == nullptr) any = colocation;
  }
  return any;
}

/// Nobody wrote it: what a group, a bundle or the engine itself implies. Nothing can be deleted.
bool is_implied(std::string_view id) {
  return id.empty() || id.starts_with("#") || id.starts_with("group:") || id == "group-members";
}

std::string colocation_text(const WorkingSet& set, const Resource& rsc, std::string_view id) {
  const Colocation* colocation = colocation_of(set, rsc, id);
  if (colocation == nullptr) return std::string(id);
  bool is_primary = false;
  for (const Resource* at = &rsc; at != nullptr; at = at->parent) is_primary = is_primary || colocation->primary == at;
  const Resource& other = is_primary ? *colocation->dependent : *colocation->primary;
  if (id.starts_with("group:")) return fmt::format("within the group with {}, which {}", other.id, place_text(other));
  return fmt::format("{} with {}, which {}", id, other.id, place_text(other));
}

std::string command_for(const Resource& rsc, const Contribution& c) {
  const bool is_constraint = c.cause == Cause::location || c.cause == Cause::colocation || c.cause == Cause::colocated;
  if (is_constraint && is_implied(c.subject)) return {};
  const std::string& top = rsc.top_inside().id;
  switch (c.cause) {
    case Cause::location:
    case Cause::colocation:
    case Cause::colocated: return fmt::format("relevo constraint delete {}", c.subject);
    case Cause::migration_threshold:
    case Cause::failure: return fmt::format("relevo resource cleanup {}", top);
    case Cause::target_role: return fmt::format("relevo resource enable {}", top);
    default: return {};
  }
}

/// What must go for a contribution to go.
std::string remedy_for(const WorkingSet& set, const Resource& rsc, const Contribution& c) {
  const auto what = told(set, rsc, c);
  const auto by = command_for(rsc, c);
  switch (c.cause) {
    case Cause::location:
    case Cause::rule: return fmt::format("{} must go or say something else{}", what, by.empty() ? "" : " (" + by + ")");
    case Cause::colocation:
    case Cause::colocated:
      return is_implied(c.subject) ? fmt::format("{}: the others must be able to go there too", what)
                                   : fmt::format("{}: the other one must go there too, or the constraint must go ({})", what, by);
    case Cause::migration_threshold:
    case Cause::failure: return fmt::format("{}: its failures there must be cleaned up ({})", what, by);
    case Cause::target_role: {
      const bool asked = rsc.meta.find("target-role") != rsc.meta.end();
      return asked ? fmt::format("it must be allowed to run ({})", by) : fmt::format("it shall not run: {}", rsc.next_role_reason);
    }
    case Cause::ticket: return fmt::format("ticket {} must be granted", c.subject);
    case Cause::capacity: return "more free capacity there, or a smaller utilization";
    case Cause::shutdown_lock: return fmt::format("it waits for {}, which was shut down (shutdown-lock)", c.subject);
    case Cause::node_health: return "the node's health must become better";
    case Cause::clone_limit: return "another instance is there, or enough of them run (clone-max, clone-node-max)";
    default: return what;
  }
}

bool is_against(const Contribution& c) { return c.delta.value < 0; }

std::vector<std::string> against(const WorkingSet& set, const Resource& rsc, const std::vector<Contribution>& because) {
  const auto counted = counting(because);
  const bool banned = std::any_of(counted.begin(), counted.end(), [](const Contribution& c) { return c.delta.is_minus_infinity(); });
  std::vector<std::string> out;
  for (const Contribution& c : counted) {
    if (!is_against(c) || (banned && !c.delta.is_minus_infinity())) continue;
    auto text = remedy_for(set, rsc, c);
    if (std::find(out.begin(), out.end(), text) == out.end()) out.push_back(std::move(text));
  }
  return out;
}

/// What gives the chosen node a score that no sum reaches.
std::vector<std::string> what_binds(const WorkingSet& set, const Resource& rsc) {
  std::vector<std::string> out;
  const NodeEntry* entry = rsc.allowed.find(*rsc.assigned_to);
  if (entry == nullptr) return out;
  for (const Contribution& c : counting(contributions_of(set.ledger, entry->because))) {
    if (!c.delta.is_plus_infinity()) continue;
    const auto by = command_for(rsc, c);
    auto text = fmt::format("{} must not bind it to {}{}", told(set, rsc, c), rsc.assigned_to->name, by.empty() ? "" : " (" + by + ")");
    if (std::find(out.begin(), out.end(), text) == out.end()) out.push_back(std::move(text));
  }
  return out;
}

/// Another instance of the same anonymous clone has that node.
bool another_is_on(const Resource& rsc, const Node& node) {
  if (!rsc.is_anonymous_instance()) return false;
  const auto has_it = [&](const Resource* other) { return !other->children.empty() ? other->children.front()->assigned_to == &node : other->assigned_to == &node; };
  for (const Resource* at = &rsc; at->parent != nullptr; at = at->parent) {
    const auto& siblings = at->parent->children;
    if (at->is_clone_instance() && std::any_of(siblings.begin(), siblings.end(), has_it)) return true;
  }
  return false;
}

/// Both could run it: it is a matter of scores.
void compare_scores(const WorkingSet& set, const Resource& rsc, const Place& place, std::vector<std::string>& out) {
  if (rsc.assigned_to == nullptr) return;
  if (another_is_on(rsc, *place.node)) {
    out.emplace_back("another instance is there, and one is as good as the other");
    return;
  }
  const Score best = rsc.assigned_score;
  const std::string& top = rsc.top_inside().id;
  if (best.is_plus_infinity() && !place.score.is_plus_infinity()) {
    for (auto& text : what_binds(set, rsc)) out.push_back(std::move(text));
    return;
  }
  const long lacking = std::max(1L, static_cast<long>(best.value) - place.score.value + 1);
  out.push_back(fmt::format("its score there must be higher than {} on {}: {} more (relevo constraint location {} prefers {}={})",
                            model::to_string(best), rsc.assigned_to->name, lacking, top, place.node->name, lacking));
}

}  // namespace

std::string why_unusable(const Node& node) {
  if (node.unclean) return "is unclean and must be fenced first";
  if (!node.online) return "is offline";
  if (node.maintenance) return "is in maintenance";
  if (node.standby) return node.standby_on_fail ? "is in standby because of a failure" : "is in standby";
  if (node.shutdown) return "is shutting down";
  if (node.pending) return "is joining";
  return {};
}

std::string told(const WorkingSet& set, const Resource& rsc, const Contribution& c) {
  switch (c.cause) {
    case Cause::symmetric: return "nothing speaks for or against it";
    case Cause::promotion:
      if (c.sets && c.delta.value == -1) return "no promotion score";
      break;
    case Cause::colocation:
    case Cause::colocated:
    case Cause::nonnegative: return fmt::format("{} {}", name(c.cause), colocation_text(set, rsc, c.subject));
    default: break;
  }
  return c.subject.empty() ? std::string(name(c.cause)) : fmt::format("{} {}", name(c.cause), c.subject);
}

std::vector<std::string> obstacles(const WorkingSet& set, const Resource& rsc, const Place& place) {
  std::vector<std::string> out;
  if (rsc.settlement.by == Settled::unmanaged) out.push_back(fmt::format("it must be managed (relevo resource manage {})", rsc.top_inside().id));
  if (rsc.settlement.by == Settled::stopped) out.emplace_back("stop-all-resources must be off");
  if (!place.unusable.empty()) {
    const auto by = place.node->standby && !place.node->standby_on_fail ? fmt::format(" (relevo node unstandby {})", place.node->name) : std::string();
    out.push_back(fmt::format("{} {}{}", place.node->name, place.unusable, by));
  }
  if (!place.allowed) {
    out.push_back(fmt::format("nothing allows it there: a location constraint must name {} (symmetric-cluster is {})", place.node->name,
                              set.options.symmetric_cluster));
    return out;
  }
  if (place.score.value < 0) {
    for (auto& text : against(set, rsc, place.because)) out.push_back(std::move(text));
  } else {
    compare_scores(set, rsc, place, out);
  }
  return out;
}

}  // namespace relevo::policy
