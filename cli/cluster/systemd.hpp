// The units, where systemd runs and has them. Elsewhere the small supervisor does their work.
#pragma once

#include "common/base/result.hpp"
#include "common/io/root.hpp"

namespace relevo::cli::cluster {

/// systemd runs, our units are installed, and the machine's own root is meant.
[[nodiscard]] bool systemd_manages(const io::Root& root);
/// `start` or `stop` of both units, in the right order.
Status systemd_order(const std::string& verb);

}  // namespace relevo::cli::cluster
