// Where the CIB comes from that is explained: the running cluster, a file, a saved input. No meaning here.
#pragma once

#include <memory>
#include <string>

#include <pugixml.hpp>

#include "cli/support/options.hpp"
#include "common/base/result.hpp"
#include "common/base/time.hpp"

namespace relevo::cli::explain {

/// What the options of both verbs say.
struct Source {
  std::string file;     ///< a CIB, or a saved input, packed with bzip2 or not; `-` = standard input; empty = the cluster
  std::string root;     ///< of the running cluster
  std::string at;       ///< time to plan for
  bool json = false;

  void declare(Options& options);
};

/// A CIB and the time that it is planned for: the one asked for, the one recorded in a saved input, or now.
struct Input {
  std::unique_ptr<pugi::xml_document> cib;
  WallTime now;
  bool is_live = false;
};
/// Errors: not_connected, not_found, invalid.
Result<Input> read_input(const Source& source);

}  // namespace relevo::cli::explain
