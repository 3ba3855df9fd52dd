// The history of one node: entries read and put in the order in which they happened.
// What they mean is in unpack_result.cpp.
#include <algorithm>

#include "common/base/text.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/cib/unpack_context.hpp"

namespace relevo::cib {
namespace {

using model::ExecStatus;
using model::HistoryEntry;

/// The parts of `action:transition:expected-rc:uuid`, and of `status:rc;` in front of it in a magic.
struct TransitionKey {
  bool valid = false;
  std::int64_t transition = 0;
  int expected_rc = -1;
  std::string uuid;
};

TransitionKey parse_key(std::string_view text) {
  if (const auto semicolon = text.find(';'); semicolon != std::string_view::npos) text = text.substr(semicolon + 1);
  const auto parts = split(text, ':');
  TransitionKey key;
  // Older documents leave the expected code out.
  if (parts.size() != 4) return key;
  const auto transition = parse_int(parts[1]);
  const auto expected = parse_int(parts[2]);
  if (!transition || !expected) return key;
  return {true, *transition, static_cast<int>(*expected), parts[3]};
}

std::int64_t number(const pugi::xml_node& xml, const char* name, std::int64_t fallback) {
  return parse_int(xml::attribute_or(xml, name)).value_or(fallback);
}

int small_number(const pugi::xml_node& xml, const char* name, int fallback) {
  const std::int64_t value = number(xml, name, fallback);
  return value < INT32_MIN || value > INT32_MAX ? fallback : static_cast<int>(value);
}

HistoryEntry read_entry(const pugi::xml_node& xml) {
  HistoryEntry e;
  e.id = xml::attribute_or(xml, "id");
  e.task = xml::attribute_or(xml, "operation");
  e.interval = std::chrono::milliseconds(number(xml, "interval", 0));
  e.call_id = small_number(xml, "call-id", -1);
  e.rc = small_number(xml, "rc-code", model::ocf::unknown);
  e.status = static_cast<ExecStatus>(small_number(xml, "op-status", -2));
  e.meaning = e.status;
  e.transition_key = xml::attribute_or(xml, "transition-key");
  e.transition_magic = xml::attribute_or(xml, "transition-magic");
  e.expected_rc = parse_key(e.transition_key).expected_rc;
  e.exit_reason = xml::attribute_or(xml, "exit-reason");
  e.last_rc_change = WallTime{number(xml, "last-rc-change", 0)};
  e.last_run = WallTime{number(xml, "last-run", 0)};
  e.exec_time = std::chrono::milliseconds(number(xml, "exec-time", 0));
  e.queue_time = std::chrono::milliseconds(number(xml, "queue-time", 0));
  e.op_digest = xml::attribute_or(xml, "op-digest");
  e.restart_digest = xml::attribute_or(xml, "op-restart-digest");
  e.force_restart = xml::attribute_or(xml, "op-force-restart");
  const std::string id = e.id;
  e.key = xml::attribute_or(xml, "operation_key", id);
  return e;
}

bool is_known_status(ExecStatus status) { return status >= ExecStatus::pending && status <= ExecStatus::no_secrets; }

/// -1 when a happened before b, 1 when after, 0 when nothing tells. Source: resmgr spec 2(a) stage 1.7.
int compare_age(const HistoryEntry& a, const HistoryEntry& b) {
  const auto sign = [](auto x, auto y) { return x < y ? -1 : x > y ? 1 : 0; };
  if (a.call_id == -1 && b.call_id == -1) return 0;
  if (a.call_id >= 0 && b.call_id >= 0) {
    if (a.call_id != b.call_id) return sign(a.call_id, b.call_id);
    return sign(a.last_rc_change, b.last_rc_change);
  }
  // One is pending: the transitions' numbers tell which of them was asked for later.
  const TransitionKey x = parse_key(a.transition_magic.empty() ? a.transition_key : a.transition_magic);
  const TransitionKey y = parse_key(b.transition_magic.empty() ? b.transition_key : b.transition_magic);
  if (!x.valid || !y.valid) return 0;
  if (x.uuid != y.uuid || x.transition == y.transition) return b.call_id == -1 ? -1 : 1;
  // -1 stands for a shutdown, which comes last.
  if (x.transition == -1) return 1;
  if (y.transition == -1) return -1;
  return sign(x.transition, y.transition);
}

/// An insertion sort, because the comparison is no strict weak order and must not be handed to the library's.
void sort_by_age(std::vector<HistoryEntry>& entries) {
  std::stable_sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  for (std::size_t i = 1; i < entries.size(); ++i)
    for (std::size_t j = i; j > 0 && compare_age(entries[j], entries[j - 1]) < 0; --j)
      std::swap(entries[j], entries[j - 1]);
}

/// A resource that only the history knows. Source: resmgr spec 2(a) stage 1.6.
model::Resource& add_orphan(UnpackContext& context, const pugi::xml_node& lrm_resource, const std::string& id) {
  model::Resource orphan;
  orphan.id = id;
  orphan.klass = xml::attribute_or(lrm_resource, "class");
  orphan.provider = xml::attribute_or(lrm_resource, "provider");
  orphan.type = xml::attribute_or(lrm_resource, "type");
  orphan.orphan = true;
  add_blocks(context, context.section("rsc_defaults"), "meta_attributes", {.resource = &orphan}, orphan.meta);
  resolve_metas(context, orphan);
  // A default target-role or threshold says nothing about what is gone.
  orphan.next_role = model::Role::unknown;
  unpack_operations(context, {}, orphan);
  if (context.state.options.stop_orphan_resources)
    orphan.bans[""].push_back({"orphan", "it is no longer in the configuration"});
  else
    orphan.managed = false;
  context.state.top_level.push_back(id);
  model::Resource& added = context.add(std::move(orphan));
  unpack_fail_counts(context, added);
  return added;
}

/// `web:0` is an instance of the clone's child `web`.
model::Resource* find_resource(UnpackContext& context, const std::string& id) {
  if (model::Resource* resource = context.resource(id)) return resource;
  const auto colon = id.rfind(':');
  if (colon == std::string::npos || !parse_uint(std::string_view(id).substr(colon + 1))) return nullptr;
  model::Resource* base = context.resource(std::string_view(id).substr(0, colon));
  return base && !base->parent.empty() ? base : nullptr;
}

}  // namespace

std::vector<HistoryEntry> sorted_history(const pugi::xml_node& lrm_resource) {
  std::vector<HistoryEntry> entries;
  for (const pugi::xml_node& xml : lrm_resource.children("lrm_rsc_op")) {
    HistoryEntry entry = read_entry(xml);
    if (entry.task.empty() || !is_known_status(entry.status) || entry.status == ExecStatus::cancelled) continue;
    if (entry.task == "notify") continue;
    entries.push_back(std::move(entry));
  }
  sort_by_age(entries);
  return entries;
}

void unpack_history(UnpackContext& context, const pugi::xml_node& lrm_resources, const std::string& node_name) {
  std::vector<std::pair<std::string, pugi::xml_node>> all;
  for (const pugi::xml_node& each : lrm_resources.children("lrm_resource"))
    all.emplace_back(xml::attribute_or(each, "id"), each);
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [id, xml] : all) {
    std::vector<HistoryEntry> entries = sorted_history(xml);
    if (entries.empty()) continue;
    model::Resource* resource = find_resource(context, id);
    if (!resource) resource = &add_orphan(context, xml, id);
    const bool same_agent = resource->klass == xml::attribute_or(xml, "class", resource->klass) &&
                            resource->provider == xml::attribute_or(xml, "provider", resource->provider) &&
                            resource->type == xml::attribute_or(xml, "type", resource->type);
    if (!same_agent) resource->agent_changed = true;
    model::Node* node = context.node(node_name);
    if (node) apply_history(context, *resource, *node, std::move(entries));
  }
}

}  // namespace relevo::cib
