// The edge between an OCF agent and whoever calls it: parameters from the environment, exit codes, reasons, dispatch.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "agents/lib/metadata.hpp"
#include "common/base/result.hpp"

namespace relevo::agents {

/// OCF exit codes. Source: OCF resource agent API 1.1.
enum class Exit : int {
  ok = 0,
  error = 1,
  bad_argument = 2,
  unimplemented = 3,
  no_permission = 4,
  not_installed = 5,
  not_configured = 6,
  not_running = 7,
};

/// An end of an action: the code and the sentence that explains a failure (with `ok`: a warning).
struct Answer {
  Exit code = Exit::ok;
  std::string reason;
};

/// What the caller said, read from the environment once.
class Call {
 public:
  /// `action` and the process's environment.
  static Call from_environment(std::string action);
  Call(std::string action, std::map<std::string, std::string> environment);

  [[nodiscard]] const std::string& action() const { return action_; }
  /// The resource's name, `default` when called by hand without one.
  [[nodiscard]] std::string instance() const { return variable("OCF_RESOURCE_INSTANCE").value_or("default"); }
  /// A monitor without an interval: finding nothing is no failure.
  [[nodiscard]] bool is_probe() const;
  /// OCF_RESKEY_`name`; empty counts as not set.
  [[nodiscard]] std::optional<std::string> parameter(const std::string& name) const;
  [[nodiscard]] std::string parameter_or(const std::string& name, const std::string& fallback) const;
  /// Errors: what is set is no boolean.
  [[nodiscard]] Result<bool> boolean(const std::string& name, bool fallback) const;
  /// Errors: what is set is no whole number from `low` to `high`.
  [[nodiscard]] Result<long> number(const std::string& name, long fallback, long low, long high) const;
  /// OCF_RESKEY_CRM_meta_`name`.
  [[nodiscard]] std::optional<std::string> meta(const std::string& name) const;
  [[nodiscard]] std::optional<std::string> variable(const std::string& name) const;
  /// Where agents keep what must not outlive the running system: RELEVO_RSCTMP, HA_RSCTMP, /run/resource-agents.
  [[nodiscard]] std::string state_folder() const;
  [[nodiscard]] const std::map<std::string, std::string>& environment() const { return environment_; }

 private:
  std::string action_;
  std::map<std::string, std::string> environment_;
};

using Handlers = std::map<std::string, std::function<Answer(const Call&)>>;

/// The main of an agent: `meta-data`, `usage` and `help` are answered here, other actions by their handler, unknown
/// ones with the usage and code 3. Writes `ocf-exit-reason:` lines. Gives the exit code.
int run_agent(int argc, char** argv, const Metadata& metadata, const Handlers& handlers);

}  // namespace relevo::agents
