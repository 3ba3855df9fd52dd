// The first word of a pcs-like command; see pcs.hpp.
#include "cli/pcs/pcs.hpp"

#include <functional>
#include <map>

#include <fmt/format.h>

#include "cli/pcs/arguments.hpp"
#include "cli/pcs/constraints.hpp"
#include "cli/pcs/node.hpp"
#include "cli/pcs/property.hpp"
#include "cli/pcs/resource.hpp"
#include "cli/pcs/status.hpp"
#include "common/base/text.hpp"

namespace relevo::cli::pcs {
namespace {

using Command = std::function<Status(Arguments)>;

const std::map<std::string, Command>& commands() {
  static const std::map<std::string, Command> table{
      {"property", property_command}, {"resource", resource_command}, {"constraint", constraint_command},
      {"node", node_command},         {"status", status_command},
  };
  return table;
}

int report(const Error& error) {
  fmt::print(stderr, "Error: {}\n", error.message);
  return 1;
}

const char* const usage =
    "Usage: relevo COMMAND ... [--root DIR] [-f CIB_FILE] [--json] [--force] [--wait[=SECONDS]] [--plan]\n\n"
    "  property set|unset|config             cluster options\n"
    "  resource create|delete|update|meta    what the cluster runs\n"
    "  resource move|ban|clear               put it elsewhere\n"
    "  resource enable|disable|manage|unmanage|cleanup|refresh|config|status\n"
    "  resource defaults, resource op defaults\n"
    "  constraint location R prefers|avoids N[=SCORE]...\n"
    "  constraint config|list|delete         see and remove constraints\n"
    "  node standby|unstandby|maintenance|unmaintenance [NODE...|--all]\n"
    "  status [resources|nodes|xml]          what runs where\n";

}  // namespace

const std::vector<std::string>& verbs() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const auto& [name, command] : commands()) list.push_back(name);
    return list;
  }();
  return names;
}

int run(const std::vector<std::string>& args) {
  if (args.empty() || args.front() == "help" || args.front() == "--help" || args.front() == "-h") {
    fmt::print(args.empty() ? stderr : stdout, "{}", usage);
    return args.empty() ? 1 : 0;
  }
  auto arguments = parse_arguments(args);
  if (!arguments) return report(arguments.error());
  const auto verb = arguments->take();
  const auto found = commands().find(verb);
  if (found == commands().end()) {
    const auto near = did_you_mean(verb, verbs());
    return report({fmt::format("unknown command '{}'{}", verb, near ? fmt::format(" (did you mean '{}'?)", *near) : ""),
                   ErrorKind::invalid});
  }
  const auto ok = found->second(std::move(*arguments));
  return ok ? 0 : report(ok.error());
}

}  // namespace relevo::cli::pcs
