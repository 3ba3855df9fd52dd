// corosync-cpgtool: the process groups of the cluster with their members.
#include <cstdio>

#include "cli/ask/ask.hpp"
#include "cli/lowlevel/arguments.hpp"
#include "cli/lowlevel/cpg_text.hpp"
#include "cli/lowlevel/lowlevel.hpp"

namespace relevo::cli::lowlevel {
namespace {

constexpr int failed = 1;

constexpr const char* usage =
    "Usage: corosync-cpgtool [-d DELIMITER] [-e] [-n]\n"
    "  -d DELIMITER   one line a member, with this between the fields\n"
    "  -e             group names byte by byte, also what cannot be printed\n"
    "  -n             only the names of the groups\n"
    "  --root DIR     the cluster whose files are below DIR\n"
    "  -h, -V\n";

const std::vector<Option>& options() {
  static const std::vector<Option> all{{'d', "delimiter", true}, {'e', "raw"}, {'n', "names"}, {'h', "help"},
                                       {'V', "version"}, {0, "root", true}};
  return all;
}

int complain(const std::string& what) {
  fmt::print(stderr, "corosync-cpgtool: {}\n", what);
  return failed;
}

}  // namespace

int cpgtool(const std::vector<std::string>& args) {
  const auto arguments = Arguments::parse(args, options());
  if (!arguments) return complain(arguments.error().message);
  if (arguments->has("help")) {
    fmt::print("{}", usage);
    return 0;
  }
  if (arguments->has("version")) {
    fmt::print("corosync-cpgtool (relevo 0.1.0)\n");
    return 0;
  }
  if (!arguments->words().empty()) return complain("no argument is expected, but '" + arguments->words()[0] + "' was given");
  auto daemon = RingDaemon::connect(arguments->value("root"));
  if (!daemon) {
    fmt::print(stderr, "Could not initialize corosync cpg API error 2\n");
    return complain(daemon.error().message);
  }
  const auto groups = (*daemon)->groups();
  if (!groups) return complain(groups.error().message);
  const auto welcome = (*daemon)->welcome();
  if (!welcome) return complain(welcome.error().message);
  fmt::print("{}", cpg_text(*groups, welcome->nodes, {arguments->has("names"), arguments->has("raw"), arguments->value("delimiter")}));
  return 0;
}

}  // namespace relevo::cli::lowlevel
