// A resource's template and its own element made one: own values first, operations by name and role.
#include <set>

#include "common/base/text.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/policy/unpack/build.hpp"

namespace relevo::policy {
namespace {

pugi::xml_node nothing(WorkingSet& set, std::string text) {
  set.say(Notice::Level::error, std::move(text));
  return {};
}

/// Roles that are the usual ones do not make an operation another one.
std::string op_identity(pugi::xml_node op) {
  const std::string_view role = op.attribute("role").value();
  const auto known = role_of(role);
  const bool usual = role.empty() || known == Role::started || known == Role::unpromoted;
  return fmt::format("{}-{}", op.attribute("name").value(), usual ? std::string_view("Unknown") : role);
}

/// The template's operations that the resource has not itself go to the end of the resource's; the template's list goes away.
void merge_operations(pugi::xml_node merged, pugi::xml_node from_template, pugi::xml_node own) {
  std::set<std::string> known;
  for (auto op = xml::first_element(own); op; op = xml::next_element(op)) known.insert(op_identity(op));
  for (auto op = xml::first_element(from_template); op; op = xml::next_element(op))
    if (!known.contains(op_identity(op))) own.append_copy(op);
  merged.remove_child(from_template);
}

/// The template under the resource's name and id, with the resource's own children behind its own.
pugi::xml_node join(WorkingSet& set, pugi::xml_node xml, pugi::xml_node pattern) {
  auto merged = keep_in(set, "templates").append_copy(pattern);
  merged.set_name(xml.name());
  xml::set_attribute(merged, "id", xml.attribute("id").value());
  const auto from_template = merged.child("operations");
  pugi::xml_node own;
  for (auto child = xml::first_element(xml); child; child = xml::next_element(child)) {
    const auto copy = merged.append_copy(child);
    if (std::string_view(copy.name()) == "operations") own = copy;
  }
  if (from_template && own) merge_operations(merged, from_template, own);
  return merged;
}

/// `operations` may be shared by reference: later stages find the operations themselves.
pugi::xml_node with_operations(WorkingSet& set, pugi::xml_node xml, bool is_copy) {
  const auto operations = xml.child("operations");
  if (!operations.attribute("id-ref")) return xml;
  const auto meant = resolve_ref(set, operations);
  auto copy = is_copy ? xml : keep_in(set, "templates").append_copy(xml);
  const auto old = copy.child("operations");
  if (meant) copy.insert_copy_before(meant, old);
  copy.remove_child(old);
  return copy;
}

}  // namespace

pugi::xml_node merge_template(WorkingSet& set, pugi::xml_node xml) {
  const auto reference = xml.attribute("template");
  const bool shares_operations = bool(xml.child("operations").attribute("id-ref"));
  if (!reference && !shares_operations) return xml;
  const std::string_view id = xml.attribute("id").value(), wanted = reference.value();
  const auto [known, added] = set.merged.try_emplace(xml.hash_value());
  if (!added) return known->second;
  if (!reference) return known->second = with_operations(set, xml, false);
  if (wanted == id) return nothing(set, fmt::format("The resource '{}' must not refer to itself", id));
  const auto pattern = find_element(set, "template", wanted);
  if (!pattern) return nothing(set, fmt::format("No template named '{}'", wanted));
  return known->second = with_operations(set, join(set, xml, pattern), true);
}

}  // namespace relevo::policy
