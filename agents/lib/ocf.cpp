// See ocf.hpp.
#include "agents/lib/ocf.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "common/base/text.hpp"

namespace relevo::agents {
namespace {

void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto n = ::write(fd, text.data(), text.size());
    if (n <= 0) return;  // nobody reads: nothing else to tell it to
    text.remove_prefix(static_cast<std::size_t>(n));
  }
}

std::string usage(const Metadata& metadata, const Handlers& handlers) {
  std::vector<std::string> names{"meta-data", "usage"};
  for (const auto& [name, handler] : handlers) names.push_back(name);
  return fmt::format("usage: {} {{{}}}\n", metadata.name, join(names, "|"));
}

}  // namespace

Call::Call(std::string action, std::map<std::string, std::string> environment)
    : action_(std::move(action)), environment_(std::move(environment)) {}

Call Call::from_environment(std::string action) {
  std::map<std::string, std::string> variables;
  for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const auto equals = text.find('=');
    if (equals != std::string_view::npos) variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return {std::move(action), std::move(variables)};
}

std::optional<std::string> Call::variable(const std::string& name) const {
  const auto it = environment_.find(name);
  if (it == environment_.end() || it->second.empty()) return std::nullopt;
  return it->second;
}

std::optional<std::string> Call::parameter(const std::string& name) const { return variable("OCF_RESKEY_" + name); }
std::optional<std::string> Call::meta(const std::string& name) const { return parameter("CRM_meta_" + name); }

std::string Call::parameter_or(const std::string& name, const std::string& fallback) const {
  return parameter(name).value_or(fallback);
}

bool Call::is_probe() const {
  return (action_ == "monitor" || action_ == "status") && meta("interval").value_or("0") == "0";
}

Result<bool> Call::boolean(const std::string& name, bool fallback) const {
  const auto text = parameter(name);
  if (!text) return fallback;
  const auto value = parse_bool(*text);
  if (!value) return fail(ErrorKind::invalid, "parameter {}: '{}' is neither true nor false", name, *text);
  return *value;
}

Result<long> Call::number(const std::string& name, long fallback, long low, long high) const {
  const auto text = parameter(name);
  if (!text) return fallback;
  const auto value = parse_int(*text);
  if (!value || *value < low || *value > high) {
    return fail(ErrorKind::invalid, "parameter {}: '{}' is not a whole number from {} to {}", name, *text, low, high);
  }
  return static_cast<long>(*value);
}

std::string Call::state_folder() const {
  if (const auto own = variable("RELEVO_RSCTMP")) return *own;
  return variable("HA_RSCTMP").value_or("/run/resource-agents");
}

int run_agent(int argc, char** argv, const Metadata& metadata, const Handlers& handlers) {
  const std::string action = argc == 2 ? argv[1] : "";
  if (action == "meta-data") {
    write_all(STDOUT_FILENO, to_xml(metadata));
    return static_cast<int>(Exit::ok);
  }
  if (action == "usage" || action == "help") {
    write_all(STDOUT_FILENO, usage(metadata, handlers));
    return static_cast<int>(Exit::ok);
  }
  const auto handler = handlers.find(action);
  if (handler == handlers.end()) {
    write_all(STDERR_FILENO, usage(metadata, handlers));
    return static_cast<int>(argc == 2 ? Exit::unimplemented : Exit::bad_argument);
  }
  const auto call = Call::from_environment(action);
  const auto answer = handler->second(call);
  if (!answer.reason.empty()) {
    const bool failed = answer.code != Exit::ok;
    const auto prefix = failed ? call.variable("OCF_EXIT_REASON_PREFIX").value_or("ocf-exit-reason:") : "WARNING: ";
    write_all(STDERR_FILENO, prefix + answer.reason + "\n");
  }
  return static_cast<int>(answer.code);
}

}  // namespace relevo::agents
