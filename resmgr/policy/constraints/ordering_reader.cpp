// Order constraints of two resources, and of tags. Sets are in ordering_sets.cpp.
#include <algorithm>
#include <charconv>
#include <string>

#include <fmt/format.h>

#include "resmgr/policy/constraints/ordering.hpp"
#include "resmgr/policy/constraints/readers.hpp"
#include "resmgr/policy/set/actions.hpp"
#include "resmgr/policy/set/values.hpp"

namespace relevo::policy {
namespace {

/// One order constraint of two resources.
struct Pair {
  std::string_view id;
  Resource& first;
  Resource& then;
  std::string_view first_task, then_task;
  OrderKind kind;
  Symmetry symmetry;
};

Resource* end_of(ConstraintReader& reader, pugi::xml_node constraint, const char* attribute, const char* instance) {
  const auto id = text_of(constraint, attribute), number = text_of(constraint, instance);
  if (id.empty()) {
    reader.error(fmt::format("Ignoring constraint '{}' without {}", text_of(constraint, "id"), attribute));
    return nullptr;
  }
  Resource* rsc = find_constrained(reader, id);
  if (rsc == nullptr) {
    reader.error(fmt::format("Ignoring constraint '{}' because resource '{}' does not exist", text_of(constraint, "id"), id));
    return nullptr;
  }
  if (number.empty()) return rsc;
  for (Resource* child : rsc->children) {
    if (rsc->is(Variant::clone) && child->id.ends_with(fmt::format(":{}", number))) return child;
  }
  reader.warn(fmt::format("Ignoring constraint '{}' because resource '{}' does not have an instance '{}'", text_of(constraint, "id"), id,
                          number));
  return nullptr;
}

/// How many instances of the first resource must be up before the other one may; 0 = all that are going to be.
int minimum_before(const Resource& first, pugi::xml_node constraint) {
  if (!first.is(Variant::clone)) return 0;
  if (const auto* text = find(first.meta, "clone-min")) {
    int number = 0;
    std::from_chars(text->data(), text->data() + text->size(), number);
    return std::max(number, 0);
  }
  return flag_of(constraint, "require-all") == false ? 1 : 0;
}

/// A pseudo action that can run once enough instances can stands between the two.
void order_after_minimum(ConstraintReader& reader, const Pair& pair, std::uint32_t flags, int minimum) {
  const std::string key = fmt::format("clone-one-or-more:{}", pair.id);
  Action& enough = pseudo_action(reader.set, nullptr, key, key, true);
  enough.required_runnable_before = minimum;
  enough.requires_any = true;
  for (Resource* child : pair.first.children) {
    new_ordering(reader.set, child, op_key(child->id, pair.first_task), nullptr, nullptr, {}, &enough,
                 order::one_or_more | order::implies_then_printed);
  }
  new_ordering(reader.set, nullptr, {}, &enough, &pair.then, op_key(pair.then.id, pair.then_task), nullptr, flags | order::runnable_left);
}

/// A wish may bind a resource that asks to be restarted with what it was started after.
bool is_restarted_with_first(const Pair& pair) {
  const auto* restart = find(pair.then.meta, "restart-type");
  return pair.kind == OrderKind::optional && restart != nullptr && *restart == "restart";
}

void order_back(ConstraintReader& reader, const Pair& pair) {
  const auto then_task = inverse_task(reader, pair.then_task), first_task = inverse_task(reader, pair.first_task);
  if (then_task.empty() || first_task.empty()) {
    reader.warn(fmt::format("Cannot invert constraint '{}' (please specify inverse manually)", pair.id));
    return;
  }
  auto flags = order_flags(pair.kind, first_task, Symmetry::inverse);
  if (is_restarted_with_first(pair)) flags |= order::implies_first;
  order_resources(reader.set, pair.then, then_task, pair.first, first_task, flags);
}

void order_pair(ConstraintReader& reader, pugi::xml_node constraint) {
  Resource* first = end_of(reader, constraint, "first", "first-instance");
  if (first == nullptr) return;
  Resource* then = end_of(reader, constraint, "then", "then-instance");
  if (then == nullptr) return;
  const std::string_view first_task = constraint.attribute("first-action").as_string("start");
  const auto then_action = constraint.attribute("then-action");
  const OrderKind kind = order_kind(reader, constraint);
  const Pair pair{text_of(constraint, "id"), *first, *then, first_task, then_action ? std::string_view(then_action.value()) : first_task,
                  kind, order_symmetry(reader, constraint, kind, std::nullopt)};

  auto flags = order_flags(kind, pair.first_task, pair.symmetry);
  if (is_restarted_with_first(pair)) flags |= order::implies_then;
  const int minimum = minimum_before(*first, constraint);
  if (minimum > 0) {
    order_after_minimum(reader, pair, flags, minimum);
  } else {
    order_resources(reader.set, *first, pair.first_task, *then, pair.then_task, flags);
  }
  if (pair.symmetry == Symmetry::symmetric) order_back(reader, pair);
}

/// The constraint with both ends as sets; empty when both are single resources. `usable` is false, and it is told, when an
/// end is nothing that is known.
std::vector<ResourceSet> tagged_ends(ConstraintReader& reader, pugi::xml_node constraint, bool& usable) {
  usable = true;
  const auto id = text_of(constraint, "id"), first = text_of(constraint, "first"), then = text_of(constraint, "then");
  if (first.empty() || then.empty()) return {};
  usable = is_known(reader, id, first) && is_known(reader, id, then);
  if (!usable) return {};
  if (find_constrained(reader, first) != nullptr && find_constrained(reader, then) != nullptr) return {};
  std::vector<ResourceSet> sets{end_as_set(reader, first), end_as_set(reader, then)};
  sets[0].action = text_of(constraint, "first-action");
  sets[1].action = text_of(constraint, "then-action");
  return sets;
}

}  // namespace

void read_ordering(ConstraintReader& reader, pugi::xml_node constraint) {
  auto sets = read_sets(reader, constraint);
  bool usable = true;
  if (sets.empty()) sets = tagged_ends(reader, constraint, usable);
  if (!usable) return;
  if (sets.empty()) {
    order_pair(reader, constraint);
  } else {
    order_sets(reader, constraint, sets);
  }
}

}  // namespace relevo::policy
