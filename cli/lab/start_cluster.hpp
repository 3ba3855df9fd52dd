// The cluster inside a lab: started with the program's own commands, as a person would on each host.
#pragma once

#include <functional>

#include "cli/lab/topology.hpp"

namespace relevo::cli::lab {

/// Runs `relevo ARGS...` on the host. Errors: its own words.
Result<std::string> relevo_on(const Lab& lab, const Host& host, const std::vector<std::string>& args,
                              std::chrono::milliseconds limit = std::chrono::seconds(60));

Status start_cluster_on(const Lab& lab, const Host& host);
/// Starts every node at once, waits for one quorate ring of all, sets stonith-enabled=false, makes the VIP resource.
Status start_cluster(const Lab& lab, const std::function<void(const std::string&)>& tell);

}  // namespace relevo::cli::lab
