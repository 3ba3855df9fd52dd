// The constraints section, element by element, in document order.
#include <string_view>

#include <fmt/format.h>

#include "resmgr/policy/constraints/constraints.hpp"
#include "resmgr/policy/constraints/readers.hpp"
#include "resmgr/policy/set/values.hpp"

namespace relevo::policy {
namespace {

/// The old way to let a constraint hold for some time only: any rule of it that holds will do.
bool is_in_force(WorkingSet& set, pugi::xml_node constraint) {
  const auto lifetime = constraint.child("lifetime");
  bool without_rules = true;
  for (auto rule = lifetime.child("rule"); rule; rule = rule.next_sibling("rule")) {
    if (rule_holds(set, rule, {})) return true;
    without_rules = false;
  }
  return without_rules;
}

void read_constraint(ConstraintReader& reader, pugi::xml_node constraint) {
  const std::string_view tag = constraint.name();
  if (text_of(constraint, "id").empty()) {
    reader.error(fmt::format("Ignoring <{}> constraint without id", tag));
  } else if (!is_in_force(reader.set, constraint)) {
    return;
  } else if (tag == "rsc_order") {
    const auto known = reader.set.orderings.size();
    read_ordering(reader, constraint);
    for (auto i = known; i < reader.set.orderings.size(); ++i) reader.set.orderings[i].id = text_of(constraint, "id");
  } else if (tag == "rsc_colocation") {
    read_colocation(reader, constraint);
  } else if (tag == "rsc_location") {
    read_location(reader, constraint);
  } else if (tag == "rsc_ticket") {
    read_ticket(reader, constraint);
  } else {
    reader.error(fmt::format("Unsupported constraint type: {}", tag));
  }
}

}  // namespace

void unpack_constraints(WorkingSet& set) {
  ConstraintReader reader(set);
  const auto section = set.cib.child("configuration").child("constraints");
  for (auto constraint : section.children()) {
    if (constraint.type() == pugi::node_element) read_constraint(reader, constraint);
  }
}

}  // namespace relevo::policy
