// Kind, symmetry and tasks of order constraints, and the bits that they mean. See ordering.hpp.
#include <array>
#include <utility>

#include <fmt/format.h>

#include "resmgr/policy/constraints/ordering.hpp"
#include "resmgr/policy/set/values.hpp"

namespace relevo::policy {
namespace {

bool same_word(std::string_view a, std::string_view lower) {
  if (a.size() != lower.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const char c = a[i] >= 'A' && a[i] <= 'Z' ? static_cast<char>(a[i] + 32) : a[i];
    if (c != lower[i]) return false;
  }
  return true;
}

}  // namespace

OrderKind order_kind(ConstraintReader& reader, pugi::xml_node element) {
  const auto kind = element.attribute("kind");
  if (!kind) {
    // Before there were kinds, a score of 0 meant that the order is only a wish
    const auto score = element.attribute("score");
    return score && score_of(reader.set, score.value()) == 0 ? OrderKind::optional : OrderKind::mandatory;
  }
  if (same_word(kind.value(), "optional")) return OrderKind::optional;
  if (same_word(kind.value(), "serialize")) return OrderKind::serialize;
  if (!same_word(kind.value(), "mandatory")) {
    reader.error(fmt::format("Resetting 'kind' for constraint {} to 'Mandatory' because '{}' is not valid",
                             element.attribute("id").as_string("missing ID"), kind.value()));
  }
  return OrderKind::mandatory;
}

Symmetry order_symmetry(ConstraintReader& reader, pugi::xml_node element, OrderKind kind, std::optional<std::string_view> outer) {
  if (element.attribute("kind") || element.attribute("score")) kind = order_kind(reader, element);
  auto symmetric = flag_of(element, "symmetrical");
  if (!symmetric && outer) symmetric = is_true(*outer);
  if (!symmetric) return kind == OrderKind::serialize ? Symmetry::asymmetric : Symmetry::symmetric;
  if (!*symmetric) return Symmetry::asymmetric;
  if (kind != OrderKind::serialize) return Symmetry::symmetric;
  reader.warn(fmt::format("Ignoring symmetrical for '{}' because not valid with kind of 'Serialize'", text_of(element, "id")));
  return Symmetry::asymmetric;
}

std::uint32_t order_flags(OrderKind kind, std::string_view first_task, Symmetry symmetry) {
  if (kind == OrderKind::optional) return order::optional;
  if (kind == OrderKind::serialize) return order::optional | order::serialize_only;
  if (symmetry == Symmetry::asymmetric) return order::optional | order::asymmetrical;
  if (symmetry == Symmetry::inverse) return order::optional | order::implies_first;
  const bool brings_up = first_task == "start" || first_task == "promote";
  return order::optional | order::implies_then | (brings_up ? order::runnable_left : order::none);
}

std::string_view inverse_task(ConstraintReader& reader, std::string_view task) {
  using Pair = std::pair<std::string_view, std::string_view>;
  constexpr std::array<Pair, 4> opposites{{{"start", "stop"}, {"promote", "demote"}, {"promoted", "demoted"}, {"running", "stopped"}}};
  for (const auto& [up, down] : opposites) {
    if (task == up) return down;
    if (task == down) return up;
  }
  reader.warn(fmt::format("Unknown action '{}' specified in order constraint", task));
  return {};
}

}  // namespace relevo::policy
