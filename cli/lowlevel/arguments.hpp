// Options as getopt_long reads them: `-Ql`, `-oNAME`, `-o NAME`, `--scope NAME`, `--scope=NAME`, unambiguous beginnings of
// long names. The programs here need that; our own verbs have cli/support/options.hpp.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"

namespace relevo::cli::lowlevel {

struct Option {
  char letter = 0;        ///< 0 = only a long name
  std::string name;       ///< long name; what Arguments knows it by
  bool has_value = false;
};

/// What stood on the command line. Of an option given twice the last value counts.
class Arguments {
 public:
  [[nodiscard]] bool has(const std::string& name) const { return values_.contains(name); }
  [[nodiscard]] int count(const std::string& name) const;
  [[nodiscard]] std::string value(const std::string& name, const std::string& fallback = "") const;
  [[nodiscard]] const std::vector<std::string>& words() const { return words_; }

  /// Errors: invalid, naming the option and, for a slip of the pen, the near one.
  static Result<Arguments> parse(const std::vector<std::string>& args, const std::vector<Option>& options);

 private:
  Status take_long(const std::vector<std::string>& args, std::size_t& at, const std::vector<Option>& options);
  Status take_letters(const std::vector<std::string>& args, std::size_t& at, const std::vector<Option>& options);
  void add(const Option& option, std::string value) { values_[option.name].push_back(std::move(value)); }

  std::map<std::string, std::vector<std::string>> values_;
  std::vector<std::string> words_;
};

}  // namespace relevo::cli::lowlevel
