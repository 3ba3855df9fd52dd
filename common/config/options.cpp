// The checks of values against the option table; see options.hpp. The table itself: option_rows.cpp.
#include "common/config/options.hpp"

#include <algorithm>

#include "common/base/text.hpp"
#include "common/config/option_rows.hpp"

namespace relevo::config {
namespace {

std::string allowed(const OptionRow& row) {
  switch (row.kind) {
    case Kind::boolean: return "yes or no";
    case Kind::text: return "any text";
    case Kind::choice: return join(split(row.choices, '|'), ", ");
    case Kind::number: break;
    case Kind::milliseconds: return fmt::format("a whole number of milliseconds from {} to {}", row.low, row.high);
  }
  if (row.low == row.high) return fmt::format("{}", row.low);
  return fmt::format("a whole number from {} to {}", row.low, row.high);
}

bool fits(const OptionRow& row, std::string_view value) {
  switch (row.kind) {
    case Kind::text: return true;
    case Kind::boolean: return parse_bool(value).has_value();
    case Kind::choice: {
      const auto words = split(row.choices, '|');
      return std::find(words.begin(), words.end(), value) != words.end();
    }
    case Kind::number:
    case Kind::milliseconds: break;
  }
  const auto n = parse_int(value);
  return n && *n >= row.low && *n <= row.high;
}

}  // namespace

const std::vector<OptionRow>& option_table() {
  static const std::vector<OptionRow> table = make_option_rows();
  return table;
}

const OptionRow* find_option(std::string_view section, std::string_view key) {
  for (const auto& row : option_table())
    if (row.section == section && row.key == key) return &row;
  return nullptr;
}

Status check_value(const OptionRow& row, const Entry& entry, std::string_view file) {
  if (row.use == Use::refused)
    return fail(ErrorKind::unsupported, "{}: line {}: '{}' in {} cannot be used: {}", file, entry.line, row.key,
                row.section, row.why);
  if (!fits(row, entry.value))
    return fail(ErrorKind::invalid, "{}: line {}: '{}' is not a value for '{}' in {}: allowed is {}{}{}", file, entry.line,
                entry.value.substr(0, 60), row.key, row.section, allowed(row), row.why.empty() ? "" : "; ", row.why);
  return {};
}

const OptionRow* find_raw_option(std::string_view raw_key) {
  const auto dot = raw_key.rfind('.');
  if (dot == std::string_view::npos) return nullptr;
  auto section = raw_key.substr(0, dot);
  // totem.interface.0 and nodelist.node.12: the number is no part of the section's path.
  const auto last = section.rfind('.');
  if (last != std::string_view::npos && parse_uint(section.substr(last + 1))) section = section.substr(0, last);
  return find_option(section, raw_key.substr(dot + 1));
}

bool is_known_section(std::string_view path) {
  static constexpr std::string_view known[] = {"totem",
                                               "totem.interface",
                                               "nodelist",
                                               "nodelist.node",
                                               "quorum",
                                               "quorum.device",
                                               "quorum.device.net",
                                               "quorum.device.heuristics",
                                               "logging",
                                               "logging.logger_subsys",
                                               "system",
                                               "uidgid"};
  return std::find(std::begin(known), std::end(known), path) != std::end(known);
}

}  // namespace relevo::config
