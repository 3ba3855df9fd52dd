// Attributes, fail counts and failures of a status as XML; see status_xml_parts.hpp.
#include <algorithm>

#include <fmt/format.h>

#include "common/base/text.hpp"
#include "resmgr/policy/simulate/simulate.hpp"
#include "resmgr/policy/simulate/status_extra.hpp"
#include "resmgr/policy/simulate/status_parts.hpp"
#include "resmgr/policy/simulate/status_xml_parts.hpp"
#include "resmgr/rules/date.hpp"

namespace relevo::policy {
namespace {

std::string iso_date(WallTime at) {
  const auto c = rules::calendar(at);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}Z", c.year, c.month, c.monthday, c.hour, c.minute, c.second);
}

std::string word(pugi::xml_node entry, const char* name, const char* otherwise) { return entry.attribute(name).as_string(otherwise); }

void put_failure(pugi::xml_node parent, const FailedOp& failed) {
  const auto entry = failed.entry;
  auto xml = parent.append_child("failure");
  const int rc = entry.attribute("rc-code").as_int(1);
  if (const auto key = entry.attribute("operation_key")) put(xml, "op_key", key.value());
  else put(xml, "id", word(entry, "id", ""));
  put(xml, "node", failed.node->name);
  put(xml, "exitstatus", exit_text(rc));
  const auto reason = word(entry, "exit-reason", "");
  put(xml, "exitreason", reason.empty() ? "none" : reason);
  put(xml, "exitcode", std::to_string(rc));
  put(xml, "call", word(entry, "call-id", "0"));
  put(xml, "status", operation_status_text(entry.attribute("op-status").as_int(0)));
  const auto at = entry.attribute("last-rc-change").as_llong(0);
  if (at <= 0) return;
  put(xml, "last-rc-change", iso_date(WallTime{at}));
  put(xml, "queued", word(entry, "queue-time", "0"));
  put(xml, "exec", word(entry, "exec-time", "0"));
  put(xml, "interval", std::to_string(parse_int(word(entry, "interval", "0")).value_or(0)));
  put(xml, "task", word(entry, "operation", ""));
}

}  // namespace

void put_attributes_xml(pugi::xml_node parent, const WorkingSet& set) {
  pugi::xml_node list;
  for (const auto* node : set.nodes) {
    if (!node->online) continue;
    pugi::xml_node own;
    for (const auto& [name, value] : node->attributes) {
      if (!is_shown_attribute(name)) continue;
      if (!list) list = parent.append_child("node_attributes");
      if (!own) put(own = list.append_child("node"), "name", node->name);
      auto xml = own.append_child("attribute");
      put(xml, "name", name);
      put(xml, "value", value);
    }
  }
}

void put_fail_counts_xml(pugi::xml_node parent, WorkingSet& set) {
  if (std::none_of(set.nodes.begin(), set.nodes.end(), [](const Node* node) { return node->online; })) return;
  auto list = parent.append_child("node_history");
  for (const auto& [node, counts] : fail_counts_by_node(set)) {
    auto own = list.append_child("node");
    put(own, "name", node->name);
    for (const auto& count : counts) {
      auto xml = own.append_child("resource_history");
      put(xml, "id", count.rsc->id);
      put(xml, "orphan", false);
      put(xml, "migration-threshold", std::to_string(count.rsc->migration_threshold));
      put(xml, "fail-count", std::to_string(count.count));
      if (count.last.seconds > 0) put(xml, "last-failure", long_date(count.last, set.utc_offset));
    }
  }
}

void put_failures_xml(pugi::xml_node parent, const WorkingSet& set) {
  pugi::xml_node list;
  for (const auto* failed : shown_failures(set)) {
    if (!list) list = parent.append_child("failures");
    put_failure(list, *failed);
  }
}

}  // namespace relevo::policy
