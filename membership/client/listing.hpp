// The report `groups` as values and back, so that daemon and library cannot disagree. No I/O.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "membership/client/client.hpp"

namespace relevo::membership {

/// `{"groups": [{"name": ..., "name_hex": ..., "members": [{"node": ..., "client": ..., "pid": ...}]}]}`.
/// Names are bytes: `name_hex` is exact, `name` is for people (what is no UTF-8 is replaced).
[[nodiscard]] std::string write_groups(const std::vector<GroupInfo>& groups);
/// Errors: invalid, the text is no such report.
Result<std::vector<GroupInfo>> read_groups(std::string_view json);

}  // namespace relevo::membership
