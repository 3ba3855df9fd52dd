// Old documents: options, defaults, nodes, resources; see upgrade.hpp.
#include "resmgr/policy/unpack/upgrade.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "common/base/text.hpp"
#include "common/xml/tree.hpp"

namespace relevo::policy {
namespace {

struct Renamed {
  std::string_view before, after;
};

/// Options whose name only became another one.
constexpr std::array<Renamed, 15> renamed_options{{
    {"cluster_recheck_interval", "cluster-recheck-interval"}, {"dc_deadtime", "dc-deadtime"},
    {"election_timeout", "election-timeout"}, {"no_quorum_policy", "no-quorum-policy"},
    {"remove_after_stop", "remove-after-stop"}, {"shutdown_escalation", "shutdown-escalation"},
    {"startup_fencing", "startup-fencing"}, {"stonith_action", "stonith-action"},
    {"stonith_enabled", "stonith-enabled"}, {"stop_orphan_actions", "stop-orphan-actions"},
    {"stop_orphan_resources", "stop-orphan-resources"}, {"symmetric_cluster", "symmetric-cluster"},
    {"transition_idle_timeout", "cluster-delay"}, {"transition-idle-timeout", "cluster-delay"},
    {"is_managed_default", "is-managed-default"},
}};

/// Options that are defaults of resources or operations today.
struct Default {
  std::string_view option;
  const char* section;
  std::string_view name;
};
constexpr std::array<Default, 5> moved_options{{
    {"default-resource-stickiness", "rsc_defaults", "resource-stickiness"},
    {"default_resource_stickiness", "rsc_defaults", "resource-stickiness"},
    {"is-managed-default", "rsc_defaults", "is-managed"},
    {"default-action-timeout", "op_defaults", "timeout"},
    {"default_action_timeout", "op_defaults", "timeout"},
}};

constexpr std::array<std::string_view, 7> dropped_options{"default-migration-threshold", "default_migration_threshold",
                                                          "default-resource-failure-stickiness", "default_resource_failure_stickiness",
                                                          "expected-quorum-votes", "notification-agent", "notification-recipient"};

constexpr std::array<std::string_view, 6> dropped_meta{"isolation",          "isolation-host",              "isolation-instance",
                                                       "isolation-wrapper", "resource-failure-stickiness", "resource_failure_stickiness"};

constexpr std::array<Renamed, 7> renamed_parameters{{{"pcmk_list_cmd", "pcmk_list_action"},
                                                     {"pcmk_monitor_cmd", "pcmk_monitor_action"},
                                                     {"pcmk_off_cmd", "pcmk_off_action"},
                                                     {"pcmk_on_cmd", "pcmk_on_action"},
                                                     {"pcmk_reboot_cmd", "pcmk_reboot_action"},
                                                     {"pcmk_status_cmd", "pcmk_status_action"},
                                                     {"pcmk_poweroff_cmd", "pcmk_off_action"}}};

template <class List>
bool is_one_of(const List& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

template <class List>
void rename_pair(pugi::xml_node pair, const List& names) {
  const std::string_view name = pair.attribute("name").value();
  const auto found = std::find_if(names.begin(), names.end(), [&](const Renamed& each) { return each.before == name; });
  if (found != names.end()) xml::set_attribute(pair, "name", found->after);
}

/// A section of the configuration, made when it is not there.
pugi::xml_node section_of(pugi::xml_node configuration, const char* name) {
  const auto known = configuration.child(name);
  return known ? known : configuration.append_child(name);
}

/// True when the pair went away.
bool move_default(pugi::xml_node configuration, pugi::xml_node pair) {
  const std::string_view name = pair.attribute("name").value();
  for (const auto& each : moved_options) {
    if (each.option != name) continue;
    auto section = section_of(configuration, each.section);
    if (!has_pair(section, "meta_attributes", each.name)) {
      const auto id = fmt::format("_2TO3_-{}", std::string_view(each.section) == "rsc_defaults" ? "rsc-defaults" : "op-defaults");
      auto moved = block_for(section, "meta_attributes", id).append_copy(pair);
      xml::set_attribute(moved, "name", each.name);
    }
    pair.parent().remove_child(pair);
    return true;
  }
  return false;
}

void upgrade_options(pugi::xml_node configuration, std::vector<std::string>& dropped) {
  auto section = configuration.child("crm_config");
  for (auto block = section.child("cluster_property_set"); block;) {
    const auto next_block = block.next_sibling("cluster_property_set");
    for (auto pair = block.child("nvpair"); pair;) {
      const auto next = pair.next_sibling("nvpair");
      rename_pair(pair, renamed_options);
      if (const std::string name = pair.attribute("name").value(); is_one_of(dropped_options, name)) {
        dropped.push_back(fmt::format("cluster option {} is dropped", name));
        block.remove_child(pair);
      } else {
        move_default(configuration, pair);
      }
      pair = next;
    }
    if (!xml::first_element(block)) section.remove_child(block);
    block = next_block;
  }
}

void upgrade_nodes(pugi::xml_node configuration) {
  for (auto node : configuration.child("nodes").children("node"))
    if (std::string_view(node.attribute("type").value()) == "normal") xml::set_attribute(node, "type", "member");
}

void drop_old_meta(pugi::xml_node resource, std::vector<std::string>& dropped) {
  for (auto block : resource.children("meta_attributes")) {
    for (auto pair = block.child("nvpair"); pair;) {
      const auto next = pair.next_sibling("nvpair");
      const std::string name = pair.attribute("name").value();
      if (is_one_of(dropped_meta, name)) {
        dropped.push_back(fmt::format("{} of {} is dropped", name, resource.attribute("id").value()));
        block.remove_child(pair);
      }
      pair = next;
    }
  }
}

void upgrade_parameters(pugi::xml_node resource, std::vector<std::string>& dropped) {
  for (auto block : resource.children("instance_attributes")) {
    for (auto pair = block.child("nvpair"); pair;) {
      const auto next = pair.next_sibling("nvpair");
      if (std::string_view(pair.attribute("name").value()) == "pcmk_arg_map") {
        dropped.push_back(fmt::format("pcmk_arg_map of {} is dropped", resource.attribute("id").value()));
        block.remove_child(pair);
      } else {
        rename_pair(pair, renamed_parameters);
      }
      pair = next;
    }
  }
}

/// Resources hold resources three levels deep at most; what is deeper is none.
void upgrade_resources(pugi::xml_node parent, std::vector<std::string>& dropped, int depth) {
  constexpr std::array<std::string_view, 6> elements{"primitive", "template", "group", "clone", "master", "bundle"};
  constexpr int deepest = 8;
  if (depth > deepest) return;
  for (auto child = xml::first_element(parent); child; child = xml::next_element(child)) {
    if (!is_one_of(elements, child.name())) continue;
    drop_old_meta(child, dropped);
    upgrade_parameters(child, dropped);
    upgrade_operations(child, dropped);
    upgrade_resources(child, dropped, depth + 1);
  }
}

}  // namespace

pugi::xml_node block_for(pugi::xml_node parent, const char* name, const std::string& id) {
  if (const auto known = parent.child(name)) return known;
  auto block = parent.append_child(name);
  xml::set_attribute(block, "id", id);
  return block;
}

bool has_pair(pugi::xml_node parent, const char* block, std::string_view name) {
  for (const auto each : parent.children(block))
    for (const auto pair : each.children("nvpair"))
      if (name == pair.attribute("name").value()) return true;
  return false;
}

bool is_old_document(pugi::xml_node cib) {
  std::string_view schema = cib.attribute("validate-with").value();
  constexpr std::string_view prefix = "pacemaker-";
  if (!schema.starts_with(prefix)) return false;
  schema.remove_prefix(prefix.size());
  const auto major = parse_int(schema.substr(0, schema.find('.')));
  return major && *major < 3;
}

std::vector<std::string> upgrade_document(pugi::xml_node cib) {
  std::vector<std::string> dropped;
  if (!is_old_document(cib)) return dropped;
  auto configuration = cib.child("configuration");
  upgrade_options(configuration, dropped);
  upgrade_nodes(configuration);
  upgrade_resources(configuration.child("resources"), dropped, 0);
  xml::set_attribute(cib, "validate-with", "pacemaker-3.9");
  return dropped;
}

}  // namespace relevo::policy
