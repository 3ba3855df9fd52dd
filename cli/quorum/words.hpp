// What pcs users write after `quorum device add`, as values. Knows names of options, not the file they go to.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "common/base/result.hpp"

namespace relevo::cli::quorum {

using NamedValues = std::vector<std::pair<std::string, std::string>>;

struct DeviceWords {
  NamedValues device;  ///< timeout, sync_timeout; in the order given
  NamedValues net;     ///< host (always there), algorithm (always there), port, tie_breaker ...
};

/// `[timeout=MS] [sync_timeout=MS] model net host=HOST [algorithm=ffsplit|lms] [port=N] [tie_breaker=...]`.
/// Values are not judged here except that they fit on a line of the configuration.
/// Errors: invalid (a word that is no option, given twice, empty; no model, no host), unsupported (heuristics, other models).
/// Source: pcs(8), "quorum device add".
Result<DeviceWords> read_device_words(const std::vector<std::string>& words);

}  // namespace relevo::cli::quorum
