// Reading the words of `quorum device add`; see words.hpp.
#include "cli/quorum/words.hpp"

#include <algorithm>

#include "cli/quorum/device.hpp"
#include "common/base/text.hpp"

namespace relevo::cli::quorum {
namespace {

const std::vector<std::string>& device_options() {
  static const std::vector<std::string> names{"sync_timeout", "timeout"};
  return names;
}

const std::vector<std::string>& net_options() {
  static const std::vector<std::string> names{"algorithm",   "connect_timeout", "force_ip_version", "host", "keep_active_partition_tie_breaker",
                                              "port",        "tie_breaker",     "tls"};
  return names;
}

/// One line of the configuration, and nothing that its syntax would read as more.
bool fits_a_line(const std::string& value) {
  return std::all_of(value.begin(), value.end(), [](char c) { return c > 0x20 && c < 0x7f && c != '{' && c != '}'; });
}

const std::string* find(const NamedValues& values, const std::string& name) {
  const auto found = std::find_if(values.begin(), values.end(), [&](const auto& it) { return it.first == name; });
  return found == values.end() ? nullptr : &found->second;
}

Status add(NamedValues& values, const std::string& word, const char* kind, const std::vector<std::string>& known) {
  const auto sign = word.find('=');
  const auto name = word.substr(0, sign);
  if (sign == std::string::npos) return fail(ErrorKind::invalid, "missing value of '{}' option: write {}=VALUE", name, name);
  const auto value = word.substr(sign + 1);
  if (std::find(known.begin(), known.end(), name) == known.end()) {
    const auto near = did_you_mean(name, known);
    return fail(ErrorKind::invalid, "invalid {} option '{}'{}, allowed options are: '{}'", kind, name,
                near ? fmt::format(" (did you mean '{}'?)", *near) : "", join(known, "', '"));
  }
  if (value.empty()) return fail(ErrorKind::invalid, "{} cannot be empty", name);
  if (!fits_a_line(value)) return fail(ErrorKind::invalid, "{}: '{}' is one word without spaces and braces, or it is wrong", name, value);
  if (find(values, name) != nullptr) return fail(ErrorKind::invalid, "{} is given twice", name);
  values.emplace_back(name, value);
  return {};
}

}  // namespace

Result<DeviceWords> read_device_words(const std::vector<std::string>& words) {
  DeviceWords out;
  const auto model = std::find(words.begin(), words.end(), "model");
  for (auto word = words.begin(); word != model; ++word)
    if (auto ok = add(out.device, *word, "quorum device", device_options()); !ok) return pass(ok.error());
  if (words.end() - model < 2) return fail(ErrorKind::invalid, "the model is missing: relevo quorum device add model net host=HOST");
  if (*(model + 1) != "net") return fail(ErrorKind::unsupported, "'{}' is no model of a quorum device: there is only 'net'", *(model + 1));
  for (auto word = model + 2; word != words.end(); ++word) {
    if (*word == "heuristics") return fail(ErrorKind::unsupported, "{}", no_heuristics);
    if (auto ok = add(out.net, *word, "quorum device model", net_options()); !ok) return pass(ok.error());
  }
  if (find(out.net, "host") == nullptr)
    return fail(ErrorKind::invalid, "required quorum device model option 'host' is missing: the host where relevo-arbiter runs");
  if (find(out.net, "algorithm") == nullptr) out.net.emplace_back("algorithm", "ffsplit");
  return out;
}

}  // namespace relevo::cli::quorum
