// crm_simulate's options as the field writes them: bundled letters, values joined or apart. No meaning here.
#pragma once

#include <string>
#include <vector>

#include "common/base/result.hpp"
#include "resmgr/policy/simulate/simulate.hpp"

namespace relevo::cli::simulate {

struct Options {
  enum class Source : unsigned char { none, live, file, pipe } source = Source::none;
  std::string xml_file;
  bool run = false;        ///< -R: plan
  bool simulate = false;   ///< -S: and carry it out on paper
  bool in_place = false;   ///< -X: and keep the result
  bool attributes = false, fail_counts = false, scores = false, utilization = false;
  bool quiet = false, all_actions = false, fancy = false;
  bool json = false, xml = false, help = false, version = false;
  int verbose = 0;
  std::string save_input, save_output, save_graph, save_dot, output_to;
  std::string profile;     ///< folder of files to be planned for their timing
  int repeat = 1;
  std::string datetime;
  std::string request;     ///< the command line, for the XML
  std::string root;        ///< of the running cluster, for -L
  policy::Injections injections;
};

/// Errors: invalid, with the words for standard error.
Result<Options> parse_options(const std::vector<std::string>& args);
[[nodiscard]] std::string help_text();

}  // namespace relevo::cli::simulate
