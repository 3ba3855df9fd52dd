// crm_verify: is this CIB valid, and does it say what was meant; see lowlevel.hpp.
#include <algorithm>
#include <ctime>

#include "cli/lowlevel/command_line.hpp"
#include "cli/lowlevel/exit.hpp"
#include "cli/lowlevel/lowlevel.hpp"
#include "cli/lowlevel/source.hpp"
#include "common/io/file.hpp"
#include "resmgr/cib/verify.hpp"
#include "resmgr/policy/unpack/upgrade.hpp"
#include "resmgr/policy/verify/verify.hpp"

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

constexpr int exit_protocol = 76;  ///< what the field's program gives for a document that is no CIB

/// `with-rsc="x"` of a message about a reference that leads nowhere: the schema finds the first one, too.
std::string reference_in(const std::string& message) {
  const auto end = message.find(" must name a");
  if (end == std::string::npos) return {};
  const auto begin = message.rfind(' ', end - 1);
  return begin == std::string::npos ? std::string() : message.substr(begin + 1, end - begin - 1);
}

/// What the schema, single values and the whole of it give, errors first.
Notes findings(const std::string& text, pugi::xml_document& cib) {
  Notes notes;
  const auto document = cib::Document::parse(text);
  if (document)
    notes = cib::verify(*document);
  else
    notes.push_back({Level::error, document.error().message});
  policy::upgrade_document(cib.child("cib"));
  const auto known = document ? std::string() : reference_in(document.error().message);
  for (auto& note : policy::verify(cib, WallTime{std::time(nullptr)})) {
    const bool is_told = !known.empty() && reference_in(note.text) == known;
    if (!is_told) notes.push_back(std::move(note));
  }
  std::stable_partition(notes.begin(), notes.end(), [](const Note& note) { return note.level == Level::error; });
  return notes;
}

/// Errors at -V, warnings at -VV.
int judge(const std::string& text, const std::string& source, int verbosity, bool quiet) {
  pugi::xml_document cib;
  if (const auto parsed = cib.load_buffer(text.data(), text.size()); !parsed) {
    fmt::print(stderr, "crm_verify: Couldn't parse {}: {} (byte {})\n", source, parsed.description(), parsed.offset);
    return exit_error;
  }
  if (!cib.child("cib")) {
    fmt::print(stderr, "crm_verify: only whole configurations can be checked (those that begin with <cib>), not <{}>\n",
               cib.document_element().name());
    return exit_protocol;
  }
  const auto notes = findings(text, cib);
  bool failed = false, hidden = false;
  int unseen = 0;
  for (const auto& note : notes) {
    const bool is_error = note.level == Level::error;
    failed = failed || is_error;
    const bool shown = !quiet && verbosity >= (is_error ? 1 : 2);
    if (is_error && !shown) hidden = true;
    if (!is_error && !shown) ++unseen;
    if (shown) fmt::print(stderr, "{}: {}\n", is_error ? "error" : "warning", note.text);
  }
  if (unseen > 0 && verbosity > 0 && !quiet) fmt::print(stderr, "{} warning{}: -V -V shows {}\n", unseen, unseen == 1 ? "" : "s", unseen == 1 ? "it" : "them");
  if (!failed) return exit_ok;
  if (!quiet) fmt::print(stderr, "Errors found during check: config not valid\n{}", hidden ? "  -V may provide more details\n" : "");
  return exit_config;
}

}  // namespace

int crm_verify(const std::vector<std::string>& args) {
  Arguments arguments;
  if (const auto ended = CommandLine{"crm_verify", usage, options, exit_usage}.begin(args, arguments)) return *ended;
  const int sources = arguments.has("live-check") + arguments.has("xml-file") + arguments.has("xml-text") + arguments.has("xml-pipe");
  if (sources == 0) {
    fmt::print(stderr, "crm_verify: no configuration was named: use -L, -x, -X or -p\n{}", usage);
    return exit_error;
  }
  if (sources != 1) {
    fmt::print(stderr, "crm_verify: name exactly one of -L, -x, -X and -p\n{}", usage);
    return exit_usage;
  }
  const auto text = text_of(arguments);
  const bool is_live = arguments.has("live-check");
  const auto source = arguments.has("xml-file") ? arguments.value("xml-file") : std::string(is_live ? "the cluster's CIB" : "the input");
  if (text) return judge(*text, source, arguments.count("verbose"), arguments.has("quiet"));
  if (!is_live) {
    fmt::print(stderr, "crm_verify: Couldn't parse {}: {}\n", source, text.error().message);
    return exit_error;
  }
  fmt::print(stderr, "crm_verify: CIB query failed: {}\n", text.error().message);
  return exit_no_input;
}

}  // namespace relevo::cli::lowlevel
