// Tables of sub-commands: the one way a verb is found, listed and, when mistyped, suggested.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace relevo::cli {

/// What a command is: words in (without the program's and the command's own name), exit code out.
using CommandFunction = std::function<int(const std::vector<std::string>& args)>;

struct Command {
  std::string name;
  std::string summary;  ///< empty = hidden: works, not listed, not suggested
  CommandFunction run;
};
using CommandTable = std::vector<Command>;

/// Runs `args[0]` of the table. Without a word, or with help, prints the list; a wrong word names the nearest.
int run_command(const std::string& program, const CommandTable& table, const std::vector<std::string>& args);

}  // namespace relevo::cli
