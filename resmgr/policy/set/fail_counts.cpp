// Fail counts: node attributes that are counted up by failed operations, `fail-count-RSC#OP_INTERVAL`, with the time of the
// last one in `last-failure-...`. Source: resmgr spec 1.5, "Fail counts".
#include <algorithm>

#include <fmt/format.h>

#include "common/base/text.hpp"
#include "resmgr/policy/set/actions.hpp"
#include "resmgr/policy/set/values.hpp"
#include "resmgr/policy/unpack/history_entry.hpp"

namespace relevo::policy {
namespace {

constexpr auto digits = "0123456789";

/// Without `:N`.
std::string_view base_name(std::string_view id) {
  const auto at = id.find_last_not_of(digits);
  return at == std::string_view::npos || id[at] != ':' || at + 1 == id.size() ? id : id.substr(0, at);
}

bool is_anonymous(const Resource& rsc) { return rsc.top_inside().is(Variant::clone) && !rsc.unique; }

/// Its counts are kept under this name.
std::string_view counted_name(const Resource& rsc) {
  const std::string_view name = rsc.name_in_history();
  return is_anonymous(rsc) ? base_name(name) : name;
}

/// Leaders before feature set 3.0.13 counted per resource, not per operation.
bool counts_per_operation(const WorkingSet& set) {
  constexpr std::int64_t since[] = {3, 0, 13};
  const auto parts = split(set.cib.attribute("crm_feature_set").value(), '.');
  for (std::size_t at = 0; at < 3; ++at) {
    const std::int64_t part = at < parts.size() ? parse_int(parts[at]).value_or(0) : -1;
    if (part != since[at]) return part > since[at];
  }
  return true;
}

struct Counter {
  std::string prefix;  ///< `fail-count-RSC`
  bool any_instance, per_operation;

  /// Does an attribute with the prefix count, by what stands behind it?
  [[nodiscard]] bool matches(std::string_view rest) const {
    if (any_instance && rest.size() > 1 && rest[0] == ':') {
      const auto end = std::min(rest.find_first_not_of(digits, 1), rest.size());
      if (end > 1) rest.remove_prefix(end);
    }
    if (!per_operation) return rest.empty();
    if (rest.empty() || rest[0] != '#') return false;
    const auto underscore = rest.find_last_not_of(digits);
    return underscore > 1 && rest[underscore] == '_' && underscore + 1 < rest.size();
  }
};

template <typename Each>
void for_each_match(const Attributes& attributes, const Counter& counter, const Each& each) {
  for (auto at = attributes.lower_bound(counter.prefix); at != attributes.end(); ++at) {
    const std::string_view name = at->first;
    if (name.substr(0, counter.prefix.size()) != counter.prefix) return;
    if (counter.matches(name.substr(counter.prefix.size()))) each(at->second);
  }
}

FailCount read_counts(const WorkingSet& set, const Node& node, const Resource& rsc) {
  FailCount result;
  const auto first = node.attributes.lower_bound("fail-count-");
  if (first == node.attributes.end() || first->first.compare(0, 11, "fail-count-") != 0) return result;
  const bool any_instance = is_anonymous(rsc), per_operation = counts_per_operation(set);
  const Counter counts{fmt::format("fail-count-{}", counted_name(rsc)), any_instance, per_operation};
  for_each_match(node.attributes, counts, [&](const std::string& value) { result.count = (Score(result.count) + Score(score_of(set, value))).value; });
  if (result.count <= 0) return result;
  const Counter times{fmt::format("last-failure-{}", counted_name(rsc)), any_instance, per_operation};
  for_each_match(node.attributes, times, [&](const std::string& value) { result.last.seconds = std::max(result.last.seconds, parse_int(value).value_or(0)); });
  return result;
}

/// Is the history's entry a failure of that configured operation?
bool is_failure_of(std::string_view name, pugi::xml_node op, pugi::xml_node entry) {
  const auto interval = interval_of(op.attribute("interval").value()).value_or(std::chrono::milliseconds{0});
  if (past::number_of(entry, "interval", 0) != interval.count()) return false;
  const std::string_view task = entry.attribute("operation").value();
  if (!equals_ignoring_case(op.attribute("name").value(), task)) return false;
  const std::string_view id = entry.attribute("id").value();
  if (equals_ignoring_case(id, op_key(name, "last_failure"))) return true;
  return equals_ignoring_case(id, op_key(name, op.attribute("name").value(), interval)) && past::int_of(entry, "rc-code", 0) != past::expected_rc(entry);
}

/// Did an operation fail that has on-fail=block? Given an entry, only that one counts; else all of that node.
bool is_blocking(const Node& node, const Resource& rsc, pugi::xml_node entry) {
  const std::string_view name = base_name(rsc.id);
  for (const auto op : rsc.xml.child("operations").children("op")) {
    if (std::string_view(op.attribute("on-fail").value()) != "block") continue;
    if (entry) {
      if (is_failure_of(name, op, entry)) return true;
      continue;
    }
    for (const auto history : node.state.child("lrm").child("lrm_resources").children("lrm_resource")) {
      if (std::string_view(history.attribute("id").value()) != name) continue;
      for (const auto each : history.children("lrm_rsc_op")) {
        if (is_failure_of(name, op, each)) return true;
      }
    }
  }
  return false;
}

bool is_bundled(const Resource& rsc) {
  const Resource* outermost = &rsc;
  while (outermost->parent != nullptr) outermost = outermost->parent;
  return outermost->is(Variant::bundle);
}

/// failure-timeout does not go together with on-fail=block: what is blocked stays so until somebody cleans up.
void drop_timeout_if_blocking(WorkingSet& set, const Node& node, const Resource& rsc, pugi::xml_node entry) {
  if (rsc.failure_timeout.count() <= 0 || !is_blocking(node, rsc, entry)) return;
  set.say(Notice::Level::warning, fmt::format("Ignoring failure timeout {} for {} because it conflicts with on-fail=block", rsc.failure_timeout.count(), rsc.id));
  set.all_resources[rsc.index].failure_timeout = std::chrono::seconds{0};
}

}  // namespace

FailCount fail_count(WorkingSet& set, const Node& node, const Resource& rsc, bool effective, bool fillers, pugi::xml_node entry) {
  FailCount result = read_counts(set, node, rsc);
  if (result.count > 0) {
    drop_timeout_if_blocking(set, node, rsc, entry);
    const auto timeout = rsc.failure_timeout.count();
    if (effective && result.last.seconds > 0 && timeout != 0 && set.now.seconds > result.last.seconds + timeout) result.count = 0;
  }
  if (!fillers || rsc.fillers.empty() || is_bundled(rsc)) return result;
  for (const Resource* filler : rsc.fillers) {
    const FailCount of_filler = fail_count(set, node, *filler, effective, fillers, entry);
    result.count += of_filler.count;
    result.last = std::max(result.last, of_filler.last);
  }
  return result;
}

Resource* threshold_reached(WorkingSet& set, Resource& rsc, Node& node) {
  if (rsc.migration_threshold == 0 || rsc.failure_ignored) return nullptr;
  const int failures = fail_count(set, node, rsc, true, true).count;
  if (failures <= 0 || failures < rsc.migration_threshold) return nullptr;
  set.say(Notice::Level::warning, fmt::format("{} cannot run on {}: it failed {} times there, migration-threshold is {}", rsc.id, node.name,
                                              to_string(Score(failures)), to_string(Score(rsc.migration_threshold))));
  return is_anonymous(rsc) ? &rsc.top_inside() : &rsc;
}

}  // namespace relevo::policy
