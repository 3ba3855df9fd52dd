// Finds what an operation works on and what it brings along; see operation.hpp.
#include "common/xml/parse.hpp"
#include "common/xml/tree.hpp"
#include "common/xml/xpath.hpp"
#include "resmgr/cib/operation.hpp"
#include "resmgr/cib/sections.hpp"
#include "resmgr/cib/validate.hpp"

namespace relevo::cib {
namespace {

constexpr std::string_view all_sections =
    "cib, configuration, crm_config, nodes, resources, constraints, op_defaults, rsc_defaults, fencing-topology, tags, "
    "acls, alerts, status";

Result<pugi::xml_node> by_xpath(const Work& work, const std::string& xpath) {
  auto hits = xml::select(work.root.root(), xpath);
  if (!hits) return pass(hits.error());
  if (hits->empty()) return fail(ErrorKind::not_found, "nothing matches {}", xpath);
  if (hits->size() > 1) return fail(ErrorKind::invalid, "{} elements match {}, but only one may", hits->size(), xpath);
  return hits->front();
}

bool is_section(std::string_view name) {
  return name == "cib" || name == "configuration" || name == "status" || is_configuration_section(name);
}

/// No element of a CIB holds text: what stands between elements was a mistake.
Status refuse_text(const pugi::xml_node& node) {
  for (auto part = node.first_child(); part; part = part.next_sibling()) {
    if (part.type() != pugi::node_element)
      return fail(ErrorKind::invalid, "{}: text is not allowed in it", xml::path_of(node));
    if (auto ok = refuse_text(part); !ok) return ok;
  }
  return {};
}

/// The child that a part of a change means: of the same name and id. A part that bears no id means the child without
/// one, or, when it bears nothing at all, the container of that name.
pugi::xml_node counterpart(const pugi::xml_node& parent, const pugi::xml_node& part) {
  if (const auto id = xml::attribute(part, "id")) return xml::child(parent, part.name(), id);
  const auto found = xml::child(parent, part.name());
  return !part.first_attribute() || !xml::attribute(found, "id") ? found : pugi::xml_node{};
}

}  // namespace

Result<pugi::xml_node> one_target(const Work& work, const Operation& operation, bool create_missing) {
  if (operation.target.starts_with('/')) return by_xpath(work, operation.target);
  if (!is_section(operation.target))
    return fail(ErrorKind::invalid, "there is no section '{}'; there are: {}", operation.target, all_sections);
  if (create_missing) return ensure_section(work.root, operation.target);
  const auto found = find_section(work.root, operation.target);
  if (!found) return fail(ErrorKind::not_found, "the section '{}' is not there", operation.target);
  return found;
}

Result<pugi::xml_node> input(const Operation& operation, std::unique_ptr<pugi::xml_document>& holder) {
  auto tree = xml::parse(operation.xml);
  if (!tree) return in_context(tree.error(), "the XML of the change");
  holder = std::move(*tree);
  const auto top = xml::first_element(*holder);
  if (auto ok = refuse_text(top); !ok) return pass(ok.error());
  const std::string_view name = top.name(), wanted = operation.target;
  const bool wraps = (name == "cib" && wanted != "cib") || (name == "configuration" && is_configuration_section(wanted));
  if (!wraps || !is_section(wanted)) return top;
  const auto part = name == "cib" ? find_section(top, wanted) : xml::child(top, wanted);
  if (!part) return fail(ErrorKind::invalid, "the XML of the change is a whole <{}> without <{}>", name, wanted);
  return part;
}

Status touched(Work& work, const pugi::xml_node& node) {
  work.changed = true;
  if (!is_in_status(node)) {
    work.configuration_changed = true;
    return {};
  }
  const auto* type = type_at(node);
  if (type == nullptr) return tl::unexpected<Error>(to_error({node, "such an element is not allowed there"}));
  if (auto ok = check_element(node, *type, nullptr); !ok) return tl::unexpected<Error>(to_error(ok.error()));
  return {};
}

bool merge(pugi::xml_node into, const pugi::xml_node& from) {
  bool changed = false;
  for (auto a = from.first_attribute(); a; a = a.next_attribute())
    if (xml::set_attribute(into, a.name(), a.value())) changed = true;
  for (auto part = xml::first_element(from); part; part = xml::next_element(part)) {
    if (const auto same = counterpart(into, part)) {
      if (merge(same, part)) changed = true;
    } else {
      into.append_copy(part);
      changed = true;
    }
  }
  return changed;
}

}  // namespace relevo::cib
