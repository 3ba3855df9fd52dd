// Location constraints: for one resource, a pattern, a set or a tag; with a node and a score, or with rules.
#include <regex.h>

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "resmgr/policy/constraints/constraints.hpp"
#include "resmgr/policy/constraints/readers.hpp"
#include "resmgr/policy/set/values.hpp"

namespace relevo::policy {
namespace {

void add_role(ConstraintReader& reader, Location& location, std::string_view role) {
  if (role.empty()) return;
  const Role filter = role_of(role);
  if (filter == Role::unknown) {
    reader.error(fmt::format("Invalid constraint {}: Bad role {}", location.id, role));
  } else if (filter == Role::stopped || filter == Role::promoted) {
    location.role = filter;  // the others are in every active state, so they filter nothing
  }
}

/// `role` and `score` as a set gives them; empty: as the constraint does.
void read_for(ConstraintReader& reader, pugi::xml_node constraint, Resource& rsc, std::string_view role, std::string_view score,
              const PatternMatch* match) {
  const auto node = text_of(constraint, "node"), discovery = text_of(constraint, "resource-discovery");
  if (score.empty()) score = text_of(constraint, "score");
  if (role.empty()) role = text_of(constraint, "role");
  if (!node.empty() && !score.empty()) {
    Node* named = reader.set.find_node(node);
    if (named == nullptr) return;
    auto& location = make_location(reader.set, text_of(constraint, "id"), rsc, discovery, Cause::location);
    location.scores.emplace_back(named, Score(score_of(reader.set, score)));
    add_role(reader, location, role);
    return;
  }
  bool empty = true;
  for (auto rule = constraint.child("rule"); rule; rule = rule.next_sibling("rule")) {
    empty = false;
    read_location_rule(reader, rsc, rule, discovery, match);
  }
  if (empty) {
    reader.error(fmt::format("Ignoring constraint '{}' because it contains no rules", text_of(constraint, "id")));
  }
}

/// Compiling a pattern unrolls its repetitions and goes as deep as its brackets: what takes too much of either is refused.
bool is_modest(std::string_view pattern) {
  constexpr std::size_t longest = 2'000, most_brackets = 100, most_copies = 1'000;
  std::size_t brackets = 0, copies = 1, number = 0;
  bool counting = false;
  for (const char c : pattern) {
    if (c == '(') ++brackets;
    if (c == '{') counting = true;
    if (counting && c >= '0' && c <= '9') number = std::min(number * 10 + static_cast<std::size_t>(c - '0'), most_copies + 1);
    if (c == ',' || c == '}') {
      copies = std::min(copies * std::max<std::size_t>(number, 1), most_copies + 1);
      number = 0;
    }
    if (c == '}') counting = false;
  }
  return pattern.size() <= longest && brackets <= most_brackets && copies <= most_copies;
}

/// A compiled pattern, freed at the end.
class Pattern {
 public:
  explicit Pattern(const std::string& text) : valid_(is_modest(text) && regcomp(&compiled_, text.c_str(), REG_EXTENDED) == 0) {}
  ~Pattern() {
    if (valid_) regfree(&compiled_);
  }
  Pattern(const Pattern&) = delete;
  Pattern& operator=(const Pattern&) = delete;

  [[nodiscard]] bool valid() const { return valid_; }
  [[nodiscard]] bool match(const std::string& subject, PatternMatch& result) const {
    std::vector<regmatch_t> groups(compiled_.re_nsub + 1);
    if (regexec(&compiled_, subject.c_str(), groups.size(), groups.data(), 0) != 0) return false;
    result.subject = subject;
    result.groups.clear();
    for (const auto& group : groups) result.groups.emplace_back(group.rm_so, group.rm_eo);
    return true;
  }

 private:
  regex_t compiled_{};
  bool valid_;
};

void read_pattern(ConstraintReader& reader, pugi::xml_node constraint, std::string_view text) {
  const bool inverted = text.starts_with('!');
  const Pattern pattern{std::string(text.substr(inverted ? 1 : 0))};
  if (!pattern.valid()) {
    reader.error(fmt::format("Ignoring constraint '{}' because rsc-pattern has invalid value '{}'", text_of(constraint, "id"),
                             text.substr(inverted ? 1 : 0)));
    return;
  }
  PatternMatch match;
  for (Resource* rsc : reader.set.resources) {
    if (pattern.match(rsc->id, match) != inverted) read_for(reader, constraint, *rsc, {}, {}, inverted ? nullptr : &match);
  }
}

/// False when it cannot be used: what comes after it does not count either.
bool read_set(ConstraintReader& reader, pugi::xml_node constraint, const ResourceSet& set) {
  if (set.broken) return false;
  if (set.id.empty()) {
    reader.error(fmt::format("Ignoring resource_set without id in constraint '{}'", text_of(constraint, "id")));
    return false;
  }
  for (const auto& id : set.members) {
    Resource* rsc = member(reader, set.id, id);
    if (rsc == nullptr) return false;
    read_for(reader, constraint, *rsc, set.role, set.score, nullptr);
  }
  return true;
}

void read_single(ConstraintReader& reader, pugi::xml_node constraint, std::string_view id) {
  if (!is_known(reader, text_of(constraint, "id"), id)) return;
  if (Resource* rsc = find_constrained(reader, id)) {
    read_for(reader, constraint, *rsc, {}, {}, nullptr);
    return;
  }
  ResourceSet tagged = end_as_set(reader, id);
  tagged.role = text_of(constraint, "role");
  (void)read_set(reader, constraint, tagged);
}

}  // namespace

void read_location(ConstraintReader& reader, pugi::xml_node constraint) {
  const auto sets = read_sets(reader, constraint);
  for (const auto& set : sets) {
    if (!read_set(reader, constraint, set)) return;
  }
  if (!sets.empty()) return;
  const auto id = text_of(constraint, "rsc"), pattern = text_of(constraint, "rsc-pattern");
  if (!id.empty()) read_single(reader, constraint, id);
  if (!pattern.empty()) read_pattern(reader, constraint, pattern);
}

Location& make_location(WorkingSet& set, std::string_view id, Resource& rsc, std::string_view discovery, Cause cause) {
  auto& location = set.all_locations.emplace_back();
  location.id = id;
  location.rsc = &rsc;
  location.cause = cause;
  if (discovery == "never") {
    location.discovery = Discovery::never;
  } else if (discovery == "exclusive") {
    location.discovery = Discovery::exclusive;
    rsc.exclusive_discovery = true;
  } else if (!discovery.empty() && discovery != "always") {
    set.say(Notice::Level::error, fmt::format("Invalid resource-discovery value {} in location constraint", discovery));
  }
  set.locations.push_back(&location);
  rsc.locations.push_back(&location);
  return location;
}

Location* new_location(WorkingSet& set, std::string_view id, Resource& rsc, int score, Cause cause, Node* node) {
  auto& location = make_location(set, id, rsc, {}, cause);
  if (node != nullptr) {
    location.scores.emplace_back(node, Score(score));
    return &location;
  }
  for (Node* each : set.nodes) location.scores.emplace_back(each, Score(score));
  return &location;
}

}  // namespace relevo::policy
