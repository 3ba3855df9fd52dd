// Counting and printing.
#include "tests/sim_stack/coverage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace relevo::sim {

namespace {
bool is_numeric(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool is_of_number(char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0 || c == '.' || c == ':'; }
}  // namespace

std::string without_numbers(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const bool begins = is_numeric(text[i]) && (i == 0 || std::isalpha(static_cast<unsigned char>(text[i - 1])) == 0);
    if (!begins) {
      out += text[i++];
      continue;
    }
    while (i < text.size() && is_of_number(text[i])) ++i;
    if (out.size() < 2 || out.substr(out.size() - 2) != "# ") out += '#';
    else out.pop_back();
  }
  return out;
}

void Coverage::hit(std::string_view kind, std::uint64_t times) {
  if (times == 0) return;
  if (const auto it = kinds_.find(kind); it != kinds_.end()) it->second += times;
  else kinds_.emplace(kind, times);
}

void Coverage::note(std::string_view text) { hit("note: " + without_numbers(text)); }

void Coverage::add_counters(const std::map<std::string, std::uint64_t>& counters) {
  for (const auto& [name, count] : counters) hit("counter: " + name, count);
}

std::uint64_t Coverage::count(std::string_view kind) const {
  std::uint64_t sum = 0;
  const bool whole = !kind.starts_with("note: ");
  for (auto it = kinds_.lower_bound(kind); it != kinds_.end() && it->first.starts_with(kind); ++it)
    if (!whole || it->first == kind) sum += it->second;
  return sum;
}

std::string Coverage::table() const {
  std::string out;
  for (const auto kind : required_kinds()) out += fmt::format("{:>12}  {}\n", count(kind), kind);
  out += "not required:\n";
  for (const auto& [kind, times] : kinds_) {
    const bool is_required = std::ranges::any_of(required_kinds(), [&](std::string_view r) { return kind == r || (r.starts_with("note: ") && kind.starts_with(r)); });
    if (!is_required) out += fmt::format("{:>12}  {}\n", times, kind);
  }
  return out;
}

std::vector<std::string> Coverage::missing() const {
  std::vector<std::string> out;
  for (const auto kind : required_kinds())
    if (count(kind) == 0) out.emplace_back(kind);
  return out;
}

}  // namespace relevo::sim
