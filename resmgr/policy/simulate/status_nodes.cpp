// Nodes of a status text. Which state is named first: resmgr spec 3.1, "Node List".
#include <algorithm>
#include <initializer_list>

#include <fmt/format.h>

#include "common/base/text.hpp"
#include "resmgr/policy/set/values.hpp"
#include "resmgr/policy/simulate/status_parts.hpp"
#include "resmgr/policy/simulate/status_xml_parts.hpp"

namespace relevo::policy {
namespace {

enum class Health : unsigned char { red, yellow, green };

/// Of one attribute: a colour by name, or what its score is worth. Where yellow is worth as much as green, only the name tells.
Health health_of(const WorkingSet& set, std::string_view value) {
  const auto& options = set.options;
  if (equals_ignoring_case(value, "red")) return Health::red;
  if (equals_ignoring_case(value, "yellow")) return Health::yellow;
  const int score = score_of(set, value);
  if (score <= options.health_red.value) return Health::red;
  const bool has_yellow = options.health_yellow.value != options.health_green.value;
  return has_yellow && score <= options.health_yellow.value ? Health::yellow : Health::green;
}

Health health_of(const WorkingSet& set, const Node& node) {
  auto health = Health::green;
  if (set.options.health_strategy == HealthStrategy::none) return health;
  for (const auto& [name, value] : node.attributes)
    if (name.starts_with("#health")) health = std::min(health, health_of(set, value));
  return health;
}

std::string state_of(const Node& node) {
  if (node.unclean) return node.online ? "UNCLEAN (online)" : node.pending ? "UNCLEAN (pending)" : "UNCLEAN (offline)";
  if (node.pending) return "pending";
  if (node.standby_on_fail && node.online) return "standby (on-fail)";
  if (node.standby && !node.online) return "OFFLINE (standby)";
  if (node.standby) return node.running.empty() ? "standby" : "standby (with active resources)";
  if (node.maintenance) return node.online ? "maintenance" : "OFFLINE (maintenance)";
  return node.online ? "online" : "OFFLINE";
}

bool stands_alone(const Node& node, Health health) {
  return node.unclean || node.pending || (node.standby_on_fail && node.online) || node.standby || node.maintenance || health != Health::green;
}

std::string text_of(const Node& node, Health health) {
  const auto* kind = node.is_guest() ? "GuestNode" : node.is_remote() ? "RemoteNode" : "Node";
  const auto* sick = health == Health::red ? " (health is RED)" : health == Health::yellow ? " (health is YELLOW)" : "";
  return fmt::format("{} {}: {}{}", kind, node.name, state_of(node), sick);
}

}  // namespace

const char* health_text(const WorkingSet& set, const Node& node) {
  const auto health = health_of(set, node);
  return health == Health::red ? "red" : health == Health::yellow ? "yellow" : "green";
}

void put_nodes(StatusText& out) {
  std::vector<const Node*> nodes(out.set.nodes.begin(), out.set.nodes.end());
  std::stable_sort(nodes.begin(), nodes.end(), [](const Node* a, const Node* b) { return compare_names(a->name, b->name) < 0; });
  std::vector<std::string> online, remote_online, guest_online, offline, remote_offline;
  if (!nodes.empty()) out.heading(1, "Node List");
  for (const auto* node : nodes) {
    const auto health = health_of(out.set, *node);
    if (stands_alone(*node, health)) out.entry(2, text_of(*node, health));
    else if (node->online) (node->is_guest() ? guest_online : node->is_remote() ? remote_online : online).push_back(node->name);
    // A guest that is down is no news: its container says so.
    else if (!node->is_guest()) (node->is_remote() ? remote_offline : offline).push_back(node->name);
  }
  const auto list = [&](const char* label, const std::vector<std::string>& names) {
    if (!names.empty()) out.entry(2, bracketed(names), label);
  };
  list("Online", online);
  list("OFFLINE", offline);
  list("RemoteOnline", remote_online);
  list("RemoteOFFLINE", remote_offline);
  list("GuestOnline", guest_online);
}

}  // namespace relevo::policy
