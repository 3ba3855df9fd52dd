// The texts of `relevo membership`: from the daemon's reports to lines and JSON. No I/O, no clock: rates come from two
// reports and the time between them.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "common/base/result.hpp"
#include "common/base/time.hpp"

namespace relevo::cli::membership_view {

/// One thing that is not as it should be, and what to do.
struct Advice {
  std::string problem, action;
  bool operator==(const Advice&) const = default;
};
/// What a report shows that somebody should look at, the most urgent first. `keys` may be null.
[[nodiscard]] std::vector<Advice> advice(const nlohmann::json& report, const nlohmann::json& keys);

/// How long after a silent death of a node the others have a new ring: the link timeout as the paths have it now (the
/// longest of them) plus a moment for the ring. Unit: ms.
[[nodiscard]] std::int64_t expected_detection_ms(const nlohmann::json& report);

/// One screen: ring, members, quorum and why, links, timers, keys, arbiter, advice.
Result<std::string> status_text(const nlohmann::json& report, const nlohmann::json& keys);
/// The same facts for programs: the report, the keys, `expected_detection_ms`, `advice`.
[[nodiscard]] nlohmann::json status_json(const nlohmann::json& report, const nlohmann::json& keys);

/// One link to one peer as the tables have it.
struct LinkRow {
  std::string node, remote, state;
  std::uint64_t link = 0, mtu = 0, loss_permille = 0, down_count = 0;
  std::int64_t latency_us = 0, average_us = 0, max_us = 0, jitter_us = 0, timeout_us = 0;
  std::uint64_t sent_packets = 0, sent_bytes = 0, received_packets = 0, received_bytes = 0;
};
enum class Sort { node, loss, latency, traffic };
Result<std::vector<LinkRow>> link_rows(const nlohmann::json& report, Sort sort = Sort::node);
[[nodiscard]] std::string links_text(const std::vector<LinkRow>& rows);
[[nodiscard]] nlohmann::json links_json(const std::vector<LinkRow>& rows);

/// `top`: the table with rates since `before` (none: since the start), and the ring's pulse.
Result<std::string> top_text(const nlohmann::json& now, const nlohmann::json* before, Duration between, Sort sort);
/// The same as one JSON object.
Result<nlohmann::json> top_json(const nlohmann::json& now, const nlohmann::json* before, Duration between);

}  // namespace relevo::cli::membership_view
