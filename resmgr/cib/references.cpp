// Ids must be unique and references must point at something of the right kind; see validate.hpp.
#include "common/xml/tree.hpp"
#include "resmgr/cib/validate.hpp"

namespace relevo::cib {
namespace {

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  for (const auto candidate : words)
    if (word == candidate) return true;
  return false;
}

bool fits(ValueKind kind, std::string_view element) {
  if (kind == ValueKind::resource)
    return is_one_of(element, {"primitive", "group", "clone", "master", "bundle", "template", "tag"});
  if (kind == ValueKind::rsc_template) return element == "template";
  if (kind == ValueKind::acl_role) return element == "acl_role";
  return true;
}

std::string_view what(ValueKind kind) {
  if (kind == ValueKind::resource) return "a resource, template or tag";
  if (kind == ValueKind::rsc_template) return "a template";
  if (kind == ValueKind::acl_role) return "an acl_role";
  return "an element";
}

}  // namespace

Verdict IdTable::add(const pugi::xml_node& node, std::string_view id) {
  const auto [at, is_new] = ids_.emplace(id, node);
  if (is_new) return {};
  return tl::unexpected<Fault>(
      Fault{node, fmt::format("the id '{}' stands already on {}", id, xml::path_of(at->second))});
}

Verdict IdTable::resolve() const {
  for (const auto& [node, rule] : references_) {
    const auto id = xml::attribute_or(node, rule->name);
    const auto found = ids_.find(id);
    if (found != ids_.end() && fits(rule->kind, found->second.name())) continue;
    const auto reason = found == ids_.end()
                            ? std::string("but there is none")
                            : fmt::format("but that is <{}>", found->second.name());
    return tl::unexpected<Fault>(
        Fault{node, fmt::format("{}=\"{}\" must name {}, {}", rule->name, id, what(rule->kind), reason)});
  }
  return {};
}

}  // namespace relevo::cib
