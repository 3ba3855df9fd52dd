// What is valid and yet likely not meant; see verify.hpp.
#include "resmgr/cib/verify.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "common/base/text.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/rules/rule.hpp"

namespace relevo::cib {
namespace {

std::optional<std::string> cluster_option(const Document& document, std::initializer_list<std::string_view> names) {
  const auto config = document.section("crm_config");
  for (auto set = xml::first_element(config); set; set = xml::next_element(set))
    for (auto pair = xml::child(set, "nvpair"); pair; pair = pair.next_sibling("nvpair"))
      for (const auto name : names)
        if (xml::attribute_or(pair, "name") == name) return std::string(xml::attribute_or(pair, "value"));
  return std::nullopt;
}

template <class Visit>
void each_element(const pugi::xml_node& top, const Visit& visit) {
  if (top.type() == pugi::node_element) visit(top);
  for (auto inner = xml::first_element(top); inner; inner = xml::next_element(inner)) each_element(inner, visit);
}

void check_fencing(const Document& document, Notes& notes) {
  const auto option = cluster_option(document, {"stonith-enabled", "fencing-enabled"});
  if (!parse_bool(option.value_or("true")).value_or(true)) {
    notes.push_back(note(Level::warning, "fencing is disabled: nodes that were never seen are not fenced, and a node that "
                                         "hangs may run its resources at the same time as the node that takes them over"));
    return;
  }
  bool has_device = parse_bool(cluster_option(document, {"have-watchdog"}).value_or("false")).value_or(false);
  each_element(document.section("resources"), [&](const pugi::xml_node& node) {
    if (xml::attribute_or(node, "class") == "stonith") has_device = true;
  });
  if (has_device) return;
  notes.push_back(note(Level::error, "Resource start-up disabled since no STONITH resources have been defined: configure a "
                                     "fencing device, or set stonith-enabled=false where no data can be damaged"));
}

void check_options(const Document& document, Notes& notes) {
  constexpr std::array<std::string_view, 13> booleans{
      "stonith-enabled", "fencing-enabled", "symmetric-cluster", "stop-all-resources", "start-failure-is-fatal",
      "maintenance-mode", "concurrent-fencing", "startup-fencing", "enable-acl", "shutdown-lock", "enable-startup-probes",
      "stop-orphan-resources", "stop-orphan-actions"};
  constexpr std::array<std::string_view, 7> durations{"stonith-timeout", "fencing-timeout", "cluster-delay", "dc-deadtime",
                                                      "cluster-recheck-interval", "transition-delay", "shutdown-lock-limit"};
  const auto is_in = [](const auto& list, std::string_view name) { return std::find(list.begin(), list.end(), name) != list.end(); };
  each_element(document.section("crm_config"), [&](const pugi::xml_node& node) {
    const auto name = xml::attribute_or(node, "name"), value = xml::attribute_or(node, "value");
    if (is_in(booleans, name) && !parse_bool(value))
      notes.push_back(note(Level::error, "{}: {}=\"{}\" must be true or false; the default is used", xml::path_of(node), name, value));
    if (is_in(durations, name) && !parse_duration(value))
      notes.push_back(note(Level::error, "{}: {}=\"{}\" must be a time such as 20s or 3min; the default is used", xml::path_of(node), name, value));
    const std::vector<std::string> policies{"stop", "ignore", "freeze", "demote", "fence", "suicide"};
    if (name == "no-quorum-policy" && !is_in(policies, value))
      notes.push_back(note(Level::error, "{}: {}=\"{}\" must be one of: {}; the default, stop, is used", xml::path_of(node), name,
                           value, join(policies, ", ")));
  });
}

/// Two operations of one name and interval cannot be told apart.
void check_operations(const Document& document, Notes& notes) {
  each_element(document.section("resources"), [&](const pugi::xml_node& operations) {
    if (std::string_view(operations.name()) != "operations") return;
    std::map<std::pair<std::string, std::int64_t>, std::string> seen;
    for (auto op = xml::child(operations, "op"); op; op = op.next_sibling("op")) {
      for (const auto* name : {"interval", "timeout", "start-delay"})
        if (const auto text = xml::attribute(op, name); text && !parse_duration(*text))
          notes.push_back(note(Level::error, "{}: {}=\"{}\" must be a time such as 20s or 3min", xml::path_of(op), name, *text));
      if (!xml::attribute(op, "name")) continue;
      const auto interval = parse_duration(xml::attribute_or(op, "interval")).value_or(std::chrono::milliseconds(0));
      const auto [at, is_new] =
          seen.emplace(std::pair(std::string(xml::attribute_or(op, "name")), interval.count()), xml::attribute_or(op, "id"));
      if (!is_new)
        notes.push_back(note(Level::error, "{}: the operation '{}' has the same name and interval; give one another interval",
                             xml::path_of(op), at->second));
    }
  });
}

void check_nodes(const Document& document, Notes& notes) {
  std::set<std::string_view> known;
  const auto nodes = document.section("nodes");
  for (auto node = xml::first_element(nodes); node; node = xml::next_element(node)) known.insert(xml::attribute_or(node, "uname"));
  each_element(document.section("resources"), [&](const pugi::xml_node& node) {  // remote and guest nodes bear other names
    if (xml::attribute_or(node, "type") == "remote") known.insert(xml::attribute_or(node, "id"));
    if (xml::attribute_or(node, "name") == "remote-node") known.insert(xml::attribute_or(node, "value"));
  });
  const auto constraints = document.section("constraints");
  for (auto item = xml::child(constraints, "rsc_location"); item; item = item.next_sibling("rsc_location")) {
    const auto name = xml::attribute(item, "node");
    const bool is_known = !name || std::any_of(known.begin(), known.end(), [&](auto k) { return equals_ignoring_case(k, *name); });
    if (!is_known) notes.push_back(note(Level::warning, "{}: there is no node '{}'", xml::path_of(item), *name));
  }
}

/// A rule that cannot be evaluated is never true, and nobody would notice.
void check_rules(const Document& document, Notes& notes) {
  each_element(document.configuration(), [&](const pugi::xml_node& node) {
    if (std::string_view(node.name()) != "rule" || std::string_view(node.parent().name()) == "rule") return;
    if (const auto answer = rules::evaluate(node, {}, WallTime{}); !answer)
      notes.push_back(Note{Level::error, answer.error().message});
  });
}

}  // namespace

Notes verify(const Document& document) {
  Notes notes;
  check_fencing(document, notes);
  check_options(document, notes);
  check_operations(document, notes);
  check_rules(document, notes);
  check_nodes(document, notes);
  std::stable_partition(notes.begin(), notes.end(), [](const Note& item) { return item.level == Level::error; });
  return notes;
}

}  // namespace relevo::cib
