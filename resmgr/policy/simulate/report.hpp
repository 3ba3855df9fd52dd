// A report as lines with a depth: lists with headings for people, or the bare entries. Only the form, no content.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace relevo::policy {

/// One line: a heading that opens a list, an entry of it, or a blank line between lists.
struct ReportLine {
  enum class Kind : unsigned char { heading, entry, blank } kind = Kind::entry;
  int depth = 1;        ///< 0 is the left margin: no bullet there
  std::string label{};  ///< stands before an entry in the form for people (`Online`)
  std::string text{};
};

/// `  * Resource Group: g:` and `    * Online: [ n1 ]`. The bare form has no headings, no bullets and no labels, and then nothing is
/// given for what falls away. Source: crm_simulate(8), `--text-fancy`, as recorded.
[[nodiscard]] std::optional<std::string> render(const ReportLine& line, bool fancy);

/// Names in an order for people: case does not count, and runs of digits compare as numbers (`n2` before `n10`).
[[nodiscard]] int compare_names(std::string_view a, std::string_view b);

/// `[ n1 n2 ]`
[[nodiscard]] std::string bracketed(const std::vector<std::string>& names);

}  // namespace relevo::policy
