// The resources section: every resource with what is below it, then what ties them to containers and remote nodes.
#include <algorithm>

#include "common/base/text.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/policy/unpack/build.hpp"

namespace relevo::policy {
namespace {

std::optional<Variant> variant_of(std::string_view element) {
  if (element == "primitive") return Variant::primitive;
  if (element == "group") return Variant::group;
  if (element == "clone" || element == "master") return Variant::clone;
  if (element == "bundle") return Variant::bundle;
  return std::nullopt;
}

/// A resource that turned out unusable goes away with all that was made below it.
void roll_back(WorkingSet& set, std::size_t mark) {
  for (auto& node : set.all_nodes)
    if (node.connection != nullptr && node.connection->index >= mark) node.connection = nullptr;
  while (set.all_resources.size() > mark) {
    auto& last = set.all_resources.back();
    const auto known = set.by_id.find(last.id);
    if (known != set.by_id.end() && known->second == &last) set.by_id.erase(known);
    set.all_resources.pop_back();
  }
}

bool build_variant(WorkingSet& set, Resource& rsc, std::string_view instance) {
  switch (rsc.variant) {
    case Variant::primitive: return build_primitive(set, rsc);
    case Variant::group: return build_group(set, rsc, instance);
    case Variant::clone: return build_clone(set, rsc);
    case Variant::bundle: return build_bundle(set, rsc);
  }
  return false;
}

void name_resource(WorkingSet& set, Resource& rsc, std::string_view instance) {
  const std::string_view base = rsc.xml.attribute("id").value();
  rsc.id = instance.empty() ? std::string(base) : fmt::format("{}:{}", base, instance);
  rsc.klass = rsc.xml.attribute("class").value();
  rsc.provider = rsc.xml.attribute("provider").value();
  rsc.type = rsc.xml.attribute("type").value();
  if (!instance.empty()) rsc.meta.emplace("clone", instance);
  set.by_id.emplace(rsc.id, &rsc);
}

/// With the node's own score.
void allow_on(WorkingSet& set, Resource& rsc, const Node& node) {
  if (rsc.allowed.find(node) != nullptr) return;
  rsc.allowed.allow(node).because = set.options.symmetric_cluster ? Ledger::symmetric : Ledger::allowed;
  if (node.score.value != 0) set.set_score(rsc.allowed, node, node.score, Cause::node_score, node.name);
}

void allow_by_default(WorkingSet& set, Resource& rsc) {
  // The connection of a guest goes where its container goes, so it may be anywhere also where nothing is allowed by default.
  const bool guest = rsc.is_remote_connection && find(rsc.meta, "container") != nullptr;
  if (set.options.symmetric_cluster) {
    allow_everywhere(set, rsc);
  } else if (guest) {
    for (const auto* node : set.nodes) allow_on(set, rsc, *node);
  }
}

void remember_template_user(WorkingSet& set, pugi::xml_node configured) {
  const auto reference = configured.attribute("template");
  if (!reference) return;
  auto& users = set.template_users[reference.value()];
  const std::string id = configured.attribute("id").value();
  if (std::find(users.begin(), users.end(), id) == users.end()) users.push_back(id);
}

void tie_to_container(WorkingSet& set, Resource& rsc) {
  for (auto* child : rsc.children) tie_to_container(set, *child);
  const auto* wanted = rsc.children.empty() ? find(rsc.meta, "container") : nullptr;
  if (wanted == nullptr || equals_ignoring_case(*wanted, rsc.id)) return;
  auto* container = set.find_resource(*wanted);
  if (container == nullptr) return set.say(Notice::Level::error, fmt::format("Resource {}: unknown container '{}'", rsc.id, *wanted));
  rsc.container = container;
  rsc.is_filler = true;
  container->is_container = true;
  if (std::find(container->fillers.begin(), container->fillers.end(), &rsc) == container->fillers.end()) container->fillers.push_back(&rsc);
}

void tie_to_node(WorkingSet& set, Resource& rsc) {
  auto* node = rsc.is_remote_connection ? set.find_node(rsc.id) : nullptr;
  if (node == nullptr) return;
  node->connection = &rsc;
  if (rsc.container == nullptr) {
    expect_state(set, *node);
  } else {
    node->attributes.insert_or_assign("#kind", "container");
  }
}

void unpack_top_level(WorkingSet& set, pugi::xml_node xml) {
  const std::string_view id = xml.attribute("id").value();
  if (id.empty()) return set.say(Notice::Level::error, fmt::format("Ignoring <{}> resource without id", xml.name()));
  if (std::string_view(xml.name()) == "template") {
    set.template_users.try_emplace(std::string(id));
    return;
  }
  if (auto* rsc = unpack_resource(set, xml, nullptr)) {
    set.resources.push_back(rsc);
  } else {
    set.say(Notice::Level::error, fmt::format("Ignoring <{}> resource '{}' because its configuration is invalid", xml.name(), id));
  }
}

}  // namespace

Resource* build_resource(WorkingSet& set, pugi::xml_node xml, Resource* parent, std::string_view instance) {
  const auto variant = variant_of(xml.name());
  const auto merged = variant ? merge_template(set, xml) : pugi::xml_node();
  if (!merged) return nullptr;
  const auto mark = set.all_resources.size();
  auto& rsc = set.new_resource();
  rsc.variant = *variant;
  rsc.xml = merged;
  if (xml.attribute("template")) rsc.original_xml = xml;
  rsc.parent = parent;
  name_resource(set, rsc, instance);
  resolve_meta(set, rsc);
  apply_meta(set, rsc);
  if (!build_variant(set, rsc, instance)) {
    roll_back(set, mark);
    return nullptr;
  }
  allow_by_default(set, rsc);
  remember_template_user(set, xml);
  return &rsc;
}

Resource* unpack_resource(WorkingSet& set, pugi::xml_node xml, Resource* parent) {
  return build_resource(set, xml, parent, xml.attribute("clone").value());
}

void allow_everywhere(WorkingSet& set, Resource& rsc) {
  for (auto* child : rsc.children) allow_everywhere(set, *child);
  if (rsc.exclusive_discovery) return;
  for (const auto* node : set.nodes)
    if (node->discovery != Discovery::never) allow_on(set, rsc, *node);
}

void unpack_resources(WorkingSet& set) {
  const auto section = set.cib.child("configuration").child("resources");
  for (auto xml = xml::first_element(section); xml; xml = xml::next_element(xml)) unpack_top_level(set, xml);
  const auto connections = set.expanded.child("expanded").child("connections");
  for (auto xml = xml::first_element(connections); xml; xml = xml::next_element(xml)) unpack_top_level(set, xml);
  for (auto* rsc : set.resources) {
    tie_to_container(set, *rsc);
    tie_to_node(set, *rsc);
  }
  std::stable_sort(set.resources.begin(), set.resources.end(),
                   [](const Resource* a, const Resource* b) { return a->priority > b->priority; });
  if (!set.options.stonith_enabled || set.has_stonith_resource) return;
  // Tools look for the first of these.
  set.say(Notice::Level::error, "Resource start-up disabled since no STONITH resources have been defined");
  set.say(Notice::Level::error, "Either configure some or disable STONITH with the stonith-enabled option");
  set.say(Notice::Level::error, "NOTE: Clusters with shared data need STONITH to ensure data integrity");
}

}  // namespace relevo::policy
