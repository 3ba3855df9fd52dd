// How `expression` compares an attribute with a value: by type, without floating point. Internal to resmgr/rules.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

namespace relevo::rules {

/// `string` ignores case, `integer` and `number` fall back to `string` for what is no number, `version` compares the
/// numbers between the dots. An empty type is what Pacemaker takes: `string` for eq and ne, else `number` when a value has
/// a point and `integer` when not.
[[nodiscard]] std::weak_ordering compare(std::string_view type, bool ordering, std::string_view a, std::string_view b);

/// Whether `value` lies in `spec`: `5`, `1-5`, `5-` or `-5`; nothing for a spec that cannot be read.
[[nodiscard]] std::optional<bool> in_range(std::string_view spec, std::int64_t value);

}  // namespace relevo::rules
