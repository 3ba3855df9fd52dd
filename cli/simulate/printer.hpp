// Lines of crm_simulate's text in both forms, with one blank line between sections.
#pragma once

#include <string>
#include <vector>

#include "resmgr/policy/assign/assign.hpp"
#include "resmgr/policy/simulate/report.hpp"

namespace relevo::cli::simulate {

class Printer {
 public:
  /// `quiet`: nothing but what was asked for by name.
  Printer(bool fancy, bool quiet) : fancy_(fancy), quiet_(quiet) {}

  /// A line outside any section.
  void info(const std::string& line);
  /// Begins a section, with a blank line before it unless it is the `first`.
  void section(const std::string& text, bool first = false);
  void line(const policy::ReportLine& line);
  /// A line in the form for people (`  * Stop ...`).
  void bullet(const std::string& line);
  /// Printed in spite of quiet.
  /// What stands above them; what planning has to say may come between.
  void scores_title(bool scores, bool utilization);
  void scores(const policy::AssignmentLog& log, bool scores, bool utilization);

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  void title(const std::string& text);
  void put(const std::string& line) { text_ += line + "\n"; }

  bool fancy_, quiet_;
  std::string text_;
};

}  // namespace relevo::cli::simulate
