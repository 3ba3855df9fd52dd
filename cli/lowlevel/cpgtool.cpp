// corosync-cpgtool: the process groups of the cluster with their members.
#include <cstdio>

#include "cli/lowlevel/command_line.hpp"
#include "cli/lowlevel/cpg_text.hpp"
#include "cli/lowlevel/lowlevel.hpp"

namespace relevo::cli::lowlevel {
namespace {


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

constexpr CommandLine line{"corosync-cpgtool", usage, options, corosync_failed, "Could not initialize corosync cpg API error 2"};

int complain(const std::string& what) { return line.complain(what); }

}  // namespace

int cpgtool(const std::vector<std::string>& args) {
  Arguments arguments;
  if (const auto ended = line.begin(args, arguments)) return *ended;
  if (const auto refused = line.refuse_words(arguments)) return *refused;
  const auto daemon = line.connect(arguments);
  if (!daemon) return corosync_failed;
  const auto groups = daemon->groups();
  if (!groups) return complain(groups.error().message);
  const auto welcome = daemon->welcome();
  if (!welcome) return complain(welcome.error().message);
  fmt::print("{}", cpg_text(*groups, welcome->nodes, {arguments.has("names"), arguments.has("raw"), arguments.value("delimiter")}));
  return 0;
}

}  // namespace relevo::cli::lowlevel
