// The digest of an operation's parameters, as Pacemaker stores it in `op-digest`: tells whether a definition changed.
// Not a secret, not a signature.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>

namespace relevo::model {

/// `op-digest` of an operation: its instance attributes, and the timeout when it recurs.
/// `parameters` without CRM_meta_*. Source: corpus notes, "Digests" (MD5 over a canonical element).
[[nodiscard]] std::string operation_digest(const std::map<std::string, std::string>& parameters,
                                           std::chrono::milliseconds interval, std::chrono::milliseconds timeout);

/// MD5 (RFC 1321) in lower-case hexadecimal.
[[nodiscard]] std::string md5_hex(std::string_view text);

}  // namespace relevo::model
