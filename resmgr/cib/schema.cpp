// Reads the table of elements into the schema; see schema.hpp.
#include "resmgr/cib/schema.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "common/base/assert.hpp"
#include "common/base/text.hpp"

namespace relevo::cib {
namespace {

AttributeRule read_kind(AttributeRule rule, std::string_view kind) {
  constexpr std::array<std::pair<std::string_view, ValueKind>, 10> kinds{{
      {"word", ValueKind::word}, {"id", ValueKind::id}, {"resource", ValueKind::resource},
      {"rsc_template", ValueKind::rsc_template}, {"acl_role", ValueKind::acl_role}, {"object", ValueKind::object},
      {"natural", ValueKind::natural}, {"score", ValueKind::score}, {"boolean", ValueKind::boolean},
      {"schema", ValueKind::schema}}};
  for (const auto& [name, value] : kinds)
    if (kind == name) rule.kind = value;
  if (rule.kind != ValueKind::text) return rule;
  rule.kind = ValueKind::choice;
  rule.choices = split(kind, '/');
  return rule;
}

AttributeRule read_attribute(std::string_view word) {
  AttributeRule rule;
  rule.required = word.ends_with('!');
  if (rule.required) word.remove_suffix(1);
  const auto sign = word.find('=');
  rule.name = word.substr(0, sign);
  return sign == std::string_view::npos ? rule : read_kind(std::move(rule), word.substr(sign + 1));
}

ChildRule read_child(std::string_view word) {
  ChildRule rule;
  const char last = word.back();
  rule.least = last == '?' || last == '*' ? 0 : 1;
  rule.most = last == '*' || last == '+' ? 0 : 1;
  if (last == '?' || last == '*' || last == '+') word.remove_suffix(1);
  const auto colon = word.find(':');
  rule.name = word.substr(0, colon);
  rule.type = colon == std::string_view::npos ? rule.name : word.substr(colon + 1);
  return rule;
}

ElementType read_type(std::string_view line) {
  ElementType type;
  const auto colon = line.find(": ");
  const auto bar = line.find('|');
  RELEVO_ASSERT(colon != std::string_view::npos && bar != std::string_view::npos, "schema line '{}'", line);
  type.name = line.substr(0, colon);
  for (const auto& word : words(line.substr(colon + 1, bar - colon - 1))) {
    if (word == "*")
      type.any_attribute = true;
    else
      type.attributes.push_back(read_attribute(word));
  }
  for (const auto& word : words(line.substr(bar + 1))) type.children.push_back(read_child(word));
  return type;
}

Schema read_table() {
  Schema types;
  for (const auto& line : split(schema_table(), '\n'))
    if (!line.empty()) {
      auto type = read_type(line);
      types.emplace(type.name, std::move(type));
    }
  for (const auto& [name, type] : types)
    for (const auto& child : type.children)
      RELEVO_ASSERT(types.contains(child.type), "schema type '{}' of '{}' is missing", child.type, name);
  return types;
}

template <class Rules>
auto named(const Rules& rules, std::string_view wanted) -> decltype(rules.data()) {
  const auto found = std::find_if(rules.begin(), rules.end(), [&](const auto& rule) { return rule.name == wanted; });
  return found == rules.end() ? nullptr : &*found;
}

}  // namespace

const AttributeRule* ElementType::attribute(std::string_view wanted) const { return named(attributes, wanted); }
const ChildRule* ElementType::child(std::string_view wanted) const { return named(children, wanted); }

const Schema& schema() {
  static const Schema types = read_table();  // constant after the first use
  return types;
}

const ElementType& type_named(std::string_view name) {
  const auto found = schema().find(name);
  RELEVO_ASSERT(found != schema().end(), "schema type '{}'", name);
  return found->second;
}

}  // namespace relevo::cib
