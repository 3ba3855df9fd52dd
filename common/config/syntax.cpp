// Line by line reading of corosync.conf; see syntax.hpp.
#include "common/config/syntax.hpp"

#include <algorithm>

#include "common/base/text.hpp"
#include "common/config/cluster_config.hpp"

namespace relevo::config {
namespace {

class Parser {
 public:
  Parser(std::string_view text, std::string_view file) : text_(text), file_(file) {}

  Result<Section> run() {
    Section root;
    open_.push_back(&root);
    while (!text_.empty()) {
      ++line_;
      if (auto done = take_line(next_line()); !done) return pass(done.error());
    }
    if (open_.size() > 1)
      return fail(ErrorKind::invalid, "{}: line {}: section '{}' is never closed: add a '}}'", file_, open_.back()->line,
                  open_.back()->name);
    return root;
  }

 private:
  std::string_view next_line() {
    const auto end = text_.find('\n');
    const auto line = text_.substr(0, end);
    text_.remove_prefix(end == std::string_view::npos ? text_.size() : end + 1);
    return trim(line);
  }

  Status take_line(std::string_view line) {
    if (line.empty() || line.front() == '#') return {};
    if (std::any_of(line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t'; }))
      return fail(ErrorKind::invalid, "{}: line {}: control character in the line", file_, line_);
    if (line == "}") return close();
    if (line.back() == '{') return open(trim(line.substr(0, line.size() - 1)));
    const auto colon = line.find(':');
    if (colon == std::string_view::npos)
      return fail(ErrorKind::invalid, "{}: line {}: '{}' is neither 'key: value' nor 'section {{' nor '}}'", file_, line_,
                  line.substr(0, 60));
    return entry(trim(line.substr(0, colon)), trim(line.substr(colon + 1)));
  }

  Status open(std::string_view name) {
    if (name.empty() || name.find_first_of(" \t:{}") != std::string_view::npos)
      return fail(ErrorKind::invalid, "{}: line {}: a section needs one word before '{{'", file_, line_);
    if (open_.size() > max_config_depth)
      return fail(ErrorKind::invalid, "{}: line {}: sections are nested deeper than {}", file_, line_, max_config_depth);
    // Only the innermost open section grows, so the addresses of those around it stay.
    open_.push_back(&open_.back()->sections.emplace_back(Section{std::string(name), line_, {}, {}}));
    return {};
  }

  Status close() {
    if (open_.size() == 1) return fail(ErrorKind::invalid, "{}: line {}: '}}' closes nothing", file_, line_);
    open_.pop_back();
    return {};
  }

  Status entry(std::string_view key, std::string_view value) {
    if (key.empty() || key.find_first_of(" \t{}") != std::string_view::npos)
      return fail(ErrorKind::invalid, "{}: line {}: '{}' is not a key", file_, line_, key.substr(0, 60));
    if (value.empty()) return fail(ErrorKind::invalid, "{}: line {}: '{}' has no value", file_, line_, key);
    open_.back()->entries.push_back({std::string(key), std::string(value), line_});
    return {};
  }

  std::string_view text_, file_;
  std::size_t line_ = 0;
  std::vector<Section*> open_;
};

}  // namespace

Result<Section> parse_sections(std::string_view text, std::string_view file) {
  if (text.size() > max_config_size)
    return fail(ErrorKind::invalid, "{}: larger than {} bytes", file, max_config_size);
  return Parser(text, file).run();
}

}  // namespace relevo::config
