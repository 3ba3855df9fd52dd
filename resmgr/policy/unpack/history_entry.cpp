// Reading single entries of the history, see history_entry.hpp. Their order is in history_order.cpp.
#include "resmgr/policy/unpack/history_entry.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
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

template <std::size_t Size>
bool is(const char* name, const char (&word)[Size]) {
  return std::memcmp(name, word, Size - 1) == 0;
}

/// Where the value of an attribute of that name is kept; nullptr for those that nobody asks for. By length, for this is asked
/// for every attribute of every history.
std::string_view Record::* field_of(const char* name) {
  switch (std::strlen(name)) {
    case 2: return is(name, "id") ? &Record::id : nullptr;
    case 7:
      if (is(name, "rc-code")) return &Record::rc_code;
      if (is(name, "call-id")) return &Record::call_id;
      return is(name, "on_node") ? &Record::on_node : nullptr;
    case 8: return is(name, "interval") ? &Record::interval : nullptr;
    case 9:
      if (is(name, "operation")) return &Record::task;
      return is(name, "op-status") ? &Record::op_status : nullptr;
    case 13: return is(name, "operation_key") ? &Record::operation_key : nullptr;
    case 14:
      if (is(name, "transition-key")) return &Record::transition_key;
      return is(name, "last-rc-change") ? &Record::last_rc_change : nullptr;
    case 16: return is(name, "transition-magic") ? &Record::transition_magic : nullptr;
    default: return nullptr;
  }
}

}  // namespace

Record::Record(pugi::xml_node entry) : xml(entry) {
  for (auto at = entry.first_attribute(); at; at = at.next_attribute()) {
    const auto field = field_of(at.name());
    if (field == nullptr || (this->*field).data() != nullptr) continue;  // of two with one name the first counts
    this->*field = at.value();
  }
  names_node = on_node.data() != nullptr;
}

bool Record::is_masked_probe() const {
  if (task != "monitor" || number_in(interval, 0) != 0) return false;
  const int result = int_in(rc_code, rc::ok);
  return result == rc::not_installed || result == rc::invalid_parameter || int_in(op_status, -2) == static_cast<int>(Outcome::not_installed);
}

std::int64_t number_in(std::string_view text, std::int64_t otherwise) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '+')) text.remove_prefix(1);
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc{} ? number : otherwise;
}

int int_in(std::string_view text, int otherwise) {
  const std::int64_t number = number_in(text, otherwise);
  const bool fits = number >= std::numeric_limits<int>::min() && number <= std::numeric_limits<int>::max();
  return fits ? static_cast<int>(number) : otherwise;
}

std::int64_t number_of(pugi::xml_node element, const char* attribute, std::int64_t otherwise) {
  return number_in(element.attribute(attribute).value(), otherwise);
}

int int_of(pugi::xml_node element, const char* attribute, int otherwise) { return int_in(element.attribute(attribute).value(), otherwise); }

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

ActiveSpan active_span(const std::vector<Record>& entries) {
  ActiveSpan span;
  int by_monitor = -1, by_role = -1;
  for (int at = 0; at < static_cast<int>(entries.size()); ++at) {
    const Record& entry = entries[static_cast<std::size_t>(at)];
    const std::string_view task = entry.task;
    if (task == "stop" && entry.op_status == "0") {
      span.stop = at;
    } else if (is_one_of(task, {"start", "migrate_from"})) {
      span.start = at;
    } else if (task == "monitor" && by_monitor <= span.stop) {
      if (is_one_of(entry.rc_code, {"0", "8"})) by_monitor = at;
    } else if (is_one_of(task, {"promote", "demote"})) {
      by_role = at;
    }
  }
  if (span.start == -1) span.start = by_role != -1 ? by_role : by_monitor;
  return span;
}

}  // namespace relevo::policy::past
