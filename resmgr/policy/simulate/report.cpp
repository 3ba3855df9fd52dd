// Rendering of report lines, see report.hpp.
#include "resmgr/policy/simulate/report.hpp"

#include <fmt/format.h>

#include "common/base/text.hpp"

namespace relevo::policy {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
int lower(char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : static_cast<unsigned char>(c); }

/// The run of digits at the front, without leading zeros; taken off `text`.
std::string_view take_number(std::string_view& text) {
  std::size_t end = 0;
  while (end < text.size() && is_digit(text[end])) ++end;
  auto digits = text.substr(0, end);
  text.remove_prefix(end);
  while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
  return digits;
}

}  // namespace

std::optional<std::string> render(const ReportLine& line, bool fancy) {
  if (line.kind == ReportLine::Kind::blank) return std::string{};
  const bool heading = line.kind == ReportLine::Kind::heading;
  if (!fancy) return heading ? std::nullopt : std::optional(line.text);
  const auto bullet = line.depth > 0 ? fmt::format("{:{}}* ", "", line.depth * 2) : std::string{};
  if (heading) return fmt::format("{}{}:", bullet, line.text);
  if (line.label.empty()) return bullet + line.text;
  return fmt::format("{}{}: {}", bullet, line.label, line.text);
}

int compare_names(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    if (is_digit(a.front()) && is_digit(b.front())) {
      const auto left = take_number(a), right = take_number(b);
      if (left.size() != right.size()) return left.size() < right.size() ? -1 : 1;
      if (const int order = left.compare(right); order != 0) return order;
      continue;
    }
    if (const int order = lower(a.front()) - lower(b.front()); order != 0) return order;
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  return a.empty() == b.empty() ? 0 : a.empty() ? -1 : 1;
}

std::string bracketed(const std::vector<std::string>& names) { return fmt::format("[ {} ]", join(names, " ")); }

}  // namespace relevo::policy
