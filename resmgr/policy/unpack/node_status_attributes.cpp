// The attributes of a node that live as long as its membership, joined to those of the configuration.
#include <fmt/format.h>

#include "common/base/text.hpp"
#include "resmgr/policy/set/values.hpp"
#include "resmgr/policy/unpack/status_pass.hpp"

namespace relevo::policy::past {
namespace {

/// What rules can ask for besides attributes.
void add_facts(const WorkingSet& set, Node& node) {
  Attributes& attributes = node.attributes;
  attributes.insert_or_assign("#uname", node.name);
  attributes.insert_or_assign("#id", node.id);
  attributes.insert_or_assign("#is_dc", node.is_dc ? "true" : "false");
  if (const auto* cluster = find(set.options.set, "cluster-name")) attributes.insert_or_assign("#cluster-name", *cluster);
}

void add_site(const WorkingSet& set, Node& node) {
  if (find(node.attributes, "#site-name") != nullptr) return;
  const std::string* site = find(node.attributes, "site-name");
  if (site == nullptr) site = find(set.options.set, "cluster-name");
  if (site != nullptr) node.attributes.insert_or_assign("#site-name", std::string(*site));
}

}  // namespace

void read_transient_attributes(WorkingSet& set, Node& node, pugi::xml_node node_state) {
  const auto transient = node_state.child("transient_attributes");
  if (!node.is_dc && !set.options.dc_uuid.empty() && equals_ignoring_case(node.id, set.options.dc_uuid)) {
    node.is_dc = true;
    set.dc = &node;
  }
  add_facts(set, node);
  if (transient) {
    read_blocks(set, transient, "instance_attributes", {}, node.attributes, {}, true);
    Attributes utilization;
    read_blocks(set, transient, "utilization", {}, utilization);
    for (const auto& [name, value] : utilization) {
      if (const auto number = parse_int(value)) node.capacity.emplace(name, static_cast<int>(*number));
    }
  }
  add_site(set, node);
}

bool shutdown_requested(const Node& node) {
  const std::string* value = find(node.attributes, "shutdown");
  return value != nullptr && *value != "0";
}

bool attribute_is_true(const Node& node, std::string_view name) {
  const std::string* value = find(node.attributes, name);
  return value != nullptr && is_true(*value);
}

}  // namespace relevo::policy::past
