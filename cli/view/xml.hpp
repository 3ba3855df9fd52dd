// The cluster as crm_mon's XML (`--output-as=xml`). Source: resmgr spec 3.3; crm_mon 2.1.5 as recorded.
#pragma once

#include <string>
#include <string_view>

#include "cli/view/cluster_view.hpp"
#include "cli/view/text.hpp"

namespace relevo::cli::view {

/// `request` is the command line as typed: it stands in the root element.
[[nodiscard]] std::string to_xml(const ClusterView& cluster, std::string_view request, const TextOptions& options);

}  // namespace relevo::cli::view
