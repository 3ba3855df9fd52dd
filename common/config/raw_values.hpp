// Typed look at the values as written, once they are checked. For the files of this folder.
#pragma once

#include <cstdint>
#include <string>

#include "common/config/cluster_config.hpp"

namespace relevo::config {

[[nodiscard]] bool has_value(const ClusterConfig& config, const std::string& key);
/// The value as written, empty when it is not there.
[[nodiscard]] std::string word_of(const ClusterConfig& config, const std::string& key);
[[nodiscard]] bool flag_of(const ClusterConfig& config, const std::string& key, bool otherwise);
[[nodiscard]] std::int64_t number_of(const ClusterConfig& config, const std::string& key, std::int64_t otherwise);

}  // namespace relevo::config
