// Finding a sub-command. The commands themselves live in the rooms of their own.
#include "cli/support/commands.hpp"

#include "cli/support/exit_codes.hpp"
#include "cli/support/output.hpp"
#include "common/base/text.hpp"

namespace relevo::cli {
namespace {

void list(const std::string& program, const CommandTable& table) {
  say("Usage: {} COMMAND ...\n\nCommands:", program);
  for (const auto& command : table)
    if (!command.summary.empty()) say("  {:<16} {}", command.name, command.summary);
}

}  // namespace

int run_command(const std::string& program, const CommandTable& table, const std::vector<std::string>& args) {
  if (args.empty() || args[0] == "help" || args[0] == "--help" || args[0] == "-h") {
    list(program, table);
    return args.empty() ? exit_usage : exit_ok;
  }
  std::vector<std::string> known;
  for (const auto& command : table) {
    if (command.name == args[0]) return command.run({args.begin() + 1, args.end()});
    if (!command.summary.empty()) known.push_back(command.name);
  }
  const auto near = did_you_mean(args[0], known);
  return print_usage_error(fmt::format("'{}' is no command of {}", args[0], program),
                           near ? fmt::format("did you mean '{} {}'?", program, *near)
                                : fmt::format("'{} help' lists them: {}", program, join(known, ", ")));
}

}  // namespace relevo::cli
