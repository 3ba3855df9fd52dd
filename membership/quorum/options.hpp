// What the quorum section and the node list say, and which of it goes together. The rules themselves: basis.hpp.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/bytes.hpp"
#include "common/base/ids.hpp"
#include "common/base/note.hpp"
#include "common/base/result.hpp"
#include "common/base/time.hpp"

namespace relevo::quorum {

/// Which node decides between two halves. Source: votequorum(5), auto_tie_breaker_node.
struct TieBreaker {
  enum class Kind : std::uint8_t { lowest, highest, listed } kind = Kind::lowest;
  std::vector<NodeId> nodes;  ///< listed: the first of them that belongs to the last quorate partition decides
  bool operator==(const TieBreaker&) const = default;
};
/// `lowest`, `highest` or node ids with blanks between; empty means lowest. Errors: anything else.
Result<TieBreaker> parse_tie_breaker(std::string_view text);

/// What the quorum section and the node list say. Source: votequorum(5), corosync-qdevice(8).
struct Options {
  bool configured = true;            ///< false: no provider, every partition may act
  std::uint32_t expected_votes = 0;  ///< less than the votes of the node list is only the floor of allow_downscale
  bool two_node = false;
  bool wait_for_all = false;
  bool last_man_standing = false;
  Duration last_man_standing_window = 10s;
  bool auto_tie_breaker = false;
  TieBreaker auto_tie_breaker_node;
  bool allow_downscale = false;
  bool device = false;             ///< an arbiter is configured
  std::uint32_t device_votes = 0;  ///< what its vote weighs
  std::uint64_t device_id = 0;     ///< which arbiter it is: the vote of another one is another vote
  std::map<NodeId, std::uint32_t> votes;
  std::uint64_t version = 0;  ///< config_version of the file that says so
  bool operator==(const Options&) const = default;
};

/// Errors: options or values that contradict each other; names the option and the way out.
Status check(const Options& options);
/// What is accepted and means something else than written, for the log.
[[nodiscard]] Notes remarks(const Options& options);
/// The options as they act: what others imply is on, what cannot work is off. docs/internals/quorum.md, "Options".
[[nodiscard]] Options effective(Options options);

/// The partition that decides can change while the cluster runs, so a node that has just started knows too little to
/// count before it was told or has seen all. Of effective options.
[[nodiscard]] bool is_dynamic(const Options& options);
void write(Writer& out, const TieBreaker& rule);
/// Any bytes are safe.
[[nodiscard]] TieBreaker read_tie_breaker(Reader& in);
void write(Writer& out, const Options& options);
/// Any bytes are safe.
[[nodiscard]] Options read_options(Reader& in);
/// The votes of all nodes and of the device. Saturates.
[[nodiscard]] std::uint32_t configured_votes(const Options& options);
[[nodiscard]] std::uint32_t sum(const std::map<NodeId, std::uint32_t>& votes);

}  // namespace relevo::quorum
