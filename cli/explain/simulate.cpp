// `relevo simulate`; see explain.hpp. What happens is the policy engine's to say; here it is set side by side.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "cli/explain/explain.hpp"
#include "cli/explain/source.hpp"
#include "cli/support/output.hpp"
#include "common/base/text.hpp"
#include "resmgr/policy/simulate/what_if.hpp"

namespace relevo::cli::explain {
namespace {

using nlohmann::json;
using policy::WhatIf;

struct Words {
  const char* option;
  const char* placeholder;
  const char* help;
  WhatIf what;
};
constexpr Words all_words[] = {  // in the order in which they happen
    {"--fail", "RESOURCE[@NODE]", "its monitor fails", WhatIf::fail},
    {"--standby", "NODE", "the node is put in standby", WhatIf::standby},
    {"--unstandby", "NODE", "the node is taken out of standby", WhatIf::unstandby},
    {"--kill", "NODE", "the node fails at once", WhatIf::kill},
    {"--stop", "NODE", "the cluster is stopped there in an orderly way", WhatIf::stop},
    {"--start", "NODE", "the node comes up", WhatIf::start},
    {"--delete", "CONSTRAINT", "the constraint is deleted", WhatIf::remove},
    {"--location", "RESOURCE=NODE[:SCORE]", "the resource is told to go there", WhatIf::location},
    {"--disable", "RESOURCE", "the resource is disabled", WhatIf::disable},
    {"--enable", "RESOURCE", "the resource is enabled", WhatIf::enable},
};

std::string state_text(const policy::Whereabouts& one) {
  std::vector<std::string> roles;
  for (auto at = one.nodes.rbegin(); at != one.nodes.rend(); ++at) roles.push_back(fmt::format("{} {}", policy::name(at->first), join(at->second, ", ")));
  return roles.empty() ? std::string(policy::name(policy::Role::stopped)) : join(roles, "; ");
}

struct Row {
  std::string rsc, before, after;
};

std::vector<Row> rows_of(const policy::Course& course) {
  std::vector<Row> rows;
  for (const auto& one : course.before) rows.push_back({one.rsc, state_text(one), "gone"});
  for (const auto& one : course.after) {
    const auto known = std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.rsc == one.rsc; });
    if (known != rows.end()) known->after = state_text(one);
    else rows.push_back({one.rsc, "not there", state_text(one)});
  }
  return rows;
}

void print_rows(const std::vector<Row>& rows) {
  std::size_t name = 8, before = 6;
  for (const Row& row : rows) {
    name = std::max(name, row.rsc.size());
    before = std::max(before, row.before.size());
  }
  say("  {:<{}}  {:<{}}  after", "resource", name, "before", before);
  for (const Row& row : rows) say("{} {:<{}}  {:<{}}  {}", row.before == row.after ? " " : "*", row.rsc, name, row.before, before, row.after);
}

/// What is really done: points in time are nothing to people.
std::vector<std::string> steps_of(const policy::Transition& transition) {
  std::vector<std::string> steps;
  for (const auto& line : transition.executed) {
    if (!line.starts_with("  * Pseudo action:")) steps.push_back(line);
  }
  return steps;
}

void print_transitions(const policy::Course& course) {
  std::size_t number = 0;
  for (const auto& transition : course.transitions) {
    say("");
    say("{}", ++number == 1 ? "What the cluster would do:" : "And then:");
    for (const auto& line : transition.lines) print_line(line);
    const auto steps = steps_of(transition);
    if (!transition.lines.empty() && !steps.empty()) say("  in this order:");
    for (const auto& line : steps) print_line("  " + line);
  }
  say("");
  if (course.transitions.empty()) say("The cluster would do nothing.");
  if (!course.rests) say("After {} transitions it was still not at rest.", course.transitions.size());
  say("Nothing was changed: this was on paper.");
}

json to_json(const std::vector<std::string>& told, const policy::Course& course) {
  json rows = json::array(), transitions = json::array();
  for (const Row& row : rows_of(course)) {
    rows.push_back({{"resource", row.rsc}, {"before", row.before}, {"after", row.after}, {"changes", row.before != row.after}});
  }
  for (const auto& transition : course.transitions) {
    json changes = json::array();
    for (const auto& line : transition.changes) {
      changes.push_back({{"what", line.verb}, {"subject", line.rsc}, {"details", line.details}, {"reason", line.reason}});
    }
    transitions.push_back({{"changes", std::move(changes)}, {"steps", transition.executed}});
  }
  return {{"supposed", told}, {"resources", std::move(rows)}, {"transitions", std::move(transitions)}, {"rests", course.rests}};
}

/// Suppositions in the order of the list above, as the options gave them.
std::vector<policy::Supposition> suppositions_of(const std::vector<std::vector<std::string>>& given) {
  std::vector<policy::Supposition> out;
  for (std::size_t i = 0; i < std::size(all_words); ++i) {
    for (const auto& subject : given[i]) out.push_back({all_words[i].what, subject});
  }
  return out;
}

}  // namespace

int simulate(const std::vector<std::string>& args) {
  Source source;
  Options options("relevo simulate [--standby NODE] [--kill NODE] [--delete CONSTRAINT] ...",
                  "What if: what the cluster would do, and where everything would be. All suppositions hold together. Nothing is changed.");
  std::vector<std::vector<std::string>> given(std::size(all_words));
  for (std::size_t i = 0; i < std::size(all_words); ++i) options.values(all_words[i].option, all_words[i].placeholder, all_words[i].help, given[i]);
  options.words(0, 0);
  source.declare(options);
  if (const auto ended = options.parse_or_end(args)) return *ended;
  auto input = read_input(source);
  if (!input) return print_error(input.error());
  const auto before = policy::whereabouts_in(*input->cib, input->now);
  if (!before) return print_error(before.error());
  const auto told = policy::suppose(*input->cib, input->now, suppositions_of(given));
  if (!told) return print_error(told.error());
  auto course = policy::run_course(*input->cib, input->now);
  if (!course) return print_error(course.error());
  course->before = *before;
  if (source.json) {
    print_json(to_json(*told, *course));
    return 0;
  }
  if (told->empty()) say("As things are:");
  else say("What if {}:", join(*told, ", and "));
  print_rows(rows_of(*course));
  print_transitions(*course);
  return 0;
}

}  // namespace relevo::cli::explain
