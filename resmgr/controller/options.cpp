// Reading of cluster options.
#include "resmgr/controller/options.hpp"

#include "common/base/text.hpp"
#include "common/xml/tree.hpp"

namespace relevo::controller {
namespace {

constexpr std::string_view bootstrap = "cib-bootstrap-options";

std::optional<std::string> in_set(const pugi::xml_node& set, std::string_view name) {
  for (auto pair : set.children("nvpair"))
    if (xml::attribute_or(pair, "name") == name) return std::string(xml::attribute_or(pair, "value"));
  return std::nullopt;
}

}  // namespace

std::string cluster_option(const cib::Document& cib, std::string_view name, std::string_view fallback) {
  const auto config = cib.section("crm_config");
  if (auto value = in_set(xml::child(config, "cluster_property_set", bootstrap), name)) return *value;
  for (auto set : config.children("cluster_property_set"))
    if (auto value = in_set(set, name)) return *value;
  return std::string(fallback);
}

Duration cluster_duration(const cib::Document& cib, std::string_view name, Duration fallback) {
  const auto value = parse_duration(cluster_option(cib, name, ""));
  return value ? Duration(*value) : fallback;
}

bool cluster_boolean(const cib::Document& cib, std::string_view name, bool fallback) {
  return parse_bool(cluster_option(cib, name, "")).value_or(fallback);
}

bool ignores_quorum(const cib::Document& cib) { return cluster_option(cib, "no-quorum-policy", "stop") == "ignore"; }

bool stops_without_quorum(const cib::Document& cib) {
  const auto policy = cluster_option(cib, "no-quorum-policy", "stop");
  return policy != "ignore" && policy != "freeze";
}

Duration guard_time(const cib::Document& cib) {
  if (ignores_quorum(cib)) return Duration::zero();
  return cluster_duration(cib, "relevo-guard-time", std::chrono::milliseconds(300));
}

Duration process_grace(const cib::Document& cib) {
  return cluster_duration(cib, "relevo-process-grace", std::chrono::seconds(3));
}

}  // namespace relevo::controller
