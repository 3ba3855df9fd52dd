// A new text for the configuration file of this node, taken over by the whole cluster or by nobody. It judges no option.
#pragma once

#include <string>

#include "common/base/result.hpp"
#include "common/io/root.hpp"

namespace relevo::cli::quorum {

/// The file that the daemon of this root reads, with its text. Errors: not_found, with what to do; the disk's.
struct ConfigFile {
  std::string path;
  std::string text;
};
Result<ConfigFile> read_config_file(const io::Root& root);

/// Checks `text`, writes it and has the daemon of this node propose it. Gives the daemon's words.
/// Errors: invalid (not a good configuration), not_connected (the daemon does not run): nothing was written.
/// What the cluster refuses: the old text is in the file again. timeout: it may still come into force, and the file has it.
Result<std::string> change_everywhere(const std::string& root, const ConfigFile& file, const std::string& text);
/// The same without asking anybody: this node's file only. Errors: invalid, the disk's.
Status change_here(const ConfigFile& file, const std::string& text);

}  // namespace relevo::cli::quorum
