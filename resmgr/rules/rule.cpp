// Rules; see rule.hpp.
#include "resmgr/rules/rule.hpp"

#include "common/base/text.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/rules/compare.hpp"
#include "resmgr/rules/date_expression.hpp"

namespace relevo::rules {
namespace {

constexpr int max_depth = 64;   ///< of rules in rules, which also ends an id-ref that leads back to itself
constexpr int max_rules = 1000;  ///< behind one rule: references can make a few rules into very many

/// Where an evaluation stands in rules inside rules.
struct Place {
  int& rules_seen;
  int depth = 0;
  [[nodiscard]] Place deeper() const { return {rules_seen, depth + 1}; }
};

std::optional<WallTime> sooner(std::optional<WallTime> a, std::optional<WallTime> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

std::optional<std::string> look_up(const std::map<std::string, std::string>& map, std::string_view name) {
  const auto found = map.find(std::string(name));
  return found == map.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::string> right_side(const pugi::xml_node& node, const Facts& facts) {
  const auto value = xml::attribute(node, "value");
  const auto source = xml::attribute_or(node, "value-source", "literal");
  if (!value) return std::nullopt;
  if (source == "param") return look_up(facts.parameters, *value);
  if (source == "meta") return look_up(facts.meta, *value);
  return std::string(*value);
}

bool attribute_holds(const pugi::xml_node& node, const Facts& facts) {
  const auto left = look_up(facts.node, xml::attribute_or(node, "attribute"));
  const auto operation = xml::attribute_or(node, "operation");
  if (operation == "defined") return left.has_value();
  if (operation == "not_defined") return !left;
  const auto right = right_side(node, facts);
  if (!left || !right) return operation == (left.has_value() == right.has_value() ? "eq" : "ne");
  const bool ordering = operation != "eq" && operation != "ne";
  const auto order = compare(xml::attribute_or(node, "type"), ordering, *left, *right);
  if (operation == "eq") return order == 0;
  if (operation == "ne") return order != 0;
  if (operation == "lt") return order < 0;
  if (operation == "lte") return order <= 0;
  if (operation == "gt") return order > 0;
  return operation == "gte" && order >= 0;
}

bool is_or_absent(const pugi::xml_node& node, const char* name, const std::string& value) {
  return xml::attribute_or(node, name, value) == value;
}

bool resource_holds(const pugi::xml_node& node, const Facts& facts) {
  return facts.subject && is_or_absent(node, "class", facts.subject->klass) &&
         is_or_absent(node, "provider", facts.subject->provider) && is_or_absent(node, "type", facts.subject->type);
}

Result<bool> operation_holds(const pugi::xml_node& node, const Facts& facts) {
  if (!facts.subject || !is_or_absent(node, "name", facts.subject->operation)) return false;
  const auto text = xml::attribute(node, "interval");
  if (!text) return true;
  const auto interval = parse_duration(*text);
  if (!interval)
    return fail(ErrorKind::invalid, "{}: interval=\"{}\" is no duration such as 10s", xml::path_of(node), *text);
  return *interval == facts.subject->interval;
}

Result<Answer> rule_holds(const pugi::xml_node& node, const Facts& facts, WallTime now, Place place);

Result<Answer> part_holds(const pugi::xml_node& node, const Facts& facts, WallTime now, Place place) {
  const std::string_view name = node.name();
  if (name == "rule") return rule_holds(node, facts, now, place.deeper());
  if (name == "expression") return Answer{attribute_holds(node, facts), std::nullopt};
  if (name == "date_expression") return evaluate_date(node, facts.utc_offset, now);
  if (name == "rsc_expression") return Answer{resource_holds(node, facts), std::nullopt};
  if (name == "op_expression") {
    const auto holds = operation_holds(node, facts);
    if (!holds) return pass(holds.error());
    return Answer{*holds, std::nullopt};
  }
  return fail(ErrorKind::invalid, "{}: <{}> is no part of a rule", xml::path_of(node), name);
}

/// Every part is looked at, also when the answer stands already: an error must not depend on the values of the others.
Result<Answer> rule_holds(const pugi::xml_node& node, const Facts& facts, WallTime now, Place place) {
  if (place.depth > max_depth || ++place.rules_seen > max_rules)
    return fail(ErrorKind::invalid, "{}: rules refer to each other in a circle, or more than {} times", xml::path_of(node), max_rules);
  if (const auto id = xml::attribute(node, "id-ref")) {
    const auto other = xml::find(xml::first_element(node.root()), "rule", *id);
    if (!other) return fail(ErrorKind::invalid, "{}: there is no rule with the id '{}'", xml::path_of(node), *id);
    return rule_holds(other, facts, now, place.deeper());
  }
  const bool any = equals_ignoring_case(xml::attribute_or(node, "boolean-op", "and"), "or");
  Answer answer{!any, std::nullopt};
  for (auto part = xml::first_element(node); part; part = xml::next_element(part)) {
    const auto holds = part_holds(part, facts, now, place);
    if (!holds) return pass(holds.error());
    answer.holds = any ? answer.holds || holds->holds : answer.holds && holds->holds;
    answer.changes_at = sooner(answer.changes_at, holds->changes_at);
  }
  return answer;
}

}  // namespace

Result<Answer> evaluate(const pugi::xml_node& rule, const Facts& facts, WallTime now) {
  int rules_seen = 0;
  return rule_holds(rule, facts, now, {rules_seen});
}

Result<Answer> evaluate_children(const pugi::xml_node& parent, const Facts& facts, WallTime now) {
  Answer answer{!xml::child(parent, "rule"), std::nullopt};
  for (auto rule = xml::child(parent, "rule"); rule; rule = rule.next_sibling("rule")) {
    const auto holds = evaluate(rule, facts, now);
    if (!holds) return pass(holds.error());
    answer.holds = answer.holds || holds->holds;
    answer.changes_at = sooner(answer.changes_at, holds->changes_at);
  }
  return answer;
}

}  // namespace relevo::rules
