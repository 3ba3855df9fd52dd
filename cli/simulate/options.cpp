// Reading crm_simulate's options; see options.hpp. One table says for each option what it does and how it is explained.
#include "cli/simulate/options.hpp"

#include <functional>

#include <fmt/format.h>

#include "common/base/text.hpp"

namespace relevo::cli::simulate {
namespace {

using Apply = std::function<Status(Options&, const std::string& value)>;

struct Entry {
  char letter;             ///< 0 = none
  const char* name;
  const char* placeholder; ///< empty = takes no value
  const char* help;
  Apply apply;
};

Apply flag(bool Options::* field) {
  return [field](Options& o, const std::string&) -> Status {
    o.*field = true;
    return {};
  };
}
Apply text(std::string Options::* field) {
  return [field](Options& o, const std::string& value) -> Status {
    o.*field = value;
    return {};
  };
}
Apply event(std::vector<std::string> policy::Injections::* list) {
  return [list](Options& o, const std::string& value) -> Status {
    (o.injections.*list).push_back(value);
    return {};
  };
}

Status set_format(Options& o, const std::string& value) {
  o.json = value == "json";
  o.xml = value == "xml";
  if (o.json || o.xml || value == "text") return {};
  return fail(ErrorKind::unsupported, "--output-as: '{}' is not one of text, xml, json", value);
}

Status set_repeat(Options& o, const std::string& value) {
  const auto times = parse_int(value);
  if (!times || *times < 1 || *times > 1'000'000) return fail(ErrorKind::invalid, "--repeat: '{}' is not a number of times", value);
  o.repeat = static_cast<int>(*times);
  return {};
}

Apply input(Options::Source source) {
  return [source](Options& o, const std::string& value) -> Status {
    o.source = source == Options::Source::file && value == "-" ? Options::Source::pipe : source;
    o.xml_file = value;
    return {};
  };
}

/// A truth that is kept as it was written.
Apply truth(std::string policy::Injections::* field, const char* name) {
  return [field, name](Options& o, const std::string& value) -> Status {
    if (!parse_bool(value)) return fail(ErrorKind::invalid, "{}: '{}' is neither true nor false", name, value);
    o.injections.*field = value;
    return {};
  };
}

void add_operations(std::vector<Entry>& t) {
  t.push_back({'R', "run", "", "plan: what would the cluster do?", flag(&Options::run)});
  t.push_back({'S', "simulate", "", "plan, carry it out on paper, and show the status after it", flag(&Options::simulate)});
  t.push_back({'X', "in-place", "", "like --simulate, and write the result to the input file", flag(&Options::in_place)});
  t.push_back({'A', "show-attrs", "", "show node attributes", flag(&Options::attributes)});
  t.push_back({'c', "show-failcounts", "", "show fail counts", flag(&Options::fail_counts)});
  t.push_back({'s', "show-scores", "", "show the scores", flag(&Options::scores)});
  t.push_back({'U', "show-utilization", "", "show capacities and what is used", flag(&Options::utilization)});
  t.push_back({'P', "profile", "DIR", "plan every XML file of that folder and print the time it took", text(&Options::profile)});
  t.push_back({'N', "repeat", "N", "with --profile: each of them N times", set_repeat});
}

void add_events(std::vector<Entry>& t) {
  using I = policy::Injections;
  t.push_back({'u', "node-up", "NODE", "that node comes up", event(&I::node_up)});
  t.push_back({'d', "node-down", "NODE", "that node is taken down", event(&I::node_down)});
  t.push_back({'f', "node-fail", "NODE", "that node fails", event(&I::node_fail)});
  t.push_back({'i', "op-inject", "OPSPEC", "this result is in the status (RSC_TASK_INTERVAL@NODE=RC)", event(&I::op_inject)});
  t.push_back({'F', "op-fail", "OPSPEC", "this action fails when it is carried out", event(&I::op_fail)});
  t.push_back({'t', "set-datetime", "DATETIME", "the time for which to plan (ISO 8601)", text(&Options::datetime)});
  t.push_back({'q', "quorum", "QUORUM", "with quorum (1) or without (0)", truth(&I::quorum, "--quorum")});
  t.push_back({'w', "watchdog", "DEVICE", "with an active watchdog (1) or without (0)", truth(&I::watchdog, "--watchdog")});
  t.push_back({'g', "ticket-grant", "TICKET", "that ticket is granted", event(&I::ticket_grant)});
  t.push_back({'r', "ticket-revoke", "TICKET", "that ticket is revoked", event(&I::ticket_revoke)});
  t.push_back({'b', "ticket-standby", "TICKET", "that ticket is on standby", event(&I::ticket_standby)});
  t.push_back({'e', "ticket-activate", "TICKET", "that ticket is active", event(&I::ticket_activate)});
}

void add_files(std::vector<Entry>& t) {
  t.push_back({'L', "live-check", "", "plan for the running cluster", input(Options::Source::live)});
  t.push_back({'x', "xml-file", "FILE", "plan for the CIB in that file (- = standard input; .bz2 is unpacked)", input(Options::Source::file)});
  t.push_back({'p', "xml-pipe", "", "plan for the CIB on standard input", input(Options::Source::pipe)});
  t.push_back({'I', "save-input", "FILE", "save the CIB as it goes into the plan", text(&Options::save_input)});
  t.push_back({'O', "save-output", "FILE", "save the CIB after the plan was carried out", text(&Options::save_output)});
  t.push_back({'G', "save-graph", "FILE", "save the transition graph (XML)", text(&Options::save_graph)});
  t.push_back({'D', "save-dotfile", "FILE", "save the transition graph (Graphviz)", text(&Options::save_dot)});
  t.push_back({'a', "all-actions", "", "the Graphviz graph with actions that are not needed, too", flag(&Options::all_actions)});
}

void add_output(std::vector<Entry>& t) {
  t.push_back({'Q', "quiet", "", "only what was asked for (scores)", flag(&Options::quiet)});
  t.push_back({'V', "verbose", "", "more on standard error", [](Options& o, const std::string&) -> Status {
                 ++o.verbose;
                 return {};
               }});
  t.push_back({0, "text-fancy", "", "headings also with -s and -U", flag(&Options::fancy)});
  t.push_back({0, "output-as", "FORMAT", "text (default), xml or json", set_format});
  t.push_back({0, "output-to", "FILE", "write there (- = standard output)", text(&Options::output_to)});
  t.push_back({0, "json", "", "the same as --output-as=json", flag(&Options::json)});
  t.push_back({0, "root", "DIR", "the cluster's folder, for -L", text(&Options::root)});
  t.push_back({'h', "help", "", "this text", flag(&Options::help)});
  for (const char* name : {"help-all", "help-output", "help-operations", "help-synthetic", "help-artifact", "help-source"})
    t.push_back({0, name, "", nullptr, flag(&Options::help)});
  t.push_back({'?', "help-short", "", nullptr, flag(&Options::help)});
  t.push_back({'$', "version", "", "the version", flag(&Options::version)});
  t.push_back({'j', "pending", "", nullptr, [](Options&, const std::string&) -> Status { return {}; }});
}

const std::vector<Entry>& table() {
  static const std::vector<Entry> entries = [] {
    std::vector<Entry> t;
    add_operations(t);
    add_events(t);
    add_files(t);
    add_output(t);
    return t;
  }();
  return entries;
}

const Entry* find_name(std::string_view name) {
  for (const auto& entry : table())
    if (entry.name == name) return &entry;
  return nullptr;
}
const Entry* find_letter(char letter) {
  for (const auto& entry : table())
    if (entry.letter == letter) return &entry;
  return nullptr;
}

class Parser {
 public:
  explicit Parser(const std::vector<std::string>& args) : args_(args) {}
  Status run() {
    while (next_ < args_.size()) {
      const auto& arg = args_[next_++];
      if (arg == "--") break;
      const bool word = arg.size() < 2 || arg[0] != '-';
      if (word) continue;  // the field's program passes over words
      if (auto done = arg[1] == '-' ? long_option(arg) : letters(arg); !done) return done;
    }
    return {};
  }
  Options options;

 private:
  Status give(const Entry& entry, const std::string& shown, const std::string* joined) {
    if (*entry.placeholder == '\0') return entry.apply(options, {});
    if (joined != nullptr) return entry.apply(options, *joined);
    if (next_ >= args_.size()) return fail(ErrorKind::invalid, "Missing argument for {}", shown);
    return entry.apply(options, args_[next_++]);
  }

  Status long_option(const std::string& arg) {
    const auto equals = arg.find('=');
    const auto name = arg.substr(2, equals == std::string::npos ? equals : equals - 2);
    const auto* entry = find_name(name);
    if (entry == nullptr) return fail(ErrorKind::invalid, "Unknown option --{}{}", name, nearest(name));
    const auto value = equals == std::string::npos ? std::string{} : arg.substr(equals + 1);
    return give(*entry, "--" + name, equals == std::string::npos ? nullptr : &value);
  }

  Status letters(const std::string& arg) {
    for (std::size_t i = 1; i < arg.size(); ++i) {
      const auto* entry = find_letter(arg[i]);
      if (entry == nullptr) return fail(ErrorKind::invalid, "Unknown option -{}", arg[i]);
      if (*entry->placeholder != '\0') {
        const auto rest = arg.substr(i + 1);
        return give(*entry, fmt::format("-{}", arg[i]), rest.empty() ? nullptr : &rest);
      }
      if (auto done = entry->apply(options, {}); !done) return done;
    }
    return {};
  }

  static std::string nearest(const std::string& name) {
    std::vector<std::string> names;
    for (const auto& entry : table())
      if (entry.help != nullptr) names.emplace_back(entry.name);
    const auto meant = did_you_mean(name, names);
    return meant ? fmt::format(" (did you mean --{}?)", *meant) : std::string{};
  }

  const std::vector<std::string>& args_;
  std::size_t next_ = 0;
};

}  // namespace

Result<Options> parse_options(const std::vector<std::string>& args) {
  Parser parser(args);
  if (auto parsed = parser.run(); !parsed) return pass(parsed.error());
  parser.options.request = "crm_simulate";
  for (const auto& arg : args) parser.options.request += " " + arg;
  return std::move(parser.options);
}

std::string help_text() {
  std::string out = "Usage: crm_simulate [OPTION...]\n\nWhat would the cluster do? Plans for a CIB, with events put in on demand; nothing is changed.\n\n";
  for (const auto& entry : table()) {
    if (entry.help == nullptr) continue;
    const auto letter = entry.letter != 0 ? fmt::format("-{}, ", entry.letter) : std::string("    ");
    const auto name = fmt::format("--{}{}{}", entry.name, *entry.placeholder != '\0' ? "=" : "", entry.placeholder);
    out += fmt::format("  {}{:<26} {}\n", letter, name, entry.help);
  }
  return out + "\nExample: what would happen if n1 failed?\n\n\tcrm_simulate -LS --node-fail n1\n";
}

}  // namespace relevo::cli::simulate
