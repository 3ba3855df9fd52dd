// Making and removing whole labs.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/lab/topology.hpp"

namespace relevo::cli::lab {

/// Builds everything that `lab` describes, starts the cluster unless it is bare, and waits until it is whole.
/// `tell` hears what happens, one line at a time. What was made before a failure is removed again.
Status bring_up(Lab lab, const std::function<void(const std::string&)>& tell);

/// Kills, unmounts and deletes everything that bears the lab's name, also when its records are gone or half written.
/// Gives how many things were removed.
Result<std::size_t> take_down(const std::string& name);

/// Removes what labs left behind whose command was killed: half made, or owned by a process that is dead.
void sweep();

int up_main(const std::vector<std::string>& args);
int down_main(const std::vector<std::string>& args);

}  // namespace relevo::cli::lab
