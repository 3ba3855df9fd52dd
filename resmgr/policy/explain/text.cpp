// Explanations as lines for people and as data. See explain.hpp.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "resmgr/policy/explain/explain.hpp"

namespace relevo::policy {
namespace {

using nlohmann::json;

/// What begins a sum is told only where it is all there is.
bool is_worth_telling(const std::vector<Contribution>& all, const Contribution& one) {
  return all.size() == 1 || one.delta.value != 0;
}

void put_contributions(const WorkingSet& set, const Resource& rsc, const std::vector<Contribution>& because, std::vector<std::string>& lines) {
  const auto counted = counting(because);
  for (const Contribution& one : counted) {
    if (!is_worth_telling(counted, one)) continue;
    lines.push_back(fmt::format("    {:>9}  {}", model::to_string(one.delta), told(set, rsc, one)));
  }
}

void put_place(const WorkingSet& set, const Explanation& of, const Place& place, std::vector<std::string>& lines) {
  std::string mark;
  if (!place.unusable.empty()) mark = fmt::format(" (not available: it {})", place.unusable);
  if (place.chosen) mark += of.rsc->running_on.size() == 1 && of.rsc->running_on.front() == place.node ? " <- it stays here" : " <- chosen";
  lines.push_back(fmt::format("  {}: {}{}", place.node->name, place.allowed ? model::to_string(place.score) : "not allowed", mark));
  put_contributions(set, *of.rsc, place.because, lines);
  for (const auto& text : place.needed) lines.push_back("    to run here: " + text);
}

json to_json(const std::vector<Contribution>& because) {
  json out = json::array();
  for (const Contribution& c : because) {
    out.push_back({{"cause", name(c.cause)}, {"subject", c.subject}, {"score", model::to_string(c.delta)}, {"sets", c.sets}});
  }
  return out;
}

json to_json(const Place& place) {
  return {{"node", place.node->name},
          {"score", place.allowed ? json(model::to_string(place.score)) : json(nullptr)},
          {"chosen", place.chosen},
          {"unusable", place.unusable},
          {"because", to_json(place.because)},
          {"needed", place.needed}};
}

}  // namespace

std::vector<std::string> explain_text(const WorkingSet& set, const std::vector<Explanation>& explanations) {
  std::vector<std::string> lines;
  for (const Explanation& of : explanations) {
    if (!lines.empty()) lines.emplace_back();
    lines.push_back(fmt::format("{}: {}", of.rsc->id, of.verdict));
    lines.push_back("  decided by: " + of.settled);
    for (const Place& place : of.places) put_place(set, of, place, lines);
    if (!of.promotion.empty()) {
      lines.push_back(fmt::format("  promotion: {}, it shall be {}", model::to_string(Score(of.rsc->sort_index)), name(of.rsc->next_role)));
      put_contributions(set, *of.rsc, of.promotion, lines);
    }
    for (const auto& text : of.cannot) lines.push_back("  cannot run: " + text);
  }
  return lines;
}

json explain_json(const std::vector<Explanation>& explanations) {
  json out = json::array();
  for (const Explanation& of : explanations) {
    json places = json::array();
    for (const Place& place : of.places) places.push_back(to_json(place));
    out.push_back({{"resource", of.rsc->id},
                   {"verdict", of.verdict},
                   {"role", name(of.rsc->role)},
                   {"next_role", name(of.rsc->next_role)},
                   {"decided_by", name(of.rsc->settlement.by)},
                   {"settled", of.settled},
                   {"nodes", std::move(places)},
                   {"promotion", to_json(of.promotion)},
                   {"cannot_run", of.cannot}});
  }
  return out;
}

}  // namespace relevo::policy
