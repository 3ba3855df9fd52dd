// Reading single entries of the history, see history_entry.hpp. Their order is in history_order.cpp.
#include "resmgr/policy/unpack/history_entry.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace relevo::policy::past {
namespace {

/// Takes a number and the separator behind it off the front of `text`.
bool take_number(std::string_view& text, int& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end == text.data() + text.size() || *end != ':') return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  return true;
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> these) {
  return std::find(these.begin(), these.end(), text) != these.end();
}

}  // namespace

std::int64_t number_of(pugi::xml_node element, const char* attribute, std::int64_t otherwise) {
  std::string_view text = element.attribute(attribute).value();
  while (!text.empty() && (text.front() == ' ' || text.front() == '+')) text.remove_prefix(1);
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc{} ? number : otherwise;
}

int int_of(pugi::xml_node element, const char* attribute, int otherwise) {
  const std::int64_t number = number_of(element, attribute, otherwise);
  const bool fits = number >= std::numeric_limits<int>::min() && number <= std::numeric_limits<int>::max();
  return fits ? static_cast<int>(number) : otherwise;
}

std::optional<TransitionKey> parse_transition_key(std::string_view text) {
  TransitionKey key;
  if (!take_number(text, key.action) || !take_number(text, key.transition) || !take_number(text, key.expected)) return std::nullopt;
  if (text.empty()) return std::nullopt;
  key.uuid = text;
  return key;
}

int expected_rc(pugi::xml_node entry) {
  const auto key = parse_transition_key(entry.attribute("transition-key").value());
  return key ? key->expected : -1;
}

std::string_view key_of(pugi::xml_node entry) {
  const std::string_view key = entry.attribute("operation_key").value();
  return key.empty() ? std::string_view(entry.attribute("id").value()) : key;
}

bool is_probe(pugi::xml_node entry) {
  return std::string_view(entry.attribute("operation").value()) == "monitor" && number_of(entry, "interval", 0) == 0;
}

bool is_masked_probe(pugi::xml_node entry) {
  if (!is_probe(entry)) return false;
  const int result = int_of(entry, "rc-code", rc::ok);
  return result == rc::not_installed || result == rc::invalid_parameter ||
         int_of(entry, "op-status", -2) == static_cast<int>(Outcome::not_installed);
}

ActiveSpan active_span(const std::vector<pugi::xml_node>& entries) {
  ActiveSpan span;
  int by_monitor = -1, by_role = -1;
  for (int at = 0; at < static_cast<int>(entries.size()); ++at) {
    const auto entry = entries[static_cast<std::size_t>(at)];
    const std::string_view task = entry.attribute("operation").value();
    if (task == "stop" && std::string_view(entry.attribute("op-status").value()) == "0") {
      span.stop = at;
    } else if (is_one_of(task, {"start", "migrate_from"})) {
      span.start = at;
    } else if (task == "monitor" && by_monitor <= span.stop) {
      if (is_one_of(entry.attribute("rc-code").value(), {"0", "8"})) by_monitor = at;
    } else if (is_one_of(task, {"promote", "demote"})) {
      by_role = at;
    }
  }
  if (span.start == -1) span.start = by_role != -1 ? by_role : by_monitor;
  return span;
}

}  // namespace relevo::policy::past
