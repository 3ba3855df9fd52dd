// See support.hpp.
#include "tests/scheduler/support.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "resmgr/scheduler/render.hpp"

namespace relevo::test {
namespace {

std::string lines(const std::vector<std::string>& all) {
  std::string text;
  for (const std::string& line : all) text += line + "\n";
  return text;
}

}  // namespace

std::string read_text(const std::string& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

void write_text(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

Result<cib::Document> lenient(const std::string& text) {
  cib::Document document;
  const auto parsed = document.xml().load_string(text.c_str());
  if (!parsed) return fail(ErrorKind::invalid, "{} at byte {}", parsed.description(), parsed.offset);
  return document;
}

std::vector<std::string> score_lines(const scheduler::Plan& plan) {
  std::vector<std::string> all;
  for (const auto& entry : plan.scores)
    all.push_back(
        fmt::format("{} allocation score on {}: {}", entry.resource, entry.node, model::to_string(entry.score)));
  std::sort(all.begin(), all.end());
  return all;
}

std::string plan_text(const scheduler::Plan& plan) {
  return "Warnings:\n" + lines(plan.warnings) + "Summary:\n" + lines(scheduler::summary_lines(plan)) + "Scores:\n" +
         lines(score_lines(plan)) + "Actions:\n" + lines(scheduler::action_lines(plan));
}

std::string why_text(const model::ClusterState& state, const scheduler::Plan& plan) {
  std::string text;
  for (const auto& placement : plan.placements)
    if (const auto told = scheduler::explain(state, plan, placement.resource)) text += lines(*told);
  return text;
}

}  // namespace relevo::test
