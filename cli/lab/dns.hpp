// The lab's name server: a few names, answered over UDP. Not a resolver.
#pragma once

#include "cli/lab/topology.hpp"
#include "common/base/bytes.hpp"

namespace relevo::cli::lab {

/// The answer to one query packet; empty when nothing should be sent (it is no query).
/// www.example.com is the virtual IP, the hosts are themselves, everything else does not exist.
[[nodiscard]] Bytes answer_dns(const Lab& lab, BytesView query);

/// Answers on port 53 until it is killed. Gives an exit code when it cannot start.
int serve_dns(const Lab& lab);

}  // namespace relevo::cli::lab
