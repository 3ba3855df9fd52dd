// Rules; see rule_check.hpp.
#include "resmgr/policy/set/rule_check.hpp"

#include "common/base/text.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/rules/compare.hpp"
#include "resmgr/rules/date_expression.hpp"

namespace relevo::policy {
namespace {

constexpr int max_depth = 64;   ///< rules in rules; also ends a reference that leads back to itself
constexpr int max_rules = 1000;  ///< that one question may lead to

/// Without a type, an ordering is one of numbers, with a fraction only where a point is written.
std::string_view type_of(std::string_view type, bool ordering, std::string_view a, std::string_view b) {
  if (!type.empty() || !ordering) return type;
  const bool fraction = a.find('.') != a.npos || b.find('.') != b.npos;
  return fraction ? "number" : "integer";
}

bool is_or_absent(pugi::xml_node node, const char* attribute, std::string_view value) {
  const auto wanted = node.attribute(attribute);
  return !wanted || value == wanted.value();
}

}  // namespace

/// Stops at the first part that decides: later parts shall not tell of a time at which nothing would change.
bool RuleCheck::rule(pugi::xml_node rule, int depth) const {
  const auto meant = resolve_ref(set_, rule);
  if (!meant) return false;
  if (depth > max_depth || ++rules_seen_ > max_rules) {
    set_.say_once(Notice::Level::error, fmt::format("{}: holds not, its rules refer to each other in a circle or are too many", xml::path_of(meant)));
    return false;
  }
  const bool any = equals_ignoring_case(meant.attribute("boolean-op").value(), "or");
  bool empty = true;
  for (auto part = xml::first_element(meant); part; part = xml::next_element(part)) {
    empty = false;
    if (this->part(part, depth) == any) return any;
  }
  if (empty) set_.say_once(Notice::Level::error, fmt::format("{}: a rule needs at least one expression", xml::path_of(meant)));
  return !any;
}

bool RuleCheck::part(pugi::xml_node part, int depth) const {
  const std::string_view name = part.name();
  if (name == "rule") return rule(part, depth + 1);
  if (name == "expression") return attribute(part);
  if (name == "date_expression") return date(part);
  if (name == "rsc_expression") return agent(part);
  if (name == "op_expression") return operation(part);
  set_.say_once(Notice::Level::error, fmt::format("{}: <{}> is no part of a rule", xml::path_of(part), name));
  return false;
}

const std::string* RuleCheck::right_side(pugi::xml_node expression, std::string& literal) const {
  literal = expression.attribute("value").value();
  if (literal.empty()) return nullptr;
  const std::string_view source = expression.attribute("value-source").value();
  if (!matched_ || (source != "param" && source != "meta")) return &literal;
  const auto* table = source == "param" ? parameters_ : meta_;
  return table == nullptr ? nullptr : find(*table, literal);
}

bool RuleCheck::attribute(pugi::xml_node expression) const {
  const std::string_view wanted = expression.attribute("attribute").value();
  const std::string_view operation = expression.attribute("operation").value();
  if (asking_.node == nullptr || wanted == "#role") return false;
  const auto* left = find(asking_.node->attributes, wanted);
  if (operation == "defined") return left != nullptr;
  if (operation == "not_defined") return left == nullptr;
  std::string literal;
  const auto* right = right_side(expression, literal);
  const bool equality = operation == "eq" || operation == "ne";
  if (left == nullptr || right == nullptr) return equality && ((left == nullptr && right == nullptr) == (operation == "eq"));
  const auto type = type_of(expression.attribute("type").value(), !equality, *left, *right);
  const auto order = rules::compare(type, !equality, *left, *right);
  if (operation == "eq") return order == 0;
  if (operation == "ne") return order != 0;
  if (operation == "lt") return order < 0;
  if (operation == "lte") return order <= 0;
  if (operation == "gt") return order > 0;
  return operation == "gte" && order >= 0;
}

/// Only a date with bounds tells when it changes: a calendar's answer is looked at again by polling.
bool RuleCheck::date(pugi::xml_node expression) const {
  const auto answer = rules::evaluate_date(expression, set_.utc_offset, set_.now);
  if (!answer) {
    set_.say_once(Notice::Level::error, answer.error().message);
    return false;
  }
  const bool polled = std::string_view(expression.attribute("operation").value()) == "date_spec";
  if (!polled && answer->changes_at) set_.recheck_at(*answer->changes_at);
  return answer->holds;
}

bool RuleCheck::agent(pugi::xml_node expression) const {
  if (asking_.rsc == nullptr) return false;
  const auto& rsc = *asking_.rsc;
  // An expression without a provider means agents that have none.
  return is_or_absent(expression, "class", rsc.klass) && rsc.provider == expression.attribute("provider").value() &&
         is_or_absent(expression, "type", rsc.type);
}

bool RuleCheck::operation(pugi::xml_node expression) const {
  if (asking_.op_name.empty() || asking_.op_name != expression.attribute("name").value()) return false;
  const auto interval = expression.attribute("interval");
  if (!interval) return true;
  return interval_of(interval.value()) == asking_.op_interval;
}

}  // namespace relevo::policy
