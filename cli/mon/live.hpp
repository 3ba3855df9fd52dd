// The live view: full screen, redrawn on every change by subscription.
#pragma once

#include "cli/mon/options.hpp"

namespace relevo::cli::mon {

/// Until `q`, Escape, Ctrl-C or the end of the terminal. Reconnects by itself when the cluster comes back.
int run_live(Options options);

}  // namespace relevo::cli::mon
