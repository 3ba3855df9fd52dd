// See environment.hpp.
#include "resmgr/executor/environment.hpp"

#include <algorithm>

#include "resmgr/executor/outcome.hpp"

namespace relevo::executor {
namespace {

constexpr const char* feature_set = "3.16.1";  // what Pacemaker 2.1.5 tells its agents
constexpr const char* meta_prefix = "OCF_RESKEY_CRM_meta_";

bool can_be_variable(const std::string& name) {
  return !name.empty() && name.find('=') == std::string::npos && name.find('\0') == std::string::npos;
}

std::string meta_name(std::string name) {
  std::replace(name.begin(), name.end(), '-', '_');
  return meta_prefix + name;
}

}  // namespace

std::map<std::string, std::string> agent_environment(const Operation& op, const CoreOptions& options) {
  std::map<std::string, std::string> env{{"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
                                         {"LC_ALL", "C"},
                                         {"OCF_ROOT", "/usr/lib/ocf"},
                                         {"OCF_OUTPUT_FORMAT", "text"},
                                         {"HA_cluster_type", "corosync"},
                                         {"HA_quorum_type", "corosync"},
                                         {"PCMK_cluster_type", "corosync"},
                                         {"PCMK_quorum_type", "corosync"}};
  for (const auto& [name, value] : options.environment) env[name] = value;
  env["OCF_RA_VERSION_MAJOR"] = "1";
  env["OCF_RA_VERSION_MINOR"] = "1";
  env["OCF_EXIT_REASON_PREFIX"] = exit_reason_prefix;
  env["OCF_RESOURCE_INSTANCE"] = op.resource;
  env["OCF_RESOURCE_TYPE"] = op.type;
  env["OCF_RESOURCE_PROVIDER"] = op.provider;
  env["OCF_RESKEY_crm_feature_set"] = feature_set;
  for (const auto& [name, value] : op.parameters) {
    if (name == "OCF_CHECK_LEVEL") env[name] = value;
    if (can_be_variable(name)) env["OCF_RESKEY_" + name] = value;
  }
  for (const auto& [name, value] : op.meta) {
    if (can_be_variable(name)) env[meta_name(name)] = value;
  }
  env[meta_name("name")] = op.task;
  env[meta_name("timeout")] = std::to_string(op.timeout.count());
  if (op.interval.count() > 0) {
    env[meta_name("interval")] = std::to_string(op.interval.count());
  } else {
    env.erase(meta_name("interval"));
  }
  env.try_emplace(meta_name("on_node"), options.node_name);
  env.try_emplace(meta_name("on_node_uuid"), options.node_id);
  return env;
}

}  // namespace relevo::executor
