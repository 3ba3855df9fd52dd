// The words of relevo-resmgrd's local socket: frame types and the JSON of what both ends must understand alike.
// Reading is total: any text gives a value or an error.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "common/base/result.hpp"
#include "resmgr/cib/apply.hpp"
#include "resmgr/client/client.hpp"

namespace relevo::resmgr {

/// Frame types. Payloads are JSON in UTF-8.
inline constexpr std::uint16_t frame_request = 1;  ///< {"id": N, "op": ..., ...}
inline constexpr std::uint16_t frame_reply = 2;    ///< {"id": N, ...} or {"id": N, "error": {"kind", "message"}}
inline constexpr std::uint16_t frame_event = 3;    ///< a snapshot, to subscribers

Result<nlohmann::json> read_json(std::string_view text);
/// Never fails: what is not UTF-8 is replaced.
[[nodiscard]] std::string write_json(const nlohmann::json& value);

// Members by name; a missing one or one of another type gives the fallback.
[[nodiscard]] std::string text_of(const nlohmann::json& object, const char* name, std::string_view fallback = {});
[[nodiscard]] std::uint64_t number_of(const nlohmann::json& object, const char* name, std::uint64_t fallback = 0);
[[nodiscard]] bool flag_of(const nlohmann::json& object, const char* name, bool fallback = false);

[[nodiscard]] nlohmann::json to_json(const cib::Change& change);
/// Errors: invalid, naming the member.
Result<cib::Change> change_from(const nlohmann::json& value);
[[nodiscard]] nlohmann::json to_json(const cib::Version& version);
[[nodiscard]] cib::Version version_from(const nlohmann::json& value);
[[nodiscard]] nlohmann::json to_json(const Snapshot& snapshot);
[[nodiscard]] Snapshot snapshot_from(const nlohmann::json& value);
[[nodiscard]] nlohmann::json to_json(const Error& error);
[[nodiscard]] Error error_from(const nlohmann::json& value);

}  // namespace relevo::resmgr
