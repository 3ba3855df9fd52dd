// See outcome.hpp.
#include "resmgr/executor/outcome.hpp"

#include <fmt/format.h>

#include "common/base/text.hpp"

namespace relevo::executor {
namespace {

constexpr std::size_t longest_reason = 512;

std::string duration_text(milliseconds d) {
  return d.count() % 1000 == 0 ? fmt::format("{}s", d.count() / 1000) : fmt::format("{}ms", d.count());
}

/// Bytes of the UTF-8 character at the head of `text`, or 0 when it is not one.
std::size_t utf8_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t n = lead < 0x80 ? 1 : (lead >> 5) == 6 ? 2 : (lead >> 4) == 14 ? 3 : (lead >> 3) == 30 ? 4 : 0;
  if (n == 0 || n > text.size()) return 0;
  std::uint32_t code = n == 1 ? lead : lead & (0xffU >> (n + 1));
  for (std::size_t i = 1; i < n; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte >> 6) != 2) return 0;
    code = (code << 6) | (byte & 0x3fU);
  }
  constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  const bool non_character = code == 0xfffe || code == 0xffff;
  return code < smallest[n] || code > 0x10ffff || surrogate || non_character ? 0 : n;
}

std::string fit_for_document(std::string_view text) {
  std::string out;
  while (!text.empty() && out.size() < longest_reason) {
    const auto n = utf8_length(text);
    const bool control = static_cast<unsigned char>(text[0]) < 0x20 || text[0] == 0x7f;
    if (n == 0 || control) {
      out += '?';
      text.remove_prefix(1);
      continue;
    }
    out += text.substr(0, n);
    text.remove_prefix(n);
  }
  return out;
}

std::string agent_name(const Operation& op) {
  return op.provider.empty() ? op.klass + ":" + op.type : op.klass + ":" + op.provider + ":" + op.type;
}

bool is_defined(int rc) { return (rc >= 0 && rc <= 9) || rc == ocf_degraded || rc == ocf_degraded_promoted; }

}  // namespace

std::string exit_reason_in(std::string_view text) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    if (line.starts_with(exit_reason_prefix)) return fit_for_document(trim(line.substr(exit_reason_prefix.size())));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return {};
}

bool means_running(int rc) {
  return rc == ocf_ok || rc == ocf_promoted || rc == ocf_degraded || rc == ocf_degraded_promoted;
}

Outcome outcome_of(const ChildDone& done, const Operation& operation) {
  if (!done.found) {
    return {ocf_not_installed, OpStatus::not_installed,
            fmt::format("resource agent {} is not installed on this node", agent_name(operation))};
  }
  if (!done.started) {
    const auto reason =
        fmt::format("resource agent {} could not be started: {}", agent_name(operation), fit_for_document(done.error));
    return {done.permitted ? ocf_error : ocf_no_permission, OpStatus::error, reason};
  }
  auto reason = exit_reason_in(done.err);
  if (done.timed_out) {
    if (reason.empty()) {
      reason = fmt::format("resource agent did not finish within {}", duration_text(operation.timeout));
    }
    return {ocf_error, OpStatus::timeout, std::move(reason)};
  }
  if (done.signal != 0)
    return {ocf_error, OpStatus::error, fmt::format("resource agent died of signal {}", done.signal)};
  if (reason.empty() && !is_defined(done.exit_code)) {
    reason = fmt::format("resource agent ended with {}, which is no OCF exit code", done.exit_code);
  }
  if (done.exit_code == ocf_ok) reason.clear();
  return {done.exit_code, OpStatus::done, std::move(reason)};
}

}  // namespace relevo::executor
