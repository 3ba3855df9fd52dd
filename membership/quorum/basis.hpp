// The basis: whose votes decide now, and how many are needed. It changes only by an ordered safe message, and while it
// is not certain that all have heard of a change, quorum is needed by the old and by the new one. That is what keeps
// two partitions from being quorate by different numbers. docs/internals/quorum.md, "The basis".
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "common/base/bytes.hpp"
#include "membership/quorum/options.hpp"

namespace relevo::quorum {

/// What else decides beside numbers. It belongs to the basis: where a change of it is in doubt, both rules must be kept.
struct Rule {
  bool two_node = false;          ///< one of two nodes is enough
  bool auto_tie_breaker = false;  ///< half will do with `tie_breaker`
  TieBreaker tie_breaker;
  std::uint64_t device_id = 0;    ///< whose vote counts as the device's
  bool operator==(const Rule&) const = default;
};

struct Basis {
  std::uint64_t epoch = 0;                  ///< 0 = as configured; each change adds at least one
  std::uint32_t expected = 0;               ///< votes, those of the device among them
  std::uint32_t device = 0;                 ///< what the device's vote weighs among the deciders
  std::map<NodeId, std::uint32_t> deciders; ///< the partition whose majority decides: all nodes, or the last quorate one
  std::uint64_t version = 0;                ///< of the configuration that it goes back to
  Rule rule{};
  bool operator==(const Basis&) const = default;
};

/// What a node knows: the last basis that is certain, and those that may have been taken since.
struct Bases {
  static constexpr std::size_t max_open = 250;
  Basis settled;
  std::vector<Basis> open;  ///< by epoch; each greater than that of `settled`
  bool operator==(const Bases&) const = default;

  [[nodiscard]] std::uint64_t last_epoch() const;
  [[nodiscard]] std::uint32_t expected() const;  ///< the greatest
  [[nodiscard]] bool is_two_node() const;        ///< by all of them one node is enough
  [[nodiscard]] const Basis& latest() const { return open.empty() ? settled : open.back(); }
  /// `basis` holds alone from now on.
  void settle(Basis basis);
  /// `basis` holds beside what is known. What is older than the settled one is forgotten.
  void add_open(Basis basis);
  /// What another node knows is added: the later settled basis wins, of two with one epoch both must agree. Of two that
  /// nobody has changed since the start, that of the newer configuration wins.
  void learn(const Bases& other);
};

/// The basis of a fresh start.
[[nodiscard]] Basis configured_basis(const Options& effective);
/// Equal but for epoch and version.
[[nodiscard]] bool same_content(const Basis& a, const Basis& b);

/// Votes that are present.
struct Presence {
  std::map<NodeId, std::uint32_t> votes;  ///< of the members that count
  std::uint32_t device = 0;               ///< the device's votes, if it votes for this partition
  std::uint64_t device_id = 0;            ///< which device that is
};

/// Why a basis is not satisfied.
enum class Verdict : std::uint8_t { satisfied, too_few, minority_of_deciders };
/// The rule: a majority of the expected votes (or a half with auto_tie_breaker), and a majority of the deciders' votes
/// (or a half of them with the node that breaks ties). Any two partitions that satisfy one basis have a node or the
/// device's vote in common, but for `two_node`: there fencing decides.
[[nodiscard]] Verdict judge(const Basis& basis, const Presence& present);
/// Of all that are known the first that is not satisfied.
[[nodiscard]] Verdict judge(const Bases& bases, const Presence& present);

/// The node among the deciders that breaks ties; 0 = none.
[[nodiscard]] NodeId tie_node(const Basis& basis, const TieBreaker& rule);

void write(Writer& out, const Basis& basis);
[[nodiscard]] Basis read_basis(Reader& in);
void write(Writer& out, const Bases& bases);
[[nodiscard]] Bases read_bases(Reader& in);

}  // namespace relevo::quorum
