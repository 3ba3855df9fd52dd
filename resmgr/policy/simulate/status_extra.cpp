// What a status text shows on demand: node attributes, fail counts. See simulate.hpp.
#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>

#include "resmgr/policy/set/actions.hpp"
#include "resmgr/policy/simulate/simulate.hpp"
#include "resmgr/policy/simulate/status_extra.hpp"
#include "resmgr/policy/simulate/status_parts.hpp"
#include "resmgr/policy/unpack/unpack.hpp"
#include "resmgr/rules/date.hpp"

namespace relevo::policy {
namespace {

using Kind = ReportLine::Kind;

std::string count_text(const WorkingSet& set, const ShownCount& failures) {
  auto text = fmt::format("{}: migration-threshold={} fail-count={}", failures.rsc->id, failures.rsc->migration_threshold, failures.count);
  if (failures.last.seconds > 0) text += fmt::format(" last-failure='{}'", long_date(failures.last, set.utc_offset));
  return text;
}

/// Primitives by their ids, and by the names that histories know them under.
using ByName = std::unordered_multimap<std::string_view, const Resource*>;

ByName primitives_by_name(const WorkingSet& set) {
  ByName names;
  for (const auto& rsc : set.all_resources) {
    if (!rsc.is(Variant::primitive)) continue;
    names.emplace(rsc.id, &rsc);
    if (rsc.name_in_history() != rsc.id) names.emplace(rsc.name_in_history(), &rsc);
  }
  return names;
}

bool is_known_there(const Resource& rsc, const Node& node) {
  const auto is_it = [&](const Node* other) { return other == &node; };
  return std::any_of(rsc.running_on.begin(), rsc.running_on.end(), is_it) || std::any_of(rsc.known_on.begin(), rsc.known_on.end(), is_it);
}

/// Of each resource that the node's history knows: the instance that is meant there.
std::vector<ShownCount> counts_on(WorkingSet& set, const ByName& names, const Node& node) {
  std::vector<ShownCount> counts;
  for (auto history : node.state.child("lrm").child("lrm_resources").children("lrm_resource")) {
    const std::string_view id = history.attribute("id").as_string();
    const Resource* meant = nullptr;
    const auto [first, last] = names.equal_range(id);
    for (auto at = first; at != last; ++at) {
      const auto* rsc = at->second;
      if (rsc->id != id && !is_known_there(*rsc, node)) continue;
      if (meant == nullptr || rsc->index < meant->index) meant = rsc;
    }
    if (meant == nullptr) continue;
    const auto failures = fail_count(set, node, *meant, false, false);
    if (failures.count > 0) counts.push_back({meant, failures.count, failures.last});
  }
  return counts;
}

std::string failure_text(const WorkingSet& set, const FailedOp& failed) {
  const auto& entry = failed.entry;
  const int rc = entry.attribute("rc-code").as_int(1);
  const auto* key = entry.attribute("operation_key").as_string(entry.attribute("id").as_string());
  auto text = fmt::format("{} on {} '{}' ({}): call={}, status='{}'", key, failed.node->name, exit_text(rc), rc,
                          entry.attribute("call-id").as_string("0"), operation_status_text(entry.attribute("op-status").as_int(0)));
  if (const auto* reason = entry.attribute("exit-reason").as_string(); *reason != '\0') text += fmt::format(", exitreason='{}'", reason);
  if (const auto at = entry.attribute("last-rc-change").as_llong(0); at > 0)
    text += fmt::format(", last-rc-change='{}', queued={}ms, exec={}ms", long_date(WallTime{at}, set.utc_offset),
                        entry.attribute("queue-time").as_string("0"), entry.attribute("exec-time").as_string("0"));
  return text;
}

}  // namespace

bool is_shown_attribute(std::string_view name) {
  if (name.starts_with('#') || name.starts_with("fail-count-") || name.starts_with("last-failure-")) return false;
  return name != "standby" && name != "terminate" && name != "shutdown";
}

std::string long_date(WallTime at, std::chrono::seconds utc_offset) {
  static constexpr std::array<const char*, 7> days{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  static constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto c = rules::calendar(at, utc_offset);
  return fmt::format("{} {} {:2} {:02}:{:02}:{:02} {}", days[static_cast<std::size_t>(c.weekday - 1)],
                     months[static_cast<std::size_t>(c.month - 1)], c.monthday, c.hour, c.minute, c.second, c.year);
}

const char* operation_status_text(int status) {
  static constexpr std::array<const char*, 12> texts{
      "complete", "Cancelled", "Timed Out", "NOT SUPPORTED", "Error", "Hard error", "Fatal error", "Not installed",
      "Internal communication failure", "Cannot execute now", "No fence device", "CIB secrets unavailable"};
  if (status == -1) return "pending";
  return status >= 0 && status < 12 ? texts[static_cast<std::size_t>(status)] : "unknown";
}

std::vector<std::pair<const Node*, std::vector<ShownCount>>> fail_counts_by_node(WorkingSet& set) {
  std::vector<std::pair<const Node*, std::vector<ShownCount>>> all;
  const auto names = primitives_by_name(set);
  for (const auto* node : set.nodes) {
    if (!node->online) continue;
    if (auto counts = counts_on(set, names, *node); !counts.empty()) all.emplace_back(node, std::move(counts));
  }
  return all;
}

std::vector<const FailedOp*> shown_failures(const WorkingSet& set) {
  std::vector<const FailedOp*> shown;
  for (const auto& failed : set.failed)
    if (failed.node != nullptr && failed.rsc != nullptr && !rules_out_place(failed.entry)) shown.push_back(&failed);
  return shown;
}

std::vector<ReportLine> failure_lines(const WorkingSet& set) {
  std::vector<ReportLine> lines;
  for (const auto* failed : shown_failures(set)) {
    if (lines.empty()) lines.push_back({Kind::heading, 1, {}, "Failed Resource Actions"});
    lines.push_back({Kind::entry, 2, {}, failure_text(set, *failed)});
  }
  return lines;
}

std::vector<ReportLine> attribute_lines(const WorkingSet& set) {
  std::vector<ReportLine> lines{{Kind::heading, 1, {}, "Node Attributes"}};
  for (const auto* node : set.nodes) {
    if (!node->online) continue;
    std::vector<ReportLine> own;
    for (const auto& [name, value] : node->attributes)
      if (is_shown_attribute(name)) own.push_back({Kind::entry, 3, {}, fmt::format("{:<32}\t: {:<10}", name, value)});
    if (own.empty()) continue;
    lines.push_back({Kind::heading, 2, {}, "Node: " + node->name});
    std::move(own.begin(), own.end(), std::back_inserter(lines));
  }
  if (lines.size() == 1) lines.clear();
  return lines;
}

std::vector<ReportLine> fail_count_lines(WorkingSet& set) {
  std::vector<ReportLine> lines{{Kind::heading, 1, {}, "Migration Summary"}};
  for (const auto& [node, counts] : fail_counts_by_node(set)) {
    lines.push_back({Kind::heading, 2, {}, "Node: " + node->name});
    for (const auto& count : counts) lines.push_back({Kind::entry, 3, {}, count_text(set, count)});
  }
  return lines;
}

}  // namespace relevo::policy
