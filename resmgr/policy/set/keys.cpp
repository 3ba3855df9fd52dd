// The names of actions: `RSC_TASK_INTERVAL` and `RSC_TYPE_notify_OPERATION_INTERVAL`. Text only.
#include <array>
#include <charconv>
#include <limits>

#include <fmt/format.h>

#include "resmgr/policy/set/actions.hpp"

namespace relevo::policy {
namespace {

/// Cuts the last `_WORD` off; empty when there is no underscore with something before it.
std::string_view cut_last(std::string_view& text) {
  const auto at = text.rfind('_');
  if (at == std::string_view::npos || at == 0) return {};
  const auto word = text.substr(at + 1);
  text = text.substr(0, at);
  return word;
}

/// `A_pre` without `_pre`: what stands before `_notify_` is the resource and the kind of notification.
std::string_view without_notify_type(std::string_view rsc) {
  constexpr std::array<std::string_view, 4> types{"_confirmed-pre", "_confirmed-post", "_pre", "_post"};
  for (const auto type : types) {
    if (rsc.size() > type.size() && rsc.ends_with(type)) return rsc.substr(0, rsc.size() - type.size());
  }
  return rsc;
}

}  // namespace

std::string op_key(std::string_view rsc, std::string_view task, std::chrono::milliseconds interval) {
  const fmt::format_int number(interval.count());
  std::string key;
  key.reserve(rsc.size() + task.size() + number.size() + 2);
  key.append(rsc).append(1, '_').append(task).append(1, '_').append(number.data(), number.size());
  return key;
}

std::string notify_key(std::string_view rsc, std::string_view type, std::string_view operation) {
  return fmt::format("{}_{}_notify_{}_0", rsc, type, operation);
}

std::optional<KeyParts> parse_key(std::string_view key) {
  const auto views = split_key(key);
  if (!views) return std::nullopt;
  return KeyParts{std::string(views->rsc), std::string(views->task), views->interval};
}

std::optional<KeyViews> split_key(std::string_view key) {
  std::string_view rest = key;
  const auto digits = cut_last(rest);
  std::int64_t interval = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), interval);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size() || interval < 0 ||
      interval > std::numeric_limits<std::uint32_t>::max()) {
    return std::nullopt;
  }
  KeyViews parts;
  parts.interval = std::chrono::milliseconds(interval);
  if (const auto at = rest.find("_notify_"); at != std::string_view::npos && at > 0) {
    parts.task = "notify";
    parts.rsc = without_notify_type(rest.substr(0, at));
    return parts;
  }
  for (const std::string_view task : {"_migrate_to", "_migrate_from"}) {
    if (rest.size() > task.size() && rest.ends_with(task)) {
      parts.task = task.substr(1);
      parts.rsc = rest.substr(0, rest.size() - task.size());
      return parts;
    }
  }
  const auto task = cut_last(rest);
  if (task.empty()) return std::nullopt;
  parts.task = task;
  parts.rsc = rest;
  return parts;
}

}  // namespace relevo::policy
