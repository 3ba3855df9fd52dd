// Attribute blocks (instance_attributes, meta_attributes, utilization, cluster_property_set) resolved to name and value.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include <pugixml.hpp>

#include "resmgr/policy/set/working_set.hpp"

namespace relevo::policy {

/// Who asks, for rules: a node, a resource's agent, an operation. All optional.
struct Asking {
  const Node* node = nullptr;
  const Resource* rsc = nullptr;
  std::string_view op_name{};
  std::chrono::milliseconds op_interval{0};
};

/// Adds what the blocks named `block` below `parent` say to `out`; names that are there already stay (unless `overwrite`). Highest
/// score first, equal in document order, the block with id `always_first` before all; a block whose rule is false is left out, and
/// when that may change by time, WorkingSet::recheck_at is told. `id-ref` is followed. Source: resmgr spec 1.1, "Blocks".
void read_blocks(WorkingSet& set, pugi::xml_node parent, std::string_view block, const Asking& asking, Attributes& out,
                 std::string_view always_first = {}, bool overwrite = false);

/// The configured element of that name and id, or nothing.
[[nodiscard]] pugi::xml_node find_element(WorkingSet& set, std::string_view element, std::string_view id);
/// The element that `id-ref` names, the element itself when it has none, or nothing (told) when the name leads nowhere.
[[nodiscard]] pugi::xml_node resolve_ref(WorkingSet& set, pugi::xml_node element);

/// Instance attributes of a resource as its agent gets them on that node: own, then template's, then the parents'.
[[nodiscard]] Attributes parameters_of(WorkingSet& set, const Resource& rsc, const Node* node);

/// May they differ from node to node, or from time to time?
[[nodiscard]] bool parameters_have_rules(WorkingSet& set, const Resource& rsc);

/// Does the rule hold for that node (and that resource's meta and parameters)? A rule that cannot be read holds never and is told.
[[nodiscard]] bool rule_holds(WorkingSet& set, pugi::xml_node rule, const Asking& asking, const Attributes* parameters = nullptr,
                              const Attributes* meta = nullptr);

[[nodiscard]] bool is_true(std::string_view text);    ///< 1 y yes on true, any case
[[nodiscard]] bool is_false(std::string_view text);
[[nodiscard]] bool bool_of(const Attributes& from, std::string_view name, bool otherwise);
/// `10`, `10s`, `10ms`, `2min`, `1h`, ISO 8601 `PT10S`; a bare number is seconds. At most what 32 bits hold. Nothing when it
/// cannot be read.
[[nodiscard]] std::optional<std::chrono::milliseconds> interval_of(std::string_view text);
/// Can it be read, and its number be held?
[[nodiscard]] bool is_interval(std::string_view text);
/// The same for timeouts and delays of operations: never ISO 8601, and what 31 bits do not hold is cut off. Nothing when it cannot
/// be read or comes out negative.
[[nodiscard]] std::optional<std::chrono::milliseconds> timeout_of(std::string_view text);
/// The number that a text begins with, blanks and a sign before it; whatever follows is left out. Nothing when there is none, or
/// it is too large for any number.
[[nodiscard]] std::optional<std::int64_t> leading_int(std::string_view text);
/// INFINITY, -INFINITY, a number (clamped), red, yellow, green by the cluster's options; 0 for other text.
[[nodiscard]] int score_of(const WorkingSet& set, std::string_view text);
[[nodiscard]] const std::string* find(const Attributes& from, std::string_view name);
[[nodiscard]] Role role_of(std::string_view text);    ///< Started, Stopped, Promoted (Master), Unpromoted (Slave); else unknown

}  // namespace relevo::policy
