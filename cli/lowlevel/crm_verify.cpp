// crm_verify: is this CIB valid, and does it say what was meant; see lowlevel.hpp.
#include "cli/lowlevel/command_line.hpp"
#include "cli/lowlevel/exit.hpp"
#include "cli/lowlevel/lowlevel.hpp"
#include "cli/lowlevel/source.hpp"
#include "common/io/file.hpp"
#include "resmgr/cib/verify.hpp"

namespace relevo::cli::lowlevel {
namespace {

constexpr const char* usage =
    "Usage: crm_verify -L | -x FILE | -X XML | -p [options]\n"
    "  -L, --live-check       the running cluster's CIB\n"
    "  -x, --xml-file FILE    a file\n"
    "  -X, --xml-text XML     the command line\n"
    "  -p, --xml-pipe         standard input\n"
    "  -V, --verbose          say what is wrong; twice: warnings too\n"
    "  -q, --quiet            say nothing, only the exit code\n"
    "      --root DIR         the cluster whose files are below DIR\n"
    "  -h, --help\n";

const std::vector<Option>& options() {
  static const std::vector<Option> all{{'L', "live-check"}, {'x', "xml-file", true}, {'X', "xml-text", true}, {'p', "xml-pipe"},
                                       {'V', "verbose"}, {'q', "quiet"}, {0, "root", true}, {'h', "help"}, {'?', "help"}};
  return all;
}

/// What is to be checked, or why it cannot be read.
Result<std::string> text_of(const Arguments& arguments) {
  if (arguments.has("xml-text")) return arguments.value("xml-text");
  if (arguments.has("xml-file")) return io::read_file(arguments.value("xml-file"));
  if (arguments.has("xml-pipe")) return read_input();
  auto source = Source::open(arguments.value("root"));
  if (!source) return pass(source.error());
  return source->document().text();
}

/// Errors at -V, warnings at -VV.
int judge(const std::string& text, int verbosity, bool quiet) {
  Notes notes;
  const auto document = cib::Document::parse(text);
  if (document)
    notes = cib::verify(*document);
  else
    notes.push_back({Level::error, document.error().message});
  bool failed = false, hidden = false;
  for (const auto& note : notes) {
    const bool is_error = note.level == Level::error;
    failed = failed || is_error;
    const bool shown = !quiet && verbosity >= (is_error ? 1 : 2);
    if (is_error && !shown) hidden = true;
    if (shown) fmt::print(stderr, "{}: {}\n", is_error ? "error" : "warning", note.text);
  }
  if (!failed) return exit_ok;
  if (!quiet) fmt::print(stderr, "Errors found during check: config not valid\n{}", hidden ? "  -V may provide more details\n" : "");
  return exit_config;
}

}  // namespace

int crm_verify(const std::vector<std::string>& args) {
  Arguments arguments;
  if (const auto ended = CommandLine{"crm_verify", usage, options, exit_usage}.begin(args, arguments)) return *ended;
  const int sources = arguments.has("live-check") + arguments.has("xml-file") + arguments.has("xml-text") + arguments.has("xml-pipe");
  if (sources != 1) {
    fmt::print(stderr, "crm_verify: name exactly one of -L, -x, -X and -p\n{}", usage);
    return exit_usage;
  }
  const auto text = text_of(arguments);
  if (text) return judge(*text, arguments.count("verbose"), arguments.has("quiet"));
  fmt::print(stderr, "crm_verify: CIB query failed: {}\n", text.error().message);
  return exit_no_input;
}

}  // namespace relevo::cli::lowlevel
