// Typed look at the values as written; see raw_values.hpp.
#include "common/config/raw_values.hpp"

#include "common/base/text.hpp"

namespace relevo::config {

bool has_value(const ClusterConfig& config, const std::string& key) { return config.raw.contains(key); }

std::string word_of(const ClusterConfig& config, const std::string& key) {
  const auto found = config.raw.find(key);
  return found == config.raw.end() ? std::string{} : found->second;
}

bool flag_of(const ClusterConfig& config, const std::string& key, bool otherwise) {
  const auto found = config.raw.find(key);
  return found == config.raw.end() ? otherwise : parse_bool(found->second).value_or(otherwise);
}

std::int64_t number_of(const ClusterConfig& config, const std::string& key, std::int64_t otherwise) {
  const auto found = config.raw.find(key);
  return found == config.raw.end() ? otherwise : parse_int(found->second).value_or(otherwise);
}

}  // namespace relevo::config
