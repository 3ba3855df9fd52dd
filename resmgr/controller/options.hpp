// Cluster options the controller itself obeys, read from the CIB. The scheduler reads its own.
#pragma once

#include <string>
#include <string_view>

#include "common/base/time.hpp"
#include "resmgr/cib/document.hpp"

namespace relevo::controller {

/// The value of a cluster option: the bootstrap set first, then the others in document order. `fallback` when unset.
[[nodiscard]] std::string cluster_option(const cib::Document& cib, std::string_view name, std::string_view fallback);
/// The same as a duration; an unreadable value counts as unset.
[[nodiscard]] Duration cluster_duration(const cib::Document& cib, std::string_view name, Duration fallback);
[[nodiscard]] bool cluster_boolean(const cib::Document& cib, std::string_view name, bool fallback);

/// no-quorum-policy: whether a partition without quorum has to stop what it runs. Default: stop.
[[nodiscard]] bool stops_without_quorum(const cib::Document& cib);
/// no-quorum-policy=ignore: quorum plays no part.
[[nodiscard]] bool ignores_quorum(const cib::Document& cib);
/// relevo-guard-time. Default: 300 ms; 0 with no-quorum-policy=ignore.
[[nodiscard]] Duration guard_time(const cib::Document& cib);
/// relevo-process-grace. Default: 3 s, longer than the kernel lease of our addresses.
[[nodiscard]] Duration process_grace(const cib::Document& cib);

}  // namespace relevo::controller
