// The text of corosync-cfgtool from the membership daemon's report. No I/O: cfgtool.cpp does that.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "common/base/result.hpp"

namespace relevo::cli::lowlevel {

/// -s: each link of this node and what it sees of the others over it. `brief` is -b: one letter a node in the order of
/// the node list (n this node, 3 connected, 1 not). `only` is -i: a link's number or address; empty = all.
/// Errors: not_found (no such link), invalid (the report is not one of ours). So below.
Result<std::string> cfg_links(const nlohmann::json& report, bool brief, const std::string& only);
/// -n: each node that is reachable, with its links.
Result<std::string> cfg_nodes(const nlohmann::json& report);
/// -a: the addresses of a node in one line. Errors: not_found (no such node).
Result<std::string> cfg_addresses(const nlohmann::json& report, std::uint32_t node);

}  // namespace relevo::cli::lowlevel
