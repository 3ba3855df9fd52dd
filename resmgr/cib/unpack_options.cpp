// Cluster options: typed, with their defaults; a value that cannot be read gives a warning and the default.
#include "common/base/text.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/cib/unpack_context.hpp"

namespace relevo::cib {
namespace {

/// Reads values by name; newer spellings are asked for where the older one is not set.
class Reader {
 public:
  explicit Reader(UnpackContext& context) : context_(context), values_(context.state.options.set) {}

  void flag(bool& into, const char* name, const char* newer = "") {
    const std::string* text = find(name, newer);
    if (!text) return;
    if (const auto value = parse_bool(*text))
      into = *value;
    else
      complain(name, *text, "a boolean (true or false)");
  }
  void number(int& into, const char* name) {
    const std::string* text = find(name, "");
    if (!text) return;
    const auto value = parse_int(*text);
    if (value && *value >= -1 && *value <= model::Score::infinity)
      into = static_cast<int>(*value);
    else
      complain(name, *text, "a whole number from -1 up");
  }
  void duration(std::chrono::milliseconds& into, const char* name, const char* newer = "") {
    const std::string* text = find(name, newer);
    if (!text) return;
    if (const auto value = parse_duration(*text))
      into = *value;
    else
      complain(name, *text, "a time such as 60s");
  }
  void word(std::string& into, const char* name, const char* newer = "") {
    if (const std::string* text = find(name, newer)) into = *text;
  }
  const std::string* find(const char* name, const char* newer) {
    if (const auto it = values_.find(name); it != values_.end()) return &it->second;
    const auto it = values_.find(newer);
    return it == values_.end() ? nullptr : &it->second;
  }
  void complain(const char* name, const std::string& text, const char* allowed) {
    context_.warn("option '" + std::string(name) + "': '" + text + "' is not " + allowed + "; the default is used");
  }

 private:
  UnpackContext& context_;
  const model::NvMap& values_;
};

void quorum_policy(UnpackContext& context, Reader& read) {
  model::Options& options = context.state.options;
  const std::string* text = read.find("no-quorum-policy", "");
  if (!text) return;
  const auto policy = model::parse_quorum_policy(*text);
  if (!policy) return read.complain("no-quorum-policy", *text, "one of stop, ignore, freeze, demote, suicide");
  options.no_quorum_policy = *policy;
  if (*policy != model::QuorumPolicy::suicide) return;
  context.warn(
      "no-quorum-policy=suicide needs fencing, which this version does not do yet: resources are stopped instead");
  options.no_quorum_policy = model::QuorumPolicy::stop;
}

}  // namespace

void unpack_options(UnpackContext& context) {
  model::Options& options = context.state.options;
  options.have_quorum = parse_bool(xml::attribute_or(context.cib, "have-quorum")).value_or(false);
  options.dc_uuid = xml::attribute_or(context.cib, "dc-uuid");
  add_blocks(context, context.section("crm_config"), "cluster_property_set", {}, options.set);
  Reader read(context);
  quorum_policy(context, read);
  read.flag(options.symmetric_cluster, "symmetric-cluster");
  read.flag(options.stop_all_resources, "stop-all-resources");
  read.flag(options.start_failure_is_fatal, "start-failure-is-fatal");
  read.flag(options.maintenance_mode, "maintenance-mode");
  read.flag(options.stonith_enabled, "stonith-enabled", "fencing-enabled");
  read.flag(options.startup_fencing, "startup-fencing");
  read.flag(options.have_watchdog, "have-watchdog");
  read.flag(options.enable_startup_probes, "enable-startup-probes");
  read.flag(options.stop_orphan_resources, "stop-orphan-resources", "stop-removed-resources");
  read.flag(options.stop_orphan_actions, "stop-orphan-actions", "stop-removed-actions");
  read.word(options.stonith_action, "stonith-action", "fencing-action");
  read.duration(options.stonith_timeout, "stonith-timeout", "fencing-timeout");
  read.duration(options.cluster_delay, "cluster-delay");
  read.duration(options.cluster_recheck_interval, "cluster-recheck-interval");
  read.number(options.batch_limit, "batch-limit");
  read.number(options.node_action_limit, "node-action-limit");
}

}  // namespace relevo::cib
