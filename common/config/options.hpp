// The table of every option of cluster.conf: where it stands, its type and range, and what we do with it.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/config/syntax.hpp"

namespace relevo::config {

enum class Kind {
  boolean,       ///< yes, no, on, off, 1, 0, true, false
  number,        ///< whole, within [low, high]
  milliseconds,  ///< whole number of ms, within [low, high]
  text,          ///< anything
  choice,        ///< one of the words in `choices`, separated by '|'
};

enum class Use {
  used,      ///< has its meaning here
  accepted,  ///< known, without effect here; a note says why
  refused,   ///< would promise what this version does not keep
};

/// When a new value counts.
enum class Change {
  running,  ///< at once, by a reload
  restart,  ///< a reload takes the file; the value counts from the next start of the daemon
  never,    ///< a reload is refused: it would be another cluster
};

/// Source: corosync.conf(5); membership spec 1.1 and 1.2.
struct OptionRow {
  std::string_view section;  ///< path with dots: `totem`, `totem.interface`, `nodelist.node`
  std::string_view key;
  Kind kind;
  Use use;
  std::int64_t low, high;
  std::string_view choices;
  std::string_view why;  ///< for accepted and refused, and what is said about a value that is not taken
  Change change = Change::running;
};

[[nodiscard]] const std::vector<OptionRow>& option_table();
/// The row of a key in a section path, or nullptr.
[[nodiscard]] const OptionRow* find_option(std::string_view section, std::string_view key);
/// Checks one value against its row. Errors: `FILE: line N: ... is not ..., allowed are ...`.
Status check_value(const OptionRow& row, const Entry& entry, std::string_view file);
/// The row of a key of ClusterConfig::raw (`totem.interface.0.mcastport`), or nullptr.
[[nodiscard]] const OptionRow* find_raw_option(std::string_view raw_key);
/// Section paths that may stand in the file.
[[nodiscard]] bool is_known_section(std::string_view path);

}  // namespace relevo::config
