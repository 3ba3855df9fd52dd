// What is configured about an operation: its `op` element, and its options put together from op_defaults, blocks and
// attributes. What they mean is read in operation.cpp.
#include "resmgr/policy/set/operation_config.hpp"

#include <cstdint>
#include <cstring>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "resmgr/policy/set/actions.hpp"

namespace relevo::policy {
namespace {

using std::chrono::milliseconds;

milliseconds interval_in(pugi::xml_node op) {
  return interval_of(op.attribute("interval").value()).value_or(milliseconds{0});
}

bool is_enabled(pugi::xml_node op) {
  return !is_false(op.attribute("enabled").value());  // other words do not switch it off
}

pugi::xml_node by_name(const Resource& rsc, std::string_view name, milliseconds interval, bool include_disabled) {
  for (const auto op : operations_of(rsc)) {
    if (name != op.attribute("name").value() || interval_in(op) != interval) continue;
    if (include_disabled || is_enabled(op)) return op;
  }
  return {};
}

/// A probe waits as long as the most frequent monitor does, when it has no timeout of its own.
void take_probe_timeout(const Resource& rsc, Attributes& meta) {
  pugi::xml_node most_frequent;
  milliseconds shortest{std::numeric_limits<std::uint32_t>::max()};
  for (const auto op : operations_of(rsc)) {
    const auto interval = interval_in(op);
    if (interval.count() <= 0 || interval >= shortest || std::strcmp(op.attribute("name").value(), "monitor") != 0) continue;
    if (!is_enabled(op)) continue;
    shortest = interval;
    most_frequent = op;
  }
  if (const auto timeout = most_frequent.attribute("timeout")) meta.insert_or_assign("timeout", timeout.value());
}

Attributes read_options(WorkingSet& set, const Action& action, pugi::xml_node op) {
  Asking asking;
  asking.rsc = action.rsc;
  asking.op_name = action.task;
  asking.op_interval = action.interval;
  Attributes meta;
  if (const auto defaults = set.cib.child("configuration").child("op_defaults")) {
    read_blocks(set, defaults, "meta_attributes", asking, meta);
  }
  if (action.interval.count() == 0 && action.task == "monitor") take_probe_timeout(*action.rsc, meta);
  if (op) {
    read_blocks(set, op, "meta_attributes", asking, meta, {}, true);
    for (const auto attribute : op.attributes()) meta.insert_or_assign(attribute.name(), attribute.value());
  }
  meta.erase("id");
  meta.erase("interval");
  if (action.interval.count() > 0) meta.insert_or_assign("interval", fmt::format("{}", action.interval.count()));
  return meta;
}

}  // namespace

pugi::xml_object_range<pugi::xml_named_node_iterator> operations_of(const Resource& rsc) {
  auto operations = rsc.xml.child("operations");
  if (const auto reference = operations.attribute("id-ref")) {
    const auto root = (rsc.original_xml ? rsc.original_xml : rsc.xml).root();
    const auto found = root.find_node([&](const pugi::xml_node& node) {
      return std::strcmp(node.name(), "operations") == 0 && std::strcmp(node.attribute("id").value(), reference.value()) == 0;
    });
    if (found) operations = found;
  }
  return operations.children("op");
}

pugi::xml_node find_op(const Resource& rsc, std::string_view name, milliseconds interval, bool include_disabled) {
  if (const auto op = by_name(rsc, name, interval, include_disabled)) return op;
  // Old names that stand for several operations
  if (name == "migrate_to" || name == "migrate_from") return by_name(rsc, "migrate", {}, include_disabled);
  if (name == "notify") return by_name(rsc, "notify", {}, include_disabled);
  return {};
}

namespace {

/// Histories of old hold entries under names that are not the resource's: nothing is configured about those.
bool is_key_of(const Resource& rsc, const KeyViews& parts) {
  if (parts.rsc == rsc.id || parts.rsc == rsc.history_name) return true;
  return parts.task == "notify" || parts.task == "migrate_to" || parts.task == "migrate_from";
}

}  // namespace

void read_configured(WorkingSet& set, Action& action) {
  // By key, not by task: a cancel has the key of the operation that it ends
  const auto parts = split_key(action.key);
  if (parts && is_key_of(*action.rsc, *parts)) action.op = find_op(*action.rsc, parts->task, parts->interval, true);
  action.meta = SharedAttributes(read_options(set, action, action.op));
}

}  // namespace relevo::policy
