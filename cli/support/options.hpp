// The options of one verb: declared once, parsed, explained by --help. No sub-commands here (commands.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"

namespace relevo::cli {

/// `--name VALUE`, `--name=VALUE`, `-n VALUE`, flags, and words. Unknown options name the nearest known one.
class Options {
 public:
  /// `usage` is the line after "Usage: "; `about` one sentence.
  Options(std::string usage, std::string about);

  Options& flag(std::string names, std::string help, bool& target);
  Options& value(std::string names, std::string placeholder, std::string help, std::string& target);
  /// The same, any number of times.
  Options& values(std::string names, std::string placeholder, std::string help, std::vector<std::string>& target);
  /// A whole number from `low` to `high`.
  Options& number(std::string names, std::string help, std::uint32_t& target, std::uint32_t low, std::uint32_t high);
  /// After this many words everything that follows is taken as it stands (also what looks like an option).
  Options& stop_after(std::size_t words);
  /// Fewer or more words than this are an error that shows the usage.
  Options& words(std::size_t least, std::size_t most);

  /// The words in order. `--` ends the options and is dropped. Errors: kind invalid, for print_usage_error.
  Result<std::vector<std::string>> parse(const std::vector<std::string>& args);
  /// For a verb: parses, and says itself what ends the verb at once. A number is the exit code to end with: --help was
  /// among the options, or the words are wrong. The words go to `words`.
  [[nodiscard]] std::optional<int> parse_or_end(const std::vector<std::string>& args, std::vector<std::string>& words);
  /// The same for a verb without words.
  [[nodiscard]] std::optional<int> parse_or_end(const std::vector<std::string>& args);
  /// --help or -h was among the options: print help() and end well.
  [[nodiscard]] bool help_wanted() const { return help_wanted_; }
  [[nodiscard]] std::string help() const;

 private:
  struct Option {
    std::vector<std::string> names;
    std::string placeholder;  ///< empty = a flag
    std::string help;
    bool* flag = nullptr;
    std::string* text = nullptr;
    std::vector<std::string>* texts = nullptr;
    std::uint32_t* number = nullptr;
    std::uint32_t low = 0;
    std::uint32_t high = 0;
  };
  Option& add(const std::string& names, std::string placeholder, std::string help);
  Status take(const std::vector<std::string>& args, std::size_t& at);
  Status store(const Option& option, const std::string& name, const std::string& value) const;
  [[nodiscard]] const Option* find(std::string_view name) const;

  std::string usage_;
  std::string about_;
  std::vector<Option> options_;
  std::size_t stop_after_ = SIZE_MAX;
  std::size_t least_ = 0;
  std::size_t most_ = SIZE_MAX;
  bool help_wanted_ = false;
};

}  // namespace relevo::cli
