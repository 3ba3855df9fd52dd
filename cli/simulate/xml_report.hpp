// crm_simulate's course as XML (--output-as=xml): the elements that programs written for Pacemaker read. What the text tells in
// lines becomes elements here; nothing is decided.
#pragma once

#include <string>
#include <vector>

#include <pugixml.hpp>

#include "resmgr/policy/assign/assign.hpp"
#include "resmgr/policy/graph/graph.hpp"
#include "resmgr/policy/simulate/status_xml.hpp"

namespace relevo::cli::simulate {

/// Source: the schema api-result 2.25, as recorded from crm_simulate 2.1.5.
class XmlReport {
 public:
  /// `request`: the command line.
  explicit XmlReport(const std::string& request);

  void status(const char* name, policy::WorkingSet& set, const policy::StatusXml& what);
  /// Lines of inject().
  void modifications(const std::vector<std::string>& lines);
  void scores(const policy::AssignmentLog& log, bool scores, bool utilization);
  void actions(const std::vector<policy::SummaryLine>& lines);
  /// Lines of execute().
  void transition(const std::vector<std::string>& lines);
  /// The whole, with how it ended.
  [[nodiscard]] std::string text(int code, const std::string& message);

 private:
  pugi::xml_document document_;
  pugi::xml_node root_;
};

}  // namespace relevo::cli::simulate
