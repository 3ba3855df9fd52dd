// One entry of the history (`lrm_rsc_op`) as data, which of two is newer, and what a series of them leaves active. Not what
// an entry means for its resource.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <pugixml.hpp>

#include "resmgr/policy/set/resource.hpp"

namespace relevo::policy::past {

/// `op-status`. Source: resmgr spec 1.5.
enum class Outcome : std::int8_t {
  unknown = -2, pending, done, cancelled, timeout, not_supported, error, error_hard, error_fatal, not_installed, not_connected, invalid,
  no_fence_device, no_secrets
};

/// `rc-code`, as far as results differ in what follows from them. Source: OCF resource agent API.
namespace rc {
constexpr int ok = 0, invalid_parameter = 2, not_implemented = 3, no_permission = 4, not_installed = 5, not_configured = 6, not_running = 7;
constexpr int promoted = 8, failed_promoted = 9, degraded = 190, degraded_promoted = 191;
}  // namespace rc

/// The first number of an attribute; `otherwise` when there is none.
[[nodiscard]] std::int64_t number_of(pugi::xml_node element, const char* attribute, std::int64_t otherwise);
[[nodiscard]] int int_of(pugi::xml_node element, const char* attribute, int otherwise);
/// The same for an attribute's text.
[[nodiscard]] std::int64_t number_in(std::string_view text, std::int64_t otherwise);
[[nodiscard]] int int_in(std::string_view text, int otherwise);

/// An entry as it is written. Read in one sweep: it has up to twenty attributes, and planning asks for most of these, often.
struct Record {
  explicit Record(pugi::xml_node entry);
  pugi::xml_node xml;
  std::string_view id{}, operation_key{}, task{}, transition_key{}, transition_magic{};
  std::string_view on_node{}, call_id{}, rc_code{}, op_status{}, interval{};
  std::string_view last_rc_change{};
  bool names_node = false;

  [[nodiscard]] std::string_view key() const { return operation_key.empty() ? id : operation_key; }  ///< old entries have the id alone
  /// A probe that failed because the agent cannot work there at all: as good as `not running`.
  [[nodiscard]] bool is_masked_probe() const;
};

/// `ACTION:TRANSITION:EXPECTED:UUID`.
struct TransitionKey {
  int action = -1, transition = -1, expected = -1;
  std::string_view uuid;
};
[[nodiscard]] std::optional<TransitionKey> parse_transition_key(std::string_view text);
/// The result that was hoped for; -1 when the entry does not say.
[[nodiscard]] int expected_rc(pugi::xml_node entry);
/// `operation_key`, in old entries the id.
[[nodiscard]] std::string_view key_of(pugi::xml_node entry);

/// An entry with what every step asks for. `rc` and `outcome` change while it is decoded.
struct Entry {
  Resource* rsc = nullptr;
  Node* node = nullptr;
  pugi::xml_node xml;
  std::string_view id, key, task;
  std::chrono::milliseconds interval{0};
  int expected = -1, rc = 0;
  Outcome outcome = Outcome::unknown;
  bool masked = false;  ///< a masked probe, see Record

  [[nodiscard]] bool is_probe() const { return interval.count() == 0 && task == "monitor"; }
};

/// Negative: `a` is older; positive: newer; 0: cannot be told. `same_node`: what to take when an entry does not name its node.
/// Source: resmgr spec 2(a) stage 1.7.
[[nodiscard]] int compare_age(const Record& a, const Record& b, bool same_node);
/// Entries of one resource on one node, oldest first; of equals the later one in the document first.
[[nodiscard]] std::vector<Record> sorted_entries(pugi::xml_node lrm_resource);

/// Places in a sorted history: what begins the time in which the resource is active, and its last completed stop. -1 = none.
struct ActiveSpan {
  int start = -1, stop = -1;
};
[[nodiscard]] ActiveSpan active_span(const std::vector<Record>& entries);

}  // namespace relevo::policy::past
