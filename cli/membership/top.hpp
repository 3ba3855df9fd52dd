// `relevo membership top`: the loop around the live table.
#pragma once

#include <string>

#include "cli/membership/view.hpp"
#include "common/base/time.hpp"

namespace relevo::cli::membership_view {

struct TopOptions {
  std::string root;
  bool once = false, json = false;
  Sort sort = Sort::node;
  Duration interval = std::chrono::seconds(1);
};

/// Full screen on a terminal; without one a table a line after the other. Gives the exit code.
int run_top(const TopOptions& options);
/// The column of that name. False when there is none.
bool sort_of(const std::string& name, Sort& out);

}  // namespace relevo::cli::membership_view
