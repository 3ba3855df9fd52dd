// What every verb of `relevo lab` has in common: --name, --help, a lab that is up, errors told one way.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/lab/topology.hpp"
#include "cli/support/options.hpp"

namespace relevo::cli::lab {

struct VerbText {
  std::string usage;
  std::string about;
};

/// Reads the options, loads the lab, runs the work with the words. Gives the exit code.
int run_verb(const VerbText& text, std::size_t least, std::size_t most, const std::vector<std::string>& args,
             const std::function<Status(const Lab& lab, const std::vector<std::string>& words)>& work);

/// Options with --name already in them.
[[nodiscard]] Options lab_options(const VerbText& text, std::string& name);
/// A lab needs root: namespaces, mounts, network. Errors: permission, with what to do.
Status check_rights();

}  // namespace relevo::cli::lab
