// The cluster options that may be set, with their types: what `property set` checks before it sends anything.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"

namespace relevo::cli::pcs {

enum class OptionType { boolean, integer, score, duration, text, choice };

struct ClusterOption {
  std::string_view name;
  OptionType type;
  std::string_view fallback;  ///< the default
  std::string_view choices;   ///< separated by '|'
};

/// Sorted by name. Source: Pacemaker Explained, "Cluster options"; resmgr spec 1.2. `relevo-*` are ours.
[[nodiscard]] const std::vector<ClusterOption>& cluster_options();
/// Errors: an unknown option with the near name and what is allowed, a value of the wrong type with what fits.
Status check_option(const std::string& name, const std::string& value);

}  // namespace relevo::cli::pcs
