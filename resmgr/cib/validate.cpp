// Walks a CIB along the schema; see validate.hpp.
#include "resmgr/cib/validate.hpp"

#include <map>

#include "common/base/text.hpp"
#include "common/xml/chars.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/cib/document.hpp"
#include "resmgr/model/score.hpp"

namespace relevo::cib {
namespace {

/// Far above any version or port, and far from where adding one wraps around.
constexpr std::uint64_t max_natural = 1'000'000'000'000'000;

template <class... Args>
tl::unexpected<Fault> fault(const pugi::xml_node& node, fmt::format_string<Args...> format, Args&&... args) {
  return tl::unexpected<Fault>(Fault{node, fmt::format(format, std::forward<Args>(args)...)});
}

template <class Rules>
std::vector<std::string> names_of(const Rules& rules) {
  std::vector<std::string> names;
  for (const auto& rule : rules) names.push_back(rule.name);
  return names;
}

/// What stands after "not allowed": the allowed names, and the near one when it was a slip of the pen.
std::string allowed(std::string_view word, const std::vector<std::string>& names) {
  if (names.empty()) return "nothing is allowed there";
  const auto near = did_you_mean(word, names);
  return fmt::format("allowed: {}{}", join(names, ", "), near ? fmt::format(" (did you mean '{}'?)", *near) : "");
}

bool is_schema_name(std::string_view value) {
  if (value == "none" || value == "pacemaker-next") return true;
  constexpr std::string_view prefix = "pacemaker-";
  if (!value.starts_with(prefix)) return false;
  const auto parts = split(value.substr(prefix.size()), '.');
  if (parts.size() < 2 || parts.size() > 3) return false;
  for (const auto& part : parts)
    if (!parse_uint(part)) return false;
  return true;
}

/// What the value must be; empty when it is that.
std::string value_fault(const AttributeRule& rule, std::string_view value) {
  switch (rule.kind) {
    case ValueKind::word: return value.empty() ? "must not be empty" : "";
    case ValueKind::id:
      return xml::is_ncname(value) ? "" : "must be an id: letters, digits, '.', '-' and '_', not beginning with a digit";
    case ValueKind::natural:
      return parse_uint(value).value_or(max_natural + 1) <= max_natural ? "" : fmt::format("must be a whole number from 0 to {}", max_natural);
    case ValueKind::score: return model::parse_score(value) ? "" : "must be a whole number, INFINITY or -INFINITY";
    case ValueKind::boolean: return parse_bool(value) ? "" : "must be true or false";
    case ValueKind::schema: return is_schema_name(value) ? "" : "must be 'pacemaker-X.Y' or 'none'";
    case ValueKind::choice:
      for (const auto& choice : rule.choices)
        if (value == choice) return "";
      return "must be one of: " + join(rule.choices, ", ");
    default: return "";
  }
}

bool is_reference(ValueKind kind) {
  return kind == ValueKind::resource || kind == ValueKind::rsc_template || kind == ValueKind::acl_role ||
         kind == ValueKind::object;
}

Verdict check_attributes(const pugi::xml_node& node, const ElementType& type, IdTable* ids) {
  for (auto a = node.first_attribute(); a; a = a.next_attribute()) {
    const auto* rule = type.attribute(a.name());
    if (rule == nullptr && type.any_attribute) continue;
    if (rule == nullptr)
      return fault(node, "attribute '{}' is not allowed here; {}", a.name(), allowed(a.name(), names_of(type.attributes)));
    const bool any_word = rule->kind == ValueKind::choice && ids != nullptr && !ids->known_words();
    if (const auto why = any_word ? "" : value_fault(*rule, a.value()); !why.empty())
      return fault(node, "{}=\"{}\" {}", a.name(), a.value(), why);
    if (ids == nullptr) continue;
    if (rule->kind == ValueKind::id)
      if (auto ok = ids->add(node, a.value()); !ok) return ok;
    if (is_reference(rule->kind)) ids->refer(node, *rule);
  }
  for (const auto& rule : type.attributes)
    if (rule.required && !xml::attribute(node, rule.name))
      return fault(node, "attribute '{}' is missing", rule.name);
  return {};
}

Verdict check_counts(const pugi::xml_node& node, const ElementType& type, const std::map<std::string_view, std::size_t>& seen) {
  for (const auto& rule : type.children) {
    const auto found = seen.find(rule.name);
    const auto count = found == seen.end() ? 0 : found->second;
    if (count < rule.least) return fault(node, "<{}> is missing in it", rule.name);
    if (rule.most != 0 && count > rule.most) return fault(node, "<{}> may stand in it only once", rule.name);
  }
  return {};
}

Verdict check_children(const pugi::xml_node& node, const ElementType& type, IdTable* ids) {
  std::map<std::string_view, std::size_t> seen;
  for (auto child = node.first_child(); child; child = child.next_sibling()) {
    if (child.type() != pugi::node_element) return fault(node, "text is not allowed in it");
    const auto* rule = type.child(child.name());
    if (rule == nullptr)
      return fault(child, "<{}> is not allowed in <{}>; {}", child.name(), node.name(),
                   allowed(child.name(), names_of(type.children)));
    ++seen[rule->name];
    if (auto ok = check_element(child, type_named(rule->type), ids); !ok) return ok;
  }
  return check_counts(node, type, seen);
}

}  // namespace

Error to_error(const Fault& fault) {
  return Error{fmt::format("{}: {}", xml::path_of(fault.node), fault.message), ErrorKind::invalid};
}

Verdict check_element(const pugi::xml_node& node, const ElementType& type, IdTable* ids) {
  if (auto ok = check_attributes(node, type, ids); !ok) return ok;
  if (auto why = choice_fault(type.name, node); !why.empty()) return tl::unexpected<Fault>(Fault{node, std::move(why)});
  return check_children(node, type, ids);
}

Verdict check_root_attributes(const pugi::xml_node& root) { return check_attributes(root, type_named("cib"), nullptr); }

Verdict check_document(const pugi::xml_node& root) {
  if (std::string_view(root.name()) != "cib") return fault(root, "the root element must be <cib>");
  const auto& type = type_named("cib");
  if (auto ok = check_root_attributes(root); !ok) return ok;
  std::map<std::string_view, std::size_t> seen;
  IdTable ids(xml::attribute_or(root, "validate-with") != "none");
  for (auto child = xml::first_element(root); child; child = xml::next_element(child)) {
    const auto* rule = type.child(child.name());
    if (rule == nullptr)
      return fault(child, "<{}> is not allowed in <cib>; {}", child.name(), allowed(child.name(), names_of(type.children)));
    ++seen[rule->name];
    auto* table = rule->name == "status" ? nullptr : &ids;
    if (auto ok = check_element(child, type_named(rule->type), table); !ok) return ok;
  }
  if (auto ok = check_counts(root, type, seen); !ok) return ok;
  return ids.resolve();
}

const ElementType* type_at(const pugi::xml_node& node) {
  if (!node || node.type() != pugi::node_element) return nullptr;
  if (node.parent().type() != pugi::node_element)
    return std::string_view(node.name()) == "cib" ? &type_named("cib") : nullptr;
  const auto* parent = type_at(node.parent());
  const auto* rule = parent == nullptr ? nullptr : parent->child(node.name());
  return rule == nullptr ? nullptr : &type_named(rule->type);
}

Status validate(const Document& document) {
  if (auto ok = check_document(document.root()); !ok) return tl::unexpected<Error>(to_error(ok.error()));
  return {};
}

}  // namespace relevo::cib
