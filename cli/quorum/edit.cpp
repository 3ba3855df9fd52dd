// Line by line editing of the quorum section; see edit.hpp.
#include "cli/quorum/edit.hpp"

#include <algorithm>
#include <array>

#include "common/base/text.hpp"

namespace relevo::cli::quorum {
namespace {

/// A line with the section that it stands in. A line that opens or closes a section stands in that one.
struct Line {
  std::string text;
  std::string section;  ///< `quorum.device`
  bool closes = false;
};

/// Read as the parser of the configuration reads it: `name {` opens, `}` closes, `#` begins a comment.
std::vector<Line> read_lines(std::string_view text) {
  std::vector<Line> out;
  std::vector<std::string> open;
  for (auto& written : split(text, '\n')) {
    const std::string line(trim(written));
    const bool comment = line.starts_with('#');
    const bool closes = line == "}";
    if (!comment && line.ends_with('{')) open.emplace_back(trim(std::string_view(line).substr(0, line.size() - 1)));
    out.push_back({std::move(written), join(open, "."), closes});
    if (closes && !open.empty()) open.pop_back();
  }
  return out;
}

bool is_of_device(const Line& line) { return line.section == "quorum.device" || line.section.starts_with("quorum.device."); }

/// Of two ways to decide an even split, the configuration may name one. Source: votequorum(5), "two_node", "qdevice".
bool excludes_device(const Line& line) {
  constexpr std::array<std::string_view, 6> names{"two_node",         "last_man_standing",     "last_man_standing_window",
                                                  "auto_tie_breaker", "auto_tie_breaker_node", "allow_downscale"};
  if (line.section != "quorum") return false;
  const auto key = trim(std::string_view(line.text).substr(0, line.text.find(':')));
  return std::find(names.begin(), names.end(), key) != names.end();
}

std::string text_of(const std::vector<Line>& lines) {
  std::vector<std::string> texts;
  for (const auto& line : lines) texts.push_back(line.text);
  return join(texts, "\n");
}

/// As the quorum section's own lines are indented; four blanks where there are none.
std::string indent_of(const std::vector<Line>& lines) {
  for (const auto& line : lines) {
    if (line.section != "quorum" || line.text.find(':') == std::string::npos) continue;
    return line.text.substr(0, line.text.find_first_not_of(" \t"));
  }
  return "    ";
}

std::vector<Line> section_of(const DeviceWords& words, const std::string& indent) {
  std::vector<Line> out;
  const auto add = [&](std::size_t depth, const std::string& text) {
    std::string blanks;
    for (std::size_t i = 0; i < depth; ++i) blanks += indent.empty() ? "    " : indent;
    out.push_back({blanks + text, "", false});
  };
  add(1, "device {");
  add(2, "model: net");
  for (const auto& [name, value] : words.device) add(2, name + ": " + value);
  add(2, "net {");
  for (const auto& [name, value] : words.net) add(3, name + ": " + value);
  add(2, "}");
  add(1, "}");
  return out;
}

}  // namespace

Result<Edited> add_device(std::string_view text, const DeviceWords& words) {
  auto lines = read_lines(text);
  if (std::any_of(lines.begin(), lines.end(), is_of_device))
    return fail(ErrorKind::exists, "quorum device is already defined: 'relevo quorum device remove' takes it out");
  const auto indent = indent_of(lines);
  Edited out;
  for (const auto& line : lines)
    if (excludes_device(line)) out.removed.emplace_back(trim(line.text));
  std::erase_if(lines, excludes_device);
  const auto end = std::find_if(lines.begin(), lines.end(), [](const Line& line) { return line.section == "quorum" && line.closes; });
  if (end == lines.end())
    return fail(ErrorKind::not_found,
                "the configuration has no quorum section, so every partition may act: add 'quorum {{ provider: corosync_votequorum }}' "
                "to it first, on three lines");
  const auto device = section_of(words, indent);
  lines.insert(end, device.begin(), device.end());
  out.text = text_of(lines);
  return out;
}

Result<Edited> remove_device(std::string_view text) {
  auto lines = read_lines(text);
  if (std::erase_if(lines, is_of_device) == 0) return fail(ErrorKind::not_found, "no quorum device is defined in this cluster");
  return Edited{text_of(lines), {}};
}

}  // namespace relevo::cli::quorum
