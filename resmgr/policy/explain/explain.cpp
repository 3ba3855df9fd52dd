// Explanations of resources as values, see explain.hpp. Their words for people are in text.cpp and obstacles.cpp.
#include "resmgr/policy/explain/explain.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "common/base/text.hpp"
#include "resmgr/policy/graph/graph.hpp"
#include "resmgr/policy/unpack/unpack.hpp"

namespace relevo::policy {
namespace {

std::string_view without_number(std::string_view id) { return id.substr(0, id.rfind(':')); }

void collect(const Resource& rsc, std::vector<const Resource*>& out) {
  if (rsc.children.empty() && std::find(out.begin(), out.end(), &rsc) == out.end()) out.push_back(&rsc);
  for (const Resource* part : rsc.children) collect(*part, out);
}

std::vector<const Resource*> named(const WorkingSet& set, std::string_view name) {
  std::vector<const Resource*> out;
  if (const Resource* exact = set.find_resource(name)) collect(*exact, out);
  if (!out.empty()) return out;
  for (const Resource& rsc : set.all_resources) {
    if (without_number(rsc.id) == name) collect(rsc, out);
  }
  return out;
}

tl::unexpected<Error> unknown(const WorkingSet& set, std::string_view name) {
  std::vector<std::string> names;
  for (const Resource& rsc : set.all_resources) names.emplace_back(without_number(rsc.id));
  const auto near = did_you_mean(name, names);
  return fail(ErrorKind::not_found, "there is no resource '{}'{}", name, near ? "; did you mean '" + *near + "'?" : "");
}

std::string verdict_text(const SummaryLine& line, const Resource& rsc) {
  const auto from = rsc.running_on.empty() ? std::string("nowhere") : rsc.running_on.front()->name;
  const auto to = rsc.assigned_to == nullptr ? std::string("nowhere") : rsc.assigned_to->name;
  const auto& verb = line.verb;
  if (verb == "Start") return "it starts on " + to;
  if (verb == "Stop") return "it stops on " + from;
  if (verb == "Move") return fmt::format("it moves from {} to {}", from, to);
  if (verb == "Migrate") return fmt::format("it is migrated from {} to {}", from, to);
  if (verb == "Recover") return "it is recovered on " + to;
  if (verb == "Restart") return "it is restarted on " + to;
  if (verb == "Reload") return fmt::format("it stays on {} and reads its parameters again", to);
  if (verb == "Promote") return "it is promoted on " + to;
  if (verb == "Demote") return "it is demoted on " + from;
  if (verb == "Re-promote") return "it is demoted and promoted again on " + to;
  return to_lower(verb);
}

std::string verdict_of(const std::vector<SummaryLine>& lines, const Resource& rsc) {
  std::string text;
  for (const SummaryLine& line : lines) {
    if (line.rsc != rsc.id || line.verb == "Fence" || line.verb == "Shutdown") continue;
    text += (text.empty() ? "" : "; ") + verdict_text(line, rsc);
    if (!line.reason.empty()) text += fmt::format(" (due to {})", line.reason);
    if (line.blocked) text += ", as soon as that is possible";
  }
  if (!text.empty()) return text;
  if (rsc.running_on.empty()) return "it stays stopped";
  const auto role = rsc.role > Role::started ? fmt::format(" ({})", name(rsc.role)) : std::string();
  return fmt::format("it stays on {}{}", rsc.running_on.front()->name, role);
}

std::string settled_text(const Resource& rsc) {
  const Settlement& settled = rsc.settlement;
  if (settled.by == Settled::unmanaged || settled.by == Settled::stopped) return std::string(name(settled.by));
  if (rsc.assigned_to == nullptr) return rsc.next_role_reason.empty() || settled.by == Settled::nowhere
      ? std::string(name(Settled::nowhere)) : fmt::format("no node: {}", rsc.next_role_reason);
  auto text = fmt::format("{}: {}", rsc.assigned_to->name, name(settled.by));
  if (settled.runner_up == nullptr) return text;
  return text + fmt::format(" ({}; next: {} with {})", model::to_string(settled.best), settled.runner_up->name, model::to_string(settled.next));
}

Place place_of(const WorkingSet& set, const Resource& rsc, const Node& node) {
  Place place;
  place.node = &node;
  const NodeEntry* entry = rsc.allowed.find(node);
  place.allowed = entry != nullptr;
  place.chosen = rsc.assigned_to == &node;
  place.unusable = why_unusable(node);
  if (entry != nullptr) {
    place.score = entry->score;
    place.because = contributions_of(set.ledger, entry->because);
  }
  if (!place.chosen) place.needed = obstacles(set, rsc, place);
  return place;
}

std::vector<Place> places_of(const WorkingSet& set, const Resource& rsc, std::string_view only) {
  std::vector<Place> places;
  for (const Node* node : set.nodes) {
    // The insides of bundles are nobody else's business
    if (node->discovery == Discovery::never && rsc.allowed.find(*node) == nullptr) continue;
    if (only.empty() || node->name == only) places.push_back(place_of(set, rsc, *node));
  }
  const auto rank = [](const Place& place) { return place.allowed ? place.score.value : -2 * Score::infinity; };
  std::stable_sort(places.begin(), places.end(), [&](const Place& a, const Place& b) {
    return rank(a) != rank(b) ? rank(a) > rank(b) : a.chosen && !b.chosen;
  });
  return places;
}

std::vector<std::string> cannot_run(const Resource& rsc) {
  std::vector<std::string> out;
  for (const Action* action : rsc.actions) {
    if (action->runnable || action->optional) continue;
    out.push_back(fmt::format("{}: {}", action_name(*action), action->why_not.empty() ? action->reason : action->why_not));
  }
  return out;
}

}  // namespace

std::vector<Contribution> contributions_of(const Ledger& ledger, std::uint32_t last) {
  std::vector<Contribution> out;
  for (std::uint32_t at = last; at != 0; at = ledger.at(at).before) out.push_back(ledger.at(at));
  std::reverse(out.begin(), out.end());
  return out;
}

std::vector<Contribution> counting(const std::vector<Contribution>& all) {
  const auto last = std::find_if(all.rbegin(), all.rend(), [](const Contribution& one) { return one.sets; });
  return {last == all.rend() ? all.begin() : std::prev(last.base()), all.end()};
}

Result<std::vector<Explanation>> explain(WorkingSet& set, std::string_view resource, std::string_view node) {
  if (!node.empty() && set.find_node(node) == nullptr) return fail(ErrorKind::not_found, "there is no node '{}'", node);
  const auto parts = named(set, resource);
  if (parts.empty()) return unknown(set, resource);
  const auto lines = summary(set);
  std::vector<Explanation> out;
  for (const Resource* rsc : parts) {
    Explanation one{rsc, verdict_of(lines, *rsc), settled_text(*rsc), places_of(set, *rsc, node), {}, cannot_run(*rsc)};
    if (rsc->top_inside().promotable) one.promotion = contributions_of(set.ledger, rsc->promotion_because);
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace relevo::policy
