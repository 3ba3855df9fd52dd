// Parsing of one verb's options. It reads words, fills in what was declared and prints the help; it runs nothing.
#include "cli/support/options.hpp"

#include <algorithm>

#include "cli/support/exit_codes.hpp"
#include "cli/support/output.hpp"
#include "common/base/text.hpp"

namespace relevo::cli {

Options::Options(std::string usage, std::string about) : usage_(std::move(usage)), about_(std::move(about)) {
  flag("--help,-h", "show this text", help_wanted_);
}

Options::Option& Options::add(const std::string& names, std::string placeholder, std::string help) {
  Option option;
  option.names = split(names, ',');
  option.placeholder = std::move(placeholder);
  option.help = std::move(help);
  options_.push_back(std::move(option));
  return options_.back();
}

Options& Options::flag(std::string names, std::string help, bool& target) {
  add(names, "", std::move(help)).flag = &target;
  return *this;
}

Options& Options::value(std::string names, std::string placeholder, std::string help, std::string& target) {
  add(names, std::move(placeholder), std::move(help)).text = &target;
  return *this;
}

Options& Options::values(std::string names, std::string placeholder, std::string help, std::vector<std::string>& target) {
  add(names, std::move(placeholder), std::move(help)).texts = &target;
  return *this;
}

Options& Options::number(std::string names, std::string help, std::uint32_t& target, std::uint32_t low,
                         std::uint32_t high) {
  auto& option = add(names, "N", std::move(help));
  option.number = &target;
  option.low = low;
  option.high = high;
  return *this;
}

Options& Options::stop_after(std::size_t words) {
  stop_after_ = words;
  return *this;
}

Options& Options::words(std::size_t least, std::size_t most) {
  least_ = least;
  most_ = most;
  return *this;
}

const Options::Option* Options::find(std::string_view name) const {
  const auto it = std::find_if(options_.begin(), options_.end(), [&](const Option& option) {
    return std::find(option.names.begin(), option.names.end(), name) != option.names.end();
  });
  return it == options_.end() ? nullptr : &*it;
}

Status Options::store(const Option& option, const std::string& name, const std::string& value) const {
  if (option.text) {
    *option.text = value;
    return {};
  }
  if (option.texts) {
    option.texts->push_back(value);
    return {};
  }
  const auto number = parse_uint(value);
  if (!number || *number < option.low || *number > option.high)
    return fail(ErrorKind::invalid, "{} must be a whole number from {} to {}, not '{}'", name, option.low, option.high,
                value);
  *option.number = static_cast<std::uint32_t>(*number);
  return {};
}

Status Options::take(const std::vector<std::string>& args, std::size_t& at) {
  const auto& word = args[at];
  const auto equals = word.starts_with("--") ? word.find('=') : std::string::npos;
  const auto name = word.substr(0, equals);
  const auto* option = find(name);
  if (!option) {
    std::vector<std::string> known;
    for (const auto& o : options_) known.insert(known.end(), o.names.begin(), o.names.end());
    const auto near = did_you_mean(name, known);
    return fail(ErrorKind::invalid, "unknown option '{}'{}", name, near ? " (did you mean '" + *near + "'?)" : "");
  }
  if (option->flag) {
    if (equals != std::string::npos) return fail(ErrorKind::invalid, "{} takes no value", name);
    *option->flag = true;
    return {};
  }
  if (equals != std::string::npos) return store(*option, name, word.substr(equals + 1));
  if (at + 1 >= args.size())
    return fail(ErrorKind::invalid, "{} needs a value: {} {}", name, name, option->placeholder);
  return store(*option, name, args[++at]);
}

Result<std::vector<std::string>> Options::parse(const std::vector<std::string>& args) {
  std::vector<std::string> found;
  std::size_t at = 0;
  for (; at < args.size(); ++at) {
    const auto& word = args[at];
    if (word == "--") {
      ++at;
      break;
    }
    if (found.size() >= stop_after_) break;
    if (word.size() < 2 || word[0] != '-') {
      found.push_back(word);
      continue;
    }
    if (auto taken = take(args, at); !taken) return pass(taken.error());
  }
  found.insert(found.end(), args.begin() + static_cast<std::ptrdiff_t>(at), args.end());
  if (help_wanted_) return found;
  if (found.size() < least_) return fail(ErrorKind::invalid, "something is missing. Usage: {}", usage_);
  if (found.size() > most_)
    return fail(ErrorKind::invalid, "'{}' is one word too many. Usage: {}", found[most_], usage_);
  return found;
}

std::string Options::help() const {
  auto text = fmt::format("Usage: {}\n\n{}\n\nOptions:\n", usage_, about_);
  for (const auto& option : options_) {
    auto left = join(option.names, ", ");
    if (!option.placeholder.empty()) left += " " + option.placeholder;
    text += fmt::format("  {:<26} {}\n", left, option.help);
  }
  text.pop_back();
  return text;
}

std::optional<int> Options::parse_or_end(const std::vector<std::string>& args, std::vector<std::string>& words) {
  auto parsed = parse(args);
  if (!parsed) return print_usage_error(parsed.error().message);
  if (help_wanted_) {
    print_line(help());
    return exit_ok;
  }
  words = std::move(*parsed);
  return std::nullopt;
}

std::optional<int> Options::parse_or_end(const std::vector<std::string>& args) {
  std::vector<std::string> words;
  return parse_or_end(args, words);
}

}  // namespace relevo::cli
