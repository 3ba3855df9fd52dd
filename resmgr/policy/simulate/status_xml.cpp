// Nodes and resources of a status as XML; see status_xml.hpp.
#include "resmgr/policy/simulate/status_xml.hpp"

#include <algorithm>

#include "resmgr/policy/set/values.hpp"
#include "resmgr/policy/simulate/status_parts.hpp"
#include "resmgr/policy/simulate/status_xml_parts.hpp"
#include "resmgr/policy/unpack/unpack.hpp"

namespace relevo::policy {
namespace {

const char* kind_of(const Node& node) {
  if (node.is_remote()) return "remote";
  return node.kind == NodeKind::cluster ? "member" : "ping";
}

void put_node(pugi::xml_node parent, const WorkingSet& set, const Node& node) {
  auto xml = parent.append_child("node");
  put(xml, "name", node.name);
  put(xml, "id", node.id);
  put(xml, "online", node.online);
  put(xml, "standby", node.standby);
  put(xml, "standby_onfail", node.standby_on_fail);
  put(xml, "maintenance", node.maintenance);
  put(xml, "pending", node.pending);
  put(xml, "unclean", node.unclean);
  put(xml, "health", health_text(set, node));
  // Nodes say what they understand since a certain version.
  const auto* features = find(node.attributes, "#feature-set");
  if (node.online && !node.is_remote()) put(xml, "feature_set", features != nullptr ? *features : "<3.15.1");
  put(xml, "shutdown", node.shutdown);
  put(xml, "expected_up", node.expected_up);
  put(xml, "is_dc", node.is_dc);
  put(xml, "resources_running", std::to_string(node.running.size()));
  put(xml, "type", kind_of(node));
  if (node.is_guest()) put(xml, "id_as_resource", node.connection->container->id);
}

void put_resource_xml(pugi::xml_node parent, const Resource& rsc, bool pending);

void put_primitive(pugi::xml_node parent, const Resource& rsc, bool pending) {
  if (bool_of(rsc.meta, "internal_rsc", false) || bool_of(rsc.meta, "internal", false)) return;
  auto xml = parent.append_child("resource");
  put(xml, "id", shown_name(rsc));
  put(xml, "resource_agent", rsc.klass + (rsc.provider.empty() ? "" : ":" + rsc.provider) + ":" + rsc.type);
  const auto begun = pending ? pending_text(rsc) : std::string();
  put(xml, "role", begun.empty() ? std::string(name(shown_role(rsc))) : begun);
  if (const auto* target = find(rsc.meta, "target-role")) put(xml, "target_role", *target);
  put(xml, "active", is_active(rsc, true));
  put(xml, "orphaned", rsc.removed);
  put(xml, "blocked", rsc.blocked);
  put(xml, "managed", rsc.managed);
  put(xml, "failed", rsc.failed);
  put(xml, "failure_ignored", rsc.failure_ignored);
  put(xml, "nodes_running_on", std::to_string(rsc.running_on.size()));
  if (rsc.lock_node != nullptr) put(xml, "locked_to", rsc.lock_node->name);
  for (const auto* node : rsc.running_on) {
    auto where = xml.append_child("node");
    put(where, "name", node->name);
    put(where, "id", node->id);
    put(where, "cached", node->online);
  }
}

void put_group(pugi::xml_node parent, const Resource& group, bool pending) {
  auto xml = parent.append_child("group");
  put(xml, "id", group.id);
  put(xml, "number_resources", std::to_string(group.children.size()));
  put(xml, "managed", group.managed);
  put(xml, "disabled", is_disabled(group));
  for (const auto* member : group.children) put_resource_xml(xml, *member, pending);
}

void put_clone_xml(pugi::xml_node parent, const Resource& clone, bool pending) {
  auto xml = parent.append_child("clone");
  put(xml, "id", clone.id);
  put(xml, "multi_state", clone.promotable);
  put(xml, "unique", clone.unique);
  put(xml, "managed", clone.managed);
  put(xml, "disabled", is_disabled(clone));
  put(xml, "failed", clone.failed);
  put(xml, "failure_ignored", clone.failure_ignored);
  if (const auto* target = find(clone.meta, "target-role")) put(xml, "target_role", *target);
  for (const auto* instance : clone.children) put_resource_xml(xml, *instance, pending);
}

void put_bundle(pugi::xml_node parent, const Resource& bundle, bool pending) {
  auto xml = parent.append_child("bundle");
  put(xml, "id", bundle.id);
  put(xml, "type", bundle.bundle->type);
  put(xml, "image", bundle.bundle->image);
  put(xml, "unique", bundle.unique);
  put(xml, "managed", bundle.managed);
  put(xml, "failed", bundle.failed);
  for (const auto& replica : bundle.bundle->replica) {
    auto inside = xml.append_child("replica");
    put(inside, "id", std::to_string(replica.offset));
    for (const auto* part : {replica.ip, replica.child, replica.container, replica.remote})
      if (part != nullptr) put_resource_xml(inside, *part, pending);
  }
}

void put_resource_xml(pugi::xml_node parent, const Resource& rsc, bool pending) {
  switch (rsc.variant) {
    case Variant::primitive: put_primitive(parent, rsc, pending); break;
    case Variant::group: put_group(parent, rsc, pending); break;
    case Variant::clone: put_clone_xml(parent, rsc, pending); break;
    case Variant::bundle:
      if (rsc.bundle) put_bundle(parent, rsc, pending);
      break;
  }
}

}  // namespace

void put_status_xml(pugi::xml_node parent, WorkingSet& set, const StatusXml& what) {
  std::vector<const Node*> nodes(set.nodes.begin(), set.nodes.end());
  std::stable_sort(nodes.begin(), nodes.end(), [](const Node* a, const Node* b) { return compare_names(a->name, b->name) < 0; });
  auto list = parent.append_child("nodes");
  for (const auto* node : nodes) put_node(list, set, *node);
  list = parent.append_child("resources");
  for (const auto* rsc : set.resources) {
    if ((rsc->removed && !is_active(*rsc, true)) || is_out_of_sight(*rsc)) continue;
    put_resource_xml(list, *rsc, what.pending);
  }
  if (what.attributes) put_attributes_xml(parent, set);
  if (what.fail_counts) put_fail_counts_xml(parent, set);
  put_failures_xml(parent, set);
}

}  // namespace relevo::policy
