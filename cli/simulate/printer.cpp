// The text's form; see printer.hpp.
#include "cli/simulate/printer.hpp"

#include <fmt/format.h>

#include "resmgr/policy/set/resource.hpp"

namespace relevo::cli::simulate {
namespace {

constexpr std::string_view bullet_mark = "  * ";

std::string score_text(const policy::ScoreLine& line) {
  const auto& id = line.rsc != nullptr ? line.rsc->id : std::string("?");
  const auto score = model::to_string(line.score);
  if (line.function.empty()) return fmt::format("{} promotion score on {}: {}", id, line.node, score);
  return fmt::format("{}: {} allocation score on {}: {}", line.function, id, line.node, score);
}

}  // namespace

void Printer::info(const std::string& line) {
  if (!quiet_) put(line);
}

void Printer::title(const std::string& text) {
  if (fancy_) put(text + ":");
}

void Printer::section(const std::string& text, bool first) {
  if (quiet_) return;
  if (!first) put("");
  title(text);
}

void Printer::line(const policy::ReportLine& line) {
  if (quiet_) return;
  if (const auto shown = render(line, fancy_)) put(*shown);
}

void Printer::bullet(const std::string& line) {
  if (quiet_) return;
  put(!fancy_ && line.starts_with(bullet_mark) ? line.substr(bullet_mark.size()) : line);
}

void Printer::scores_title(bool scores, bool utilization) {
  if (!quiet_) put("");
  title(!utilization ? "Allocation Scores" : !scores ? "Utilization Information" : "Allocation Scores and Utilization Information");
}

void Printer::scores(const policy::AssignmentLog& log, bool scores, bool utilization) {
  const std::string mark(fancy_ ? bullet_mark : "");
  std::size_t told = 0;
  const auto scores_until = [&](std::size_t end) {
    for (; scores && told < end; ++told) put(mark + score_text(log.scores[told]));
  };
  for (const auto& line : log.utilization) {
    if (!utilization) break;
    scores_until(line.scores_before);
    put(mark + line.text);
  }
  scores_until(log.scores.size());
}

}  // namespace relevo::cli::simulate
