// Where resources run, read from the status that a session holds.
#pragma once

#include <map>
#include <string>

#include "cli/pcs/session.hpp"

namespace relevo::cli::pcs {

/// resource -> node name, for those that run on at least one node (the first one named by the status). Collections are
/// where any part of them is; instances have their number (`web:0`).
[[nodiscard]] std::map<std::string, std::string> running_on(const Session& session);

}  // namespace relevo::cli::pcs
