// Reading crm_mon's options; see options.hpp.
#include "cli/mon/options.hpp"

#include <functional>
#include <map>

#include "common/base/text.hpp"

namespace relevo::cli::mon {
namespace {

using Set = std::function<void(Options&)>;

const std::map<std::string, Set>& flags() {
  static const std::map<std::string, Set> table = [] {
    std::map<std::string, Set> t;
    const auto add = [&t](const char* short_name, const char* long_name, Set set) {
      if (*short_name != '\0') t[short_name] = set;
      t[long_name] = std::move(set);
    };
    add("-1", "--one-shot", [](Options& o) { o.one_shot = true; });
    add("-r", "--inactive", [](Options& o) { o.text.inactive = true; });
    add("-f", "--failcounts", [](Options& o) { o.text.failcounts = true; });
    add("-A", "--show-node-attributes", [](Options& o) { o.text.attributes = true; });
    add("-R", "--show-detail", [](Options& o) { o.text.detail = true; });
    add("-n", "--group-by-node", [](Options& o) { o.text.by_node = true; });
    add("-D", "--hide-headers", [](Options& o) { o.text.heading = false; });
    add("-s", "--simple-status", [](Options& o) { o.simple = o.one_shot = true; });
    add("-X", "--as-xml", [](Options& o) { o.format = Format::xml; o.one_shot = true; });
    add("-h", "--help", [](Options& o) { o.help = true; });
    add("-?", "--help-all", [](Options& o) { o.help = true; });
    add("-$", "--version", [](Options& o) { o.version = true; });
    add("", "--json", [](Options& o) { o.format = Format::json; o.one_shot = true; });
    // Accepted because people type them: verbosity changes nothing here, pending actions are always shown.
    add("-V", "--verbose", [](Options&) {});
    add("-j", "--pending", [](Options&) {});
    add("-Q", "--quiet", [](Options&) {});
    return t;
  }();
  return table;
}

Status value_option(Options& options, const std::string& name, const std::string& value) {
  if (name == "-i" || name == "--interval") {
    const auto interval = parse_duration(value);
    if (!interval || interval->count() < 100) return fail(ErrorKind::invalid, "{}: '{}' is not an interval: use seconds, as in -i 2", name, value);
    options.interval = *interval;
  } else if (name == "--output-as") {
    static const std::map<std::string, Format> formats{{"text", Format::text}, {"xml", Format::xml}, {"json", Format::json}, {"console", Format::console}};
    const auto found = formats.find(value);
    if (found == formats.end()) return fail(ErrorKind::invalid, "--output-as: '{}' is not one of text, xml, json, console", value);
    options.format = found->second;
    if (found->second != Format::console) options.one_shot = true;
  } else if (name == "--root") {
    options.root = value;
  } else {
    options.cib_file = value;
  }
  return {};
}

bool takes_value(const std::string& name) {
  return name == "-i" || name == "--interval" || name == "--output-as" || name == "--root" || name == "-x" || name == "--xml-file";
}

struct Parser {
  const std::vector<std::string>& args;
  Options options;
  std::size_t next = 0;

  Status one(const std::string& arg) {
    const auto equals = arg.starts_with("--") ? arg.find('=') : std::string::npos;
    const auto name = arg.substr(0, equals);
    if (takes_value(name)) {
      if (equals != std::string::npos) return value_option(options, name, arg.substr(equals + 1));
      if (next >= args.size()) return fail(ErrorKind::invalid, "{} needs a value", name);
      return value_option(options, name, args[next++]);
    }
    if (const auto flag = flags().find(arg); flag != flags().end()) {
      flag->second(options);
      return {};
    }
    return arg.size() > 2 && arg[0] == '-' && arg[1] != '-' ? cluster_of(arg) : unknown(arg);
  }

  /// `-rf1`, `-i2`: short options written together.
  Status cluster_of(const std::string& arg) {
    for (std::size_t i = 1; i < arg.size(); ++i) {
      const auto name = std::string("-") + arg[i];
      if (takes_value(name)) {
        if (i + 1 < arg.size()) return value_option(options, name, arg.substr(i + 1));
        if (next >= args.size()) return fail(ErrorKind::invalid, "{} needs a value", name);
        return value_option(options, name, args[next++]);
      }
      const auto flag = flags().find(name);
      if (flag == flags().end()) return unknown(name);
      flag->second(options);
    }
    return {};
  }

  [[nodiscard]] Status unknown(const std::string& arg) const {
    std::vector<std::string> known{"--interval", "--output-as", "--root", "--xml-file"};
    for (const auto& [name, set] : flags()) known.push_back(name);
    const auto near = did_you_mean(arg, known);
    return fail(ErrorKind::invalid, "unknown option '{}'{}", arg, near ? fmt::format(" (did you mean '{}'?)", *near) : "");
  }
};

}  // namespace

Result<Options> parse_options(const std::vector<std::string>& args) {
  Parser parser{args, {}, 0};
  while (parser.next < args.size())
    if (auto ok = parser.one(args[parser.next++]); !ok) return pass(ok.error());
  parser.options.request = "crm_mon" + std::string(args.empty() ? "" : " ") + join(args, " ");
  return std::move(parser.options);
}

const char* help_text() {
  return "crm_mon - the state of the cluster, once or live\n\n"
         "Usage: crm_mon [OPTION...]\n\n"
         "  -1, --one-shot              print once and end\n"
         "  -i, --interval=TIME         redraw the clock at least this often (default 5s); changes show at once\n"
         "      --output-as=FORMAT      console, text, xml or json\n"
         "  -X, --as-xml                the same as --output-as=xml\n"
         "  -s, --simple-status         one line for monitoring programs\n"
         "  -r, --inactive              resources that run nowhere, too\n"
         "  -f, --failcounts            fail counts of resources\n"
         "  -A, --show-node-attributes  node attributes\n"
         "  -n, --group-by-node         resources below their nodes\n"
         "  -D, --hide-headers          without the summary\n"
         "  -x, --xml-file=FILE         read a saved CIB instead of the cluster\n"
         "      --root=DIR              the cluster of another root\n\n"
         "Keys of the live view: q quit, r inactive, f failcounts, A attributes, n by node, D headers, ? help\n";
}

}  // namespace relevo::cli::mon
