// The options of crm_mon.
#pragma once

#include <string>
#include <vector>

#include "cli/view/text.hpp"
#include "common/base/result.hpp"
#include "common/base/time.hpp"

namespace relevo::cli::mon {

enum class Format { console, text, xml, json };

struct Options {
  view::TextOptions text;
  Format format = Format::console;
  bool one_shot = false, simple = false, help = false, version = false;
  std::string root, cib_file;
  Duration interval = std::chrono::seconds(5);  ///< -i: the clock is redrawn at least this often; changes come at once
  std::string request;                          ///< as typed, for the XML
};

/// Errors: invalid, with the near option.
Result<Options> parse_options(const std::vector<std::string>& args);
[[nodiscard]] const char* help_text();

}  // namespace relevo::cli::mon
