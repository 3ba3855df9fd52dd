// Keys and values as corosync-cmapctl's users know them: the configuration with what it came to, and the statistics.
// Names and types are those of cmap_keys(7) where the thing exists here; ours begin with stats.relevo.
#pragma once

#include <map>
#include <string>

#include "common/base/result.hpp"
#include "common/config/cluster_config.hpp"
#include "membership/daemon/report.hpp"
#include "membership/stack/stack.hpp"

namespace relevo::membership {

struct CmapValue {
  std::string type;      ///< i8 .. u64, flt, dbl, str
  std::string text;      ///< as corosync-cmapctl prints it
  bool counter = false;  ///< counts since the start: can be cleared
  bool operator==(const CmapValue&) const = default;
};
using Cmap = std::map<std::string, CmapValue>;

/// The map `icmap`: the configuration as written, effective values, members, quorum.
[[nodiscard]] Cmap configuration_map(const stack::Status& status, const config::ClusterConfig& config);
/// The map `stats`: ring, links, local programs, and every counter of ours.
[[nodiscard]] Cmap statistics_map(const stack::Status& status, const ShellFacts& facts);
/// Counters less what they were when they were cleared.
[[nodiscard]] Cmap since_cleared(Cmap now, const Cmap& cleared);
/// `cleared` with the counters of one part as they are `now`. Errors: invalid; parts are knet, totem, ipc, schedmiss, all.
Result<Cmap> clear_part(Cmap cleared, const Cmap& now, const std::string& part);
/// The reports `cmap` and `cmap-stats`: `{"KEY": {"type": "u32", "value": "7"}}`, sorted.
[[nodiscard]] std::string cmap_report(const Cmap& map);

}  // namespace relevo::membership
