// Options as getopt_long reads them; see arguments.hpp.
#include "cli/lowlevel/arguments.hpp"

#include "common/base/text.hpp"

namespace relevo::cli::lowlevel {
namespace {

Result<const Option*> find_long(const std::string& name, const std::vector<Option>& options) {
  const Option* found = nullptr;
  for (const auto& option : options) {
    if (option.name == name) return &option;
    if (!option.name.starts_with(name)) continue;
    if (found != nullptr)
      return fail(ErrorKind::invalid, "option '--{}' may be --{} or --{}", name, found->name, option.name);
    found = &option;
  }
  if (found != nullptr) return found;
  std::vector<std::string> known;
  for (const auto& option : options) known.push_back(option.name);
  const auto near = did_you_mean(name, known);
  return fail(ErrorKind::invalid, "unknown option '--{}'{}", name, near ? fmt::format(" (did you mean '--{}'?)", *near) : "");
}

}  // namespace

int Arguments::count(const std::string& name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? 0 : static_cast<int>(found->second.size());
}

std::string Arguments::value(const std::string& name, const std::string& fallback) const {
  const auto found = values_.find(name);
  return found == values_.end() ? fallback : found->second.back();
}

Status Arguments::take_long(const std::vector<std::string>& args, std::size_t& at, const std::vector<Option>& options) {
  const auto word = args[at].substr(2);
  const auto sign = word.find('=');
  const auto option = find_long(word.substr(0, sign), options);
  if (!option) return pass(option.error());
  const auto& known = **option;
  if (sign != std::string::npos && !known.has_value)
    return fail(ErrorKind::invalid, "option '--{}' takes no value", known.name);
  if (sign != std::string::npos) {
    add(known, word.substr(sign + 1));
    return {};
  }
  if (known.has_value && at + 1 >= args.size()) return fail(ErrorKind::invalid, "option '--{}' needs a value", known.name);
  add(known, known.has_value ? args[++at] : "");
  return {};
}

Status Arguments::take_letters(const std::vector<std::string>& args, std::size_t& at, const std::vector<Option>& options) {
  const auto word = args[at];
  for (std::size_t i = 1; i < word.size(); ++i) {
    const Option* known = nullptr;
    for (const auto& option : options)
      if (option.letter == word[i]) known = &option;
    if (known == nullptr) return fail(ErrorKind::invalid, "unknown option '-{}'", word[i]);
    if (!known->has_value) {
      add(*known, "");
      continue;
    }
    const auto rest = word.substr(i + 1);
    if (rest.empty() && at + 1 >= args.size()) return fail(ErrorKind::invalid, "option '-{}' needs a value", word[i]);
    add(*known, rest.empty() ? args[++at] : rest);
    break;
  }
  return {};
}

Result<Arguments> Arguments::parse(const std::vector<std::string>& args, const std::vector<Option>& options) {
  Arguments result;
  for (std::size_t at = 0; at < args.size(); ++at) {
    const auto& word = args[at];
    if (word == "--") {
      result.words_.insert(result.words_.end(), args.begin() + static_cast<std::ptrdiff_t>(at) + 1, args.end());
      break;
    }
    Status ok;
    if (word.starts_with("--"))
      ok = result.take_long(args, at, options);
    else if (word.size() > 1 && word[0] == '-')
      ok = result.take_letters(args, at, options);
    else
      result.words_.push_back(word);
    if (!ok) return pass(ok.error());
  }
  return result;
}

}  // namespace relevo::cli::lowlevel
