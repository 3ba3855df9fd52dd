// What the history says was run with other parameters, by another agent, or is no longer configured at all.
// Source: resmgr spec 2(a) stage 6.
#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>

#include "resmgr/policy/actions/actions.hpp"
#include "resmgr/policy/actions/digests.hpp"
#include "resmgr/policy/unpack/history_entry.hpp"

namespace relevo::policy {
namespace {

/// One operation of the history of a resource that is active on the node.
struct Past {
  Resource& rsc;
  Node& node;
  pugi::xml_node entry;
  std::string_view task;
  std::chrono::milliseconds interval;
};

Past past_of(Resource& rsc, Node& node, const past::Record& entry) {
  return {rsc, node, entry.xml, entry.task, std::chrono::milliseconds(past::number_in(entry.interval, 0))};
}

void force_restart(WorkingSet& set, const Past& past) {
  // Probes, promotions and migrations count as starts: these are what uses the parameters
  const bool as_start =
      past.interval.count() == 0 && (past.task == "monitor" || past.task == "migrate_from" || past.task == "promote");
  const std::string_view task = as_start ? std::string_view("start") : past.task;
  Action& required = custom_action(set, &past.rsc, op_key(past.rsc.id, task, past.interval), task, nullptr, false);
  set_reason(required, "resource definition change", true);
  trigger_unfencing(set, &past.rsc, &past.node, "Device parameters changed", nullptr);
}

void reload(WorkingSet& set, const Past& past) {
  trigger_unfencing(set, &past.rsc, &past.node, "Device parameters changed (reload)", nullptr);
  reload_or_restart(set, past.rsc, past.node);
}

/// As the peer writes intervals: a unit is used only for more than one of it (`60s`, `1m30s`, `1000ms`).
std::string readable_interval(std::chrono::milliseconds interval) {
  std::string out;
  auto left = interval.count();
  for (const auto& [unit, length] : {std::pair{'d', 86'400'000}, std::pair{'h', 3'600'000}, std::pair{'m', 60'000}}) {
    if (left <= length) continue;
    out += fmt::format("{}{}", left / length, unit);
    left %= length;
  }
  if (left > 1000) return out + (left % 1000 == 0 ? fmt::format("{}s", left / 1000) : fmt::format("{}.{:03}s", left / 1000, left % 1000));
  if (left > 0) return out + fmt::format("{}ms", left);
  return out.empty() ? "0s" : out;
}

/// Where private parameters are hidden, only the digest without them says anything.
bool only_private_changed(WorkingSet& set, const Past& past, const OperationDigests& digests) {
  const auto then = past.entry.attribute("op-secure-digest");
  if (!set.sanitized || digests.match == DigestMatch::same || !then || digests.secure != then.value()) return false;
  set.say(Notice::Level::info,
          fmt::format("Only 'private' parameters to {}-interval {} for {} on {} changed: {}", readable_interval(past.interval),
                      past.interval.count() == 0 && past.task == "monitor" ? "start" : past.task, past.rsc.id, past.node.name, past.entry.attribute("transition-magic").value()));
  return true;
}

/// A recurring operation that nobody wants any more ends. True when it is none of the configuration.
bool is_unwanted(WorkingSet& set, const Past& past) {
  if (past.interval.count() == 0 || find_op(past.rsc, past.task, past.interval, false)) return false;
  if (set.options.stop_orphan_actions) {
    schedule_cancel(set, past.rsc, past.entry.attribute("call-id").value(), past.task, past.interval, past.node,
                    "orphan");
  }
  return true;
}

/// Does what the difference between then and now asks for; whether there is one.
bool apply_difference(WorkingSet& set, const Past& past) {
  if (is_unwanted(set, past)) return true;
  const OperationDigests digests = compare_digests(set, past.rsc, past.node, past.entry);
  if (digests.match == DigestMatch::same || only_private_changed(set, past, digests)) return false;
  if (digests.match == DigestMatch::restart) {
    force_restart(set, past);
  } else if (past.interval.count() > 0) {
    reschedule_recurring(set, past.rsc, past.task, past.interval, past.node);
  } else if (past.entry.attribute("op-restart-digest")) {
    reload(set, past);
  } else {
    force_restart(set, past);
  }
  return true;
}

/// A new definition gets a new chance: its failures are forgotten.
void check_definition(WorkingSet& set, const Past& past) {
  if (apply_difference(set, past) && fail_count(set, past.node, past.rsc, true, false).count != 0) {
    clear_fail_count(set, past.rsc, past.node, "action definition changed");
  }
}

bool says_how_it_runs(std::string_view task) {
  return task == "monitor" || task == "start" || task == "promote" || task == "migrate_from";
}

void check_entry(WorkingSet& set, const Past& past) {
  const bool recurs = past.interval.count() > 0;
  if (recurs && (past.rsc.maintenance || past.node.maintenance)) {
    schedule_cancel(set, past.rsc, past.entry.attribute("call-id").value(), past.task, past.interval, past.node,
                    "maintenance mode");
  } else if (recurs || says_how_it_runs(past.task)) {
    if (needs_host_address(set, past.rsc)) {
      set.deferred_checks.push_back({&past.rsc, &past.node, past.entry});
    } else {
      check_definition(set, past);
    }
  }
}

/// Which agent an element names. What is not there is no text at all, which is something else than an empty one.
struct Agent {
  explicit Agent(pugi::xml_node element) {
    for (auto at = element.first_attribute(); at; at = at.next_attribute()) {
      const std::string_view name = at.name();
      if (name == "type") type = at.value();
      if (name == "class") klass = at.value();
      if (name == "provider") provider = at.value();
    }
  }
  [[nodiscard]] bool is(const Agent& other) const { return same(type, other.type) && same(klass, other.klass) && same(provider, other.provider); }
  static bool same(std::string_view a, std::string_view b) { return a == b && (a.data() == nullptr) == (b.data() == nullptr); }

  std::string_view type{}, klass{}, provider{};
};

/// Was it run by another agent? Then what is active there is stopped.
bool agent_changed(WorkingSet& set, Resource& rsc, const Agent& agent, Node& node, pugi::xml_node history, bool active) {
  if (Agent(history).is(agent)) return false;
  bool changed = false;
  for (const char* name : {"type", "class", "provider"}) {
    const auto now = rsc.xml.attribute(name);
    const auto then = history.attribute(name);
    if (now.empty() == then.empty() && std::string_view(now.value()) == then.value()) continue;
    changed = true;
    trigger_unfencing(set, &rsc, &node, "Device definition changed", nullptr);
    if (!active) continue;
    set.say(Notice::Level::notice, fmt::format("Forcing restart of {} on {} because {} changed from '{}' to '{}'",
                                               rsc.id, node.name, name, then.value(), now.value()));
  }
  if (changed && active) {
    rsc_action(set, rsc, "stop", &node, false);
    rsc.start_pending = true;
  }
  return changed;
}

void check_history(WorkingSet& set, Resource& rsc, const Agent& agent, Node& node, pugi::xml_node history) {
  if (rsc.removed) {
    const Resource& top = rsc.top_inside();
    if (!top.is(Variant::clone) || top.unique) schedule_cleanup(set, rsc, node, false);
    return;
  }
  const bool active = std::find(rsc.running_on.begin(), rsc.running_on.end(), &node) != rsc.running_on.end();
  if (agent_changed(set, rsc, agent, node, history, active)) schedule_cleanup(set, rsc, node, false);
  if (!active) return;
  const auto entries = past::sorted_entries(history);
  const past::ActiveSpan span = past::active_span(entries);
  if (span.start < span.stop) return;  // stopped since
  const int first = span.start;
  for (std::size_t i = first < 0 ? 0 : static_cast<std::size_t>(first); i < entries.size(); ++i) {
    check_entry(set, past_of(rsc, node, entries[i]));
  }
}

struct Known {
  Resource* rsc;
  Agent agent;
};
using ByName = std::unordered_map<std::string_view, std::vector<Known>>;

/// Primitives by the names under which histories may know them.
ByName primitives_by_name(WorkingSet& set) {
  ByName by_name;
  for (Resource& rsc : set.all_resources) {
    if (!rsc.is(Variant::primitive)) continue;
    const Known known{&rsc, Agent(rsc.xml)};
    by_name[rsc.id].push_back(known);
    if (!rsc.history_name.empty() && rsc.history_name != rsc.id) by_name[rsc.history_name].push_back(known);
  }
  return by_name;
}

/// Histories name the same resources in the same order on every node: a name is looked for first where the node before had it.
class Order {
 public:
  explicit Order(const ByName& by_name) : by_name_(by_name) {}
  void begin_node() { place_ = 0; }
  [[nodiscard]] const std::vector<Known>* find(std::string_view id) {
    const std::size_t place = place_++;
    if (place < found_.size() && found_[place]->first == id) return &found_[place]->second;
    const auto at = by_name_.find(id);
    if (at == by_name_.end()) {
      --place_;
      return nullptr;
    }
    if (place < found_.size()) found_[place] = at;
    if (place == found_.size()) found_.push_back(at);
    return &at->second;
  }

 private:
  const ByName& by_name_;
  std::vector<ByName::const_iterator> found_;
  std::size_t place_ = 0;
};

void check_node(WorkingSet& set, Node& node, Order& order) {
  order.begin_node();
  for (const auto history : node.state.child("lrm").child("lrm_resources").children("lrm_resource")) {
    if (!history.first_child()) continue;
    const auto* named = order.find(history.attribute("id").value());
    if (named == nullptr) continue;
    for (auto known = named->rbegin(); known != named->rend(); ++known) {
      check_history(set, *known->rsc, known->agent, node, history);
    }
  }
}

}  // namespace

void handle_config_changes(WorkingSet& set) {
  const ByName by_name = primitives_by_name(set);
  Order order(by_name);
  for (Node* node : set.nodes) {
    // In maintenance nothing is done but ending recurring operations
    if (node->maintenance || is_available(*node)) check_node(set, *node, order);
  }
}

void check_deferred_digests(WorkingSet& set) {
  for (const FailedOp& late : set.late_digests) {
    if (late.rsc == nullptr || late.node == nullptr) continue;
    const DigestMatch match = compare_digests(set, *late.rsc, *late.node, late.entry).match;
    if (match == DigestMatch::changed || match == DigestMatch::restart) {
      clear_fail_count(set, *late.rsc, *late.node, "resource parameters have changed");
    }
  }
  for (const DeferredCheck& check : set.deferred_checks) {
    check_definition(set, past_of(*check.rsc, *check.node, past::Record(check.entry)));
  }
}

void reload_or_restart(WorkingSet& set, Resource& rsc, Node& node) {
  for (Resource* child : rsc.children) reload_or_restart(set, *child, node);
  if (!rsc.children.empty() || !rsc.managed || rsc.failed) return;
  if (rsc.start_pending) {  // it may have been started with the old parameters or the new ones
    rsc_action(set, rsc, "stop", &node, false);
    return;
  }
  rsc.reload = true;
  Action& reload = rsc_action(set, rsc, "reload-agent", &node, false);
  set_reason(reload, "resource definition change", false);
  for (const std::string_view task : {"stop", "demote"}) {
    new_ordering(set, nullptr, {}, &reload, &rsc, op_key(rsc.id, task), nullptr,
                 order::optional | order::then_cancels_first);
  }
}

}  // namespace relevo::policy
