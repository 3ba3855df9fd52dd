// The device section put into the text of a configuration file, or taken out. Every other line stays as it is, comments
// too. Whether the result is a good configuration is for the reader of it to say.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/quorum/words.hpp"

namespace relevo::cli::quorum {

struct Edited {
  std::string text;
  std::vector<std::string> removed;  ///< options that do not go with a device and were taken out, `two_node: 1`
};

/// Puts the device at the end of the quorum section. Errors: exists (there is one), not_found (no quorum section).
Result<Edited> add_device(std::string_view text, const DeviceWords& words);
/// Errors: not_found (there is none).
Result<Edited> remove_device(std::string_view text);

}  // namespace relevo::cli::quorum
