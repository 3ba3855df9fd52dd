// Reading the words of a command; see arguments.hpp.
#include "cli/pcs/arguments.hpp"

#include <functional>
#include <set>

#include "common/base/text.hpp"

namespace relevo::cli::pcs {
namespace {

struct Reader {
  const std::vector<std::string>& args;
  std::size_t next = 0;
  Arguments out;

  Result<std::string> value_of(const std::string& option, const std::string& inline_value, bool has_inline) {
    if (has_inline) return inline_value;
    if (next >= args.size()) return fail(ErrorKind::invalid, "option {} needs a value", option);
    return args[next++];
  }

  Status text_option(std::string& field, const std::string& option, const std::string& inline_value, bool has_inline) {
    auto value = value_of(option, inline_value, has_inline);
    if (!value) return pass(value.error());
    field = *value;
    return {};
  }

  Status wait_option(const std::string& value) {
    const auto limit = value.empty() ? std::optional(std::chrono::milliseconds(3'600'000)) : parse_duration(value);
    if (!limit) return fail(ErrorKind::invalid, "--wait: '{}' is not a time: use seconds, as in --wait=60", value);
    out.wait = *limit;
    return {};
  }

  Status option(const std::string& arg) {
    const auto equals = arg.starts_with("--") ? arg.find('=') : std::string::npos;
    const auto name = arg.substr(0, equals);
    const bool has_inline = equals != std::string::npos;
    const auto value = has_inline ? arg.substr(equals + 1) : std::string{};
    const std::map<std::string, bool*> flags{
        {"--force", &out.force},       {"--full", &out.full},         {"--all", &out.all},
        {"--json", &out.json},         {"--plan", &out.plan},         {"--expired", &out.expired},
        {"--disabled", &out.disabled}, {"--no-default-ops", &out.no_default_ops},
        {"--hide-inactive", &out.hide_inactive}};
    const std::map<std::string, std::string*> texts{{"-f", &out.file}, {"--root", &out.root}, {"--group", &out.group},
                                                    {"--node", &out.node}};
    if (const auto flag = flags.find(name); flag != flags.end() && !has_inline) {
      *flag->second = true;
      return {};
    }
    if (const auto text = texts.find(name); text != texts.end()) return text_option(*text->second, name, value, has_inline);
    if (name == "--wait") return wait_option(value);
    std::vector<std::string> known{"--wait"};
    for (const auto& [flag, field] : flags) known.push_back(flag);
    for (const auto& [text, field] : texts) known.push_back(text);
    const auto near = did_you_mean(name, known);
    return fail(ErrorKind::invalid, "unknown option '{}'{}", name, near ? fmt::format(" (did you mean '{}'?)", *near) : "");
  }
};

/// A negative number is a value, not an option.
bool is_option(const std::string& arg) {
  return arg.size() > 1 && arg[0] == '-' && !parse_int(arg) && arg != "-INFINITY";
}

}  // namespace

std::string Arguments::take() {
  if (words.empty()) return {};
  auto first = words.front();
  words.erase(words.begin());
  return first;
}

Result<Arguments> parse_arguments(const std::vector<std::string>& args) {
  Reader reader{args, 0, {}};
  bool options_end = false;
  while (reader.next < args.size()) {
    const auto& arg = args[reader.next++];
    if (!options_end && arg == "--") {
      options_end = true;
    } else if (!options_end && is_option(arg)) {
      if (auto ok = reader.option(arg); !ok) return pass(ok.error());
    } else {
      reader.out.words.push_back(arg);
    }
  }
  return std::move(reader.out);
}

Result<std::vector<std::pair<std::string, std::string>>> parse_pairs(const std::vector<std::string>& words) {
  std::vector<std::pair<std::string, std::string>> pairs;
  std::set<std::string> seen;
  for (const auto& word : words) {
    const auto equals = word.find('=');
    if (equals == std::string::npos) return fail(ErrorKind::invalid, "missing value of '{}' option", word);
    if (equals == 0) return fail(ErrorKind::invalid, "missing key in '{}' option", word);
    if (!seen.insert(word.substr(0, equals)).second)
      return fail(ErrorKind::invalid, "duplicate option '{}': give it once", word.substr(0, equals));
    pairs.emplace_back(word.substr(0, equals), word.substr(equals + 1));
  }
  return pairs;
}

}  // namespace relevo::cli::pcs
