// The words of a pcs-like command: options anywhere, then what is left in order.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/result.hpp"
#include "common/base/time.hpp"

namespace relevo::cli::pcs {

/// A command line after its options were taken out.
struct Arguments {
  std::vector<std::string> words;
  bool force = false, full = false, all = false, json = false, plan = false, expired = false, disabled = false;
  bool no_default_ops = false, hide_inactive = false;
  std::optional<Duration> wait;  ///< --wait[=SECONDS]
  std::string file;              ///< -f FILE
  std::string root;              ///< --root DIR
  std::string group;             ///< --group NAME
  std::string node;              ///< --node NAME, node=NAME

  [[nodiscard]] bool empty() const { return words.empty(); }
  /// Takes the first word; empty when there is none.
  std::string take();
};

/// Errors: invalid, an option that nothing knows, with the near one.
Result<Arguments> parse_arguments(const std::vector<std::string>& args);

/// `name=value` words as pairs in their order. Errors: a word without '=', an empty name, a name twice.
Result<std::vector<std::pair<std::string, std::string>>> parse_pairs(const std::vector<std::string>& words);

}  // namespace relevo::cli::pcs
