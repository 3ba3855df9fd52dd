// cibadmin: queries and changes of the CIB as XML; see lowlevel.hpp.
#include <array>

#include "cli/lowlevel/command_line.hpp"
#include "cli/lowlevel/exit.hpp"
#include "cli/lowlevel/lowlevel.hpp"
#include "cli/lowlevel/source.hpp"
#include "common/base/text.hpp"
#include "common/io/file.hpp"
#include "common/xml/tree.hpp"
#include "common/xml/xpath.hpp"

namespace relevo::cli::lowlevel {
namespace {

constexpr const char* usage =
    "Usage: cibadmin COMMAND [options]\n"
    "Commands:\n"
    "  -Q, --query            print the CIB, a section (-o) or what an XPath (-A) matches\n"
    "  -C, --create           add the given XML\n"
    "  -M, --modify           merge the given XML into the element of the same name and id\n"
    "  -R, --replace          put the given XML in the place of the element of the same name and id\n"
    "  -D, --delete           remove the element that the given XML or the XPath names\n"
    "  -d, --delete-all       with -A: remove every match\n"
    "  -E, --erase            empty the configuration (needs --force)\n"
    "  -B, --bump             raise the epoch\n"
    "Options:\n"
    "  -X, --xml-text XML     the XML on the command line\n"
    "  -x, --xml-file FILE    in a file\n"
    "  -p, --xml-pipe         on standard input\n"
    "  -o, --scope SECTION    work on this section\n"
    "  -A, --xpath XPATH      work on what this matches\n"
    "  -n, --no-children      with -Q: without what stands inside\n"
    "  -c, --allow-create     with -M: add what is not there\n"
    "  -f, --force            really\n"
    "  -l, --local            accepted: every node answers queries itself\n"
    "      --root DIR         the cluster whose files are below DIR\n"
    "  -V, --verbose, -s, --sync-call   accepted\n"
    "  -h, --help\n";

const std::vector<Option>& options() {
  static const std::vector<Option> all{
      {'Q', "query"}, {'C', "create"}, {'M', "modify"}, {'R', "replace"}, {'D', "delete"}, {'d', "delete-all"},
      {'E', "erase"}, {'B', "bump"}, {'P', "patch"}, {'u', "upgrade"}, {'X', "xml-text", true}, {'x', "xml-file", true},
      {'p', "xml-pipe"}, {'o', "scope", true}, {'A', "xpath", true}, {'n', "no-children"}, {'c', "allow-create"},
      {'f', "force"}, {'l', "local"}, {'V', "verbose"}, {'s', "sync-call"}, {'t', "timeout", true}, {0, "root", true},
      {'h', "help"}, {'?', "help"}};
  return all;
}

struct Command {
  const char* option;
  const char* call;  ///< as Pacemaker names it in messages
};
constexpr std::array<Command, 10> commands{{{"query", "cib_query"}, {"create", "cib_create"}, {"modify", "cib_modify"},
                                            {"replace", "cib_replace"}, {"delete-all", "cib_delete"}, {"delete", "cib_delete"},
                                            {"erase", "cib_erase"}, {"bump", "cib_bump"}, {"patch", "cib_apply_diff"},
                                            {"upgrade", "cib_upgrade"}}};

int call_failed(const Command& command, const Error& error) {
  if (error.kind == ErrorKind::not_connected) {
    fmt::print(stderr, "Could not connect to the CIB: {}\n", error.message);
    return exit_disconnected;
  }
  fmt::print(stderr, "Call {} failed: {}\n", command.call, error.message);
  return exit_code_of(error);
}

Error no_such_object() { return {"No such device or address", ErrorKind::not_found}; }

void print(const pugi::xml_node& node, bool without_children) {
  if (!without_children) return fmt::print("{}", xml::print(node));
  pugi::xml_document copy;
  auto alone = copy.append_copy(node);
  alone.remove_children();
  fmt::print("{}", xml::print(alone));
}

/// One match is printed as it is, several inside an element of their own.
Status query_xpath(const Source& source, const Arguments& arguments) {
  const auto hits = xml::select(source.document().root().root(), arguments.value("xpath"));
  if (!hits) return pass(hits.error());
  if (hits->empty()) return pass(no_such_object());
  const bool alone = arguments.has("no-children");
  if (hits->size() == 1) {
    print(hits->front(), alone);
    return {};
  }
  pugi::xml_document all;
  auto list = all.append_child("xpath-query");
  for (const auto& hit : *hits) {
    auto copy = list.append_copy(hit);
    if (alone) copy.remove_children();
  }
  fmt::print("{}", xml::print(list));
  return {};
}

Status query(const Source& source, const Arguments& arguments) {
  if (arguments.has("xpath")) return query_xpath(source, arguments);
  const auto scope = arguments.value("scope", "cib");
  const auto section = source.document().section(scope);
  if (!section) return fail(ErrorKind::not_found, "No such device or address (section '{}')", scope);
  print(section, arguments.has("no-children"));
  return {};
}

/// The XML that comes with the command; empty when none was given.
Result<std::string> given_xml(const Arguments& arguments) {
  if (arguments.has("xml-text")) return arguments.value("xml-text");
  if (arguments.has("xml-file")) return io::read_file(arguments.value("xml-file"));
  if (arguments.has("xml-pipe")) return read_input();
  return std::string();
}

Result<cib::Operation> operation_of(const std::string& verb, const Arguments& arguments) {
  auto text = given_xml(arguments);
  if (!text) return pass(text.error());
  cib::Operation operation;
  operation.target = arguments.value("xpath", arguments.value("scope"));
  operation.xml = std::move(*text);
  operation.allow_create = arguments.has("allow-create");
  const bool by_path = arguments.has("xpath");
  const bool removes = verb == "delete" || verb == "delete-all";
  const bool alone = verb == "erase" || verb == "bump" || (removes && by_path);
  if (operation.xml.empty() && !alone) return fail(ErrorKind::invalid, "--{} needs XML: -X, -x or -p", verb);
  if (verb == "create") operation.verb = cib::Verb::create;
  if (verb == "replace") operation.verb = cib::Verb::replace;
  if (verb == "erase") operation.verb = cib::Verb::erase;
  if (verb == "bump") operation.verb = cib::Verb::bump;
  if (removes) {
    operation.verb = cib::Verb::remove;
    operation.if_exists = true;
    operation.all_matches = verb == "delete-all" && by_path;
  }
  return operation;
}

/// The cluster's configuration is always of the newest schema that this version knows.
int upgrade() {
  fmt::print("The configuration is of the newest schema already\n");
  return exit_ok;
}

}  // namespace

int cibadmin(const std::vector<std::string>& args) {
  Arguments arguments;
  if (const auto ended = CommandLine{"cibadmin", usage, options, exit_usage}.begin(args, arguments)) return *ended;
  const Command* command = nullptr;
  for (const auto& candidate : commands)
    if (command == nullptr && arguments.has(candidate.option)) command = &candidate;
  if (command == nullptr) {
    fmt::print(stderr, "cibadmin: no command given\n{}", usage);
    return exit_usage;
  }
  const std::string verb = command->option;
  if (verb == "patch") return call_failed(*command, {"patches are not available yet in this version", ErrorKind::unsupported});
  if (verb == "upgrade") return upgrade();
  if (verb == "erase" && !arguments.has("force")) {
    fmt::print(stderr, "cibadmin: --erase empties the whole configuration; say --force if that is meant\n");
    return exit_usage;
  }
  auto source = Source::open(arguments.value("root"));
  if (!source) return call_failed(*command, source.error());
  if (verb == "query") {
    const auto ok = query(*source, arguments);
    return ok ? exit_ok : call_failed(*command, ok.error());
  }
  auto operation = operation_of(verb, arguments);
  if (!operation) return call_failed(*command, operation.error());
  const auto ok = source->apply({std::move(*operation)}, "cibadmin");
  return ok ? exit_ok : call_failed(*command, ok.error());
}

}  // namespace relevo::cli::lowlevel
