// Keys and values of corosync-cmapctl: lines, values checked against their type, changes between two looks, and what
// may be set at all. No I/O: cmapctl.cpp does that.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"

namespace relevo::cli::lowlevel {

struct CmapEntry {
  std::string type;  ///< i8 .. u64, flt, dbl, str
  std::string value;
  bool operator==(const CmapEntry&) const = default;
};
using CmapEntries = std::map<std::string, CmapEntry>;

/// From the reports `cmap` and `cmap-stats`. Errors: invalid, the report is not one of ours.
Result<CmapEntries> read_cmap(const nlohmann::json& report);

/// `KEY (TYPE) = VALUE`, or the value alone.
[[nodiscard]] std::string cmap_line(const std::string& key, const CmapEntry& entry, bool value_only = false);
/// The lines of the keys that begin so.
[[nodiscard]] std::string cmap_list(const CmapEntries& entries, const std::string& prefix, bool value_only = false);
/// `create> `, `modify> ` and `delete> ` lines for the keys that are `wanted`, or begin so when `prefix`.
[[nodiscard]] std::string cmap_changes(const CmapEntries& before, const CmapEntries& now, const std::string& wanted, bool prefix);

/// Whether `value` is one of the type, in the words of the original. Errors: invalid.
Status check_cmap_value(const std::string& type, const std::string& value);

/// The daemon's command that sets this key. Errors: unsupported, with what to do instead.
Result<std::string> command_to_set(const std::string& key, const std::string& value);
/// Why a key cannot be deleted, and what to do instead.
[[nodiscard]] std::string why_not_deleted(const std::string& key);

/// One line of a settings file (-p).
struct CmapSetting {
  enum class Kind { set, erase, erase_prefix } kind = Kind::set;
  std::string key, type, value;
};
/// Comments and empty lines are left out. Errors: invalid, naming the line.
Result<std::vector<CmapSetting>> read_cmap_settings(std::string_view text);

}  // namespace relevo::cli::lowlevel
