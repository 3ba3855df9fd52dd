// Primitives, groups and bundles of a status text. Source: resmgr spec 3.1, "Full List of Resources".
#include <array>
#include <optional>

#include <fmt/format.h>

#include "common/base/text.hpp"
#include "resmgr/policy/set/actions.hpp"
#include "resmgr/policy/set/values.hpp"
#include "resmgr/policy/simulate/status_parts.hpp"
#include "resmgr/policy/simulate/status_xml_parts.hpp"
#include "resmgr/policy/unpack/unpack.hpp"

namespace relevo::policy {
namespace {

const Resource& top_of(const Resource& rsc) {
  const Resource* at = &rsc;
  while (at->parent != nullptr && at->parent->variant != Variant::bundle) at = at->parent;
  return *at;
}

std::string pending_state(const std::string& task) {
  static constexpr std::array<std::pair<std::string_view, const char*>, 6> states{
      {{"start", "Starting"}, {"stop", "Stopping"}, {"migrate_to", "Migrating"}, {"migrate_from", "Migrating"},
       {"promote", "Promoting"}, {"demote", "Demoting"}}};
  for (const auto& [name, text] : states)
    if (task == name) return text;
  return {};
}

std::string state_text(const StatusText& out, const Resource& rsc) {
  const auto role = shown_role(rsc);
  if (rsc.failed) return role == Role::promoted ? " FAILED Promoted" : " FAILED";
  const auto pending = out.show_pending ? pending_state(rsc.pending_task) : std::string{};
  return " " + (pending.empty() ? std::string(name(role)) : pending);
}

const std::string* configured_target(const Resource& rsc) { return find(rsc.meta, "target-role"); }

std::vector<std::string> flags_of(const StatusText& out, const Resource& rsc, const Node* node) {
  std::vector<std::string> flags;
  if (node != nullptr && !node->online && node->unclean) flags.emplace_back("UNCLEAN");
  if (node != nullptr && node == rsc.lock_node) flags.emplace_back("LOCKED");
  if (out.show_pending && rsc.pending_task == "monitor") flags.emplace_back("Monitoring");
  if (const auto* target = configured_target(rsc)) {
    const auto role = role_of(*target);
    if (role == Role::stopped) flags.emplace_back("disabled");
    else if (role == Role::unpromoted && top_of(rsc).promotable) flags.push_back("target-role:" + *target);
  }
  if (rsc.blocked) flags.emplace_back("blocked");
  else if (!rsc.managed) flags.emplace_back("unmanaged");
  if (rsc.failure_ignored) flags.emplace_back("failure ignored");
  return flags;
}

std::string places(const Resource& rsc) {
  std::vector<std::string> names;
  for (const auto* node : rsc.running_on) names.push_back(node->name);
  return " " + bracketed(names);
}

/// Connections of guests are no resources that anybody configured.
bool is_implicit(const Resource& rsc) { return bool_of(rsc.meta, "internal", false); }

/// A guest's connection that nobody configured is not shown.
void put_primitive(StatusText& out, const Resource& rsc, int depth) {
  if (bool_of(rsc.meta, "internal_rsc", false)) return;
  if (is_implicit(rsc)) return;
  const Node* node = active_node(rsc);
  out.entry(depth, primitive_text(out, rsc, shown_name(rsc), node != nullptr ? node : rsc.pending_node));
}

void put_group(StatusText& out, const Resource& group, int depth) {
  if (group.children.empty()) return;
  std::vector<std::string> words;
  if (!group.managed) words.emplace_back("unmanaged");
  if (is_disabled(group)) words.emplace_back("disabled");
  std::vector<const Resource*> members(group.children.begin(), group.children.end());
  if (!out.show_inactive) std::erase_if(members, [](const Resource* member) { return !is_active(*member, true); });
  if (const auto hidden = group.children.size() - members.size(); hidden > 0)
    words.insert(words.begin(), fmt::format("{} member{} inactive", hidden, hidden == 1 ? "" : "s"));
  out.heading(depth, fmt::format("Resource Group: {}{}", group.id, in_brackets(words)));
  for (const auto* member : members) put_resource(out, *member, depth + 1);
}

void put_bundle(StatusText& out, const Resource& bundle, int depth) {
  const auto& facts = *bundle.bundle;
  if (facts.replica.empty()) return;
  const auto* description = bundle.xml.attribute("description").as_string();
  out.heading(depth, fmt::format("Container bundle{}: {} [{}]{}{}{}", facts.replica.size() > 1 ? " set" : "", bundle.id, facts.image,
                                 bundle.unique ? " (unique)" : "", *description != '\0' ? fmt::format(" ({})", description) : "",
                                 bundle.managed ? "" : " (unmanaged)"));
  for (const auto& replica : facts.replica) {
    const auto* shown = replica.child != nullptr ? replica.child : replica.container;
    const auto* named = replica.remote != nullptr ? replica.remote : replica.container;
    if (shown == nullptr || named == nullptr || replica.container == nullptr || is_out_of_sight(*replica.container)) continue;
    const auto name = shown_name(*named) + (replica.address.empty() ? "" : fmt::format(" ({})", replica.address));
    out.entry(depth + 1, primitive_text(out, *shown, name, active_node(*replica.container)));
  }
}

}  // namespace

Role shown_role(const Resource& rsc) {
  return rsc.role == Role::started && top_of(rsc).promotable ? Role::unpromoted : rsc.role;
}

std::string shown_name(const Resource& rsc) {
  return rsc.is_anonymous_instance() ? rsc.xml.attribute("id").as_string(rsc.id.c_str()) : rsc.id;
}

std::string pending_text(const Resource& rsc) { return pending_state(rsc.pending_task); }

bool rules_out_place(pugi::xml_node entry) {
  const int rc = entry.attribute("rc-code").as_int(-1);
  constexpr int not_installed = 5, invalid_parameter = 2, status_not_installed = 7;
  if (entry.attribute("operation").as_string() != std::string_view("monitor")) return false;
  if (entry.attribute("interval").as_llong(0) != 0) return false;
  return rc == not_installed || rc == invalid_parameter || entry.attribute("op-status").as_int(-1) == status_not_installed;
}

const char* exit_text(int rc) {
  static constexpr std::array<const char*, 10> texts{"ok", "error", "invalid parameter", "unimplemented feature", "insufficient privileges",
                                                     "not installed", "not configured", "not running", "promoted", "promoted (failed)"};
  if (rc == 190) return "OCF_DEGRADED";
  if (rc == 191) return "promoted (degraded)";
  return rc >= 0 && rc < 10 ? texts[static_cast<std::size_t>(rc)] : "unknown";
}

bool is_out_of_sight(const Resource& rsc) { return rsc.running_on.empty() && is_active(rsc, false); }

bool is_disabled(const Resource& rsc) {
  const auto* target = configured_target(rsc);
  if (target == nullptr) return false;
  const auto role = role_of(*target);
  return role == Role::stopped || (role == Role::unpromoted && top_of(rsc).promotable);
}

std::string in_brackets(const std::vector<std::string>& words) {
  return words.empty() ? std::string{} : fmt::format(" ({})", join(words, ", "));
}

std::string failed_probe(const WorkingSet& set, const Resource& rsc, const Node* node) {
  const Resource& top = top_of(rsc);
  // An instance that a history calls by its number is not looked for.
  const std::string_view wanted = top.is(Variant::clone) ? top.clone.child.attribute("id").as_string() : std::string_view(rsc.id);
  for (const auto& failed : set.failed) {
    if (!rules_out_place(failed.entry)) continue;
    const std::string_view where = failed.entry.attribute("on_node").as_string();
    if (where.empty() || (node != nullptr && !equals_ignoring_case(where, node->name))) continue;
    const auto key = parse_key(failed.entry.attribute("operation_key").as_string(failed.entry.attribute("id").as_string()));
    if (!key || key->rsc != wanted) continue;
    return exit_text(failed.entry.attribute("rc-code").as_int(-1));
  }
  return {};
}

std::string primitive_text(const StatusText& out, const Resource& rsc, std::string_view name, const Node* node) {
  const bool several = rsc.running_on.size() > 1;
  if (node == nullptr) node = rsc.lock_node;
  if (several) node = nullptr;
  auto text = fmt::format("{}\t({}{}{}:{}):\t{}{}{}", name, rsc.klass, rsc.provider.empty() ? "" : ":", rsc.provider, rsc.type,
                          rsc.removed ? " ORPHANED" : "", state_text(out, rsc), node != nullptr ? " " + node->name : "");
  if (shown_role(rsc) == Role::stopped)
    if (const auto probe = failed_probe(out.set, rsc, node); !probe.empty()) text += fmt::format(" ({}) ", probe);
  text += in_brackets(flags_of(out, rsc, node));
  if (!several) return text;
  if (const auto* about = rsc.xml.attribute("description").as_string(); *about != '\0') text += fmt::format(" ({})", about);
  return text + places(rsc);
}

void put_resource(StatusText& out, const Resource& rsc, int depth) {
  switch (rsc.variant) {
    case Variant::primitive: put_primitive(out, rsc, depth); break;
    case Variant::group: put_group(out, rsc, depth); break;
    case Variant::clone: put_clone(out, rsc, depth); break;
    case Variant::bundle:
      if (rsc.bundle) put_bundle(out, rsc, depth);
      break;
  }
}

}  // namespace relevo::policy
