// The agents on this machine and what they say of themselves: parameters, actions, defaults.
#pragma once

#include <string>
#include <vector>

#include "common/base/result.hpp"

namespace relevo::cli::pcs {

/// `ocf:heartbeat:IPaddr2` in its parts; provider is empty for systemd, lsb, service.
struct AgentName {
  std::string klass, provider, type;
};
[[nodiscard]] std::string to_string(const AgentName& name);

struct AgentParameter {
  std::string name, default_value, shortdesc;
  bool required = false;
};

struct AgentAction {
  std::string name, timeout, interval, role;
};

/// What `meta-data` says.
struct AgentMetadata {
  std::vector<AgentParameter> parameters;
  std::vector<AgentAction> actions;
};

/// The full name for what was typed; a bare type is looked up among the providers, ours first.
/// Errors: not_found `Unable to find agent 'X', try specifying its full name`; unsupported class.
Result<AgentName> resolve_agent(const std::string& typed);
/// Asks the agent. Errors: not installed, no valid meta-data.
Result<AgentMetadata> agent_metadata(const AgentName& name);

}  // namespace relevo::cli::pcs
