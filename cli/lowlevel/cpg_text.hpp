// The text of corosync-cpgtool from a list of groups. No I/O: cpgtool.cpp does that.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "membership/client/client.hpp"

namespace relevo::cli::lowlevel {

struct CpgStyle {
  bool names_only = false;  ///< -n
  bool raw = false;         ///< -e: bytes of a name as they are; otherwise what cannot be printed is written \x01
  std::string delimiter;    ///< -d: one line a member with this between the fields; empty = the table
};

/// Groups with their members: process id, node id, first address of the node.
[[nodiscard]] std::string cpg_text(const std::vector<membership::GroupInfo>& groups,
                                   const std::vector<membership::NodeInfo>& nodes, const CpgStyle& style);

}  // namespace relevo::cli::lowlevel
