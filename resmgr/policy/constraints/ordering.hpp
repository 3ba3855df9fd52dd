// Words of order constraints. Internal to reading them: a pair (ordering_reader.cpp), sets (ordering_sets.cpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <pugixml.hpp>

#include "resmgr/policy/constraints/references.hpp"

namespace relevo::policy {

enum class OrderKind : std::uint8_t { optional, mandatory, serialize };
/// One way only; both ways, as written; both ways, the way back.
enum class Symmetry : std::uint8_t { asymmetric, symmetric, inverse };

/// The kind of a constraint or set; a wrong word is told and means Mandatory.
[[nodiscard]] OrderKind order_kind(ConstraintReader& reader, pugi::xml_node element);
/// `kind`: of the constraint; `outer`: what the constraint around a set says, if anything.
[[nodiscard]] Symmetry order_symmetry(ConstraintReader& reader, pugi::xml_node element, OrderKind kind, std::optional<std::string_view> outer);
/// The bits of an ordering whose first action has that task.
[[nodiscard]] std::uint32_t order_flags(OrderKind kind, std::string_view first_task, Symmetry symmetry);
/// The task that undoes another one; empty, and told, when there is none.
[[nodiscard]] std::string_view inverse_task(ConstraintReader& reader, std::string_view task);

/// Orders the sets of a constraint, each inside itself and after the one before it.
void order_sets(ConstraintReader& reader, pugi::xml_node constraint, const std::vector<ResourceSet>& sets);

}  // namespace relevo::policy
