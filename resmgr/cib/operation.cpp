// What each verb does to the working copy; see operation.hpp.
#include "resmgr/cib/operation.hpp"

#include "common/base/text.hpp"
#include "common/xml/tree.hpp"
#include "common/xml/xpath.hpp"
#include "resmgr/cib/sections.hpp"
#include "resmgr/cib/validate.hpp"

namespace relevo::cib {
namespace {

using Holder = std::unique_ptr<pugi::xml_document>;

bool is_root(const pugi::xml_node& node) { return std::string_view(node.name()) == "cib" && !node.parent().parent(); }

/// The same element as `part`: its name, and its id when it bears one.
bool is_same(const pugi::xml_node& node, const pugi::xml_node& part) {
  const auto id = xml::attribute(part, "id");
  return std::string_view(node.name()) == part.name() && (!id || xml::attribute(node, "id") == id);
}

/// An operation without a target: the xml's own name says where it belongs.
Result<Operation> with_target(const Operation& operation) {
  auto whole = operation;
  if (!whole.target.empty() || whole.verb == Verb::erase || whole.verb == Verb::bump) return whole;
  Holder holder;
  const auto part = input(operation, holder);
  if (!part) return pass(part.error());
  whole.target = home_of(part->name());
  if (!whole.target.empty()) return whole;
  if (operation.verb == Verb::create)
    return fail(ErrorKind::invalid, "it is not clear where <{}> belongs: name the section or the parent element", part->name());
  whole.target = "cib";
  return whole;
}

/// <cib> has attributes of two kinds: how the cluster is configured, and how it is.
Status merge_root(Work& work, const pugi::xml_node& part) {
  for (auto a = part.first_attribute(); a; a = a.next_attribute()) {
    if (!xml::set_attribute(work.root, a.name(), a.value())) continue;
    const std::string_view name = a.name();
    work.changed = true;
    if (name != "have-quorum" && name != "dc-uuid" && name != "num_updates") work.configuration_changed = true;
  }
  for (auto inner = xml::first_element(part); inner; inner = xml::next_element(inner)) {
    auto into = xml::child(work.root, inner.name());
    if (!into) return fail(ErrorKind::invalid, "<{}> is not allowed in <cib>; allowed: configuration, status", inner.name());
    if (!merge(into, inner)) continue;
    if (auto ok = touched(work, into); !ok) return ok;
  }
  return {};
}

/// Whether the element's id must be its own in the whole configuration (a node's, or a reference's, need not).
bool has_unique_id(const pugi::xml_node& node) {
  const auto* type = type_at(node);
  const auto* rule = type == nullptr ? nullptr : type->attribute("id");
  return rule != nullptr && rule->kind == ValueKind::id;
}

/// Another element than `newcomer` that bears this id.
pugi::xml_node holder_of_id(const pugi::xml_node& top, std::string_view id, const pugi::xml_node& newcomer) {
  if (top == newcomer) return {};
  if (xml::attribute(top, "id") == id && has_unique_id(top)) return top;
  for (auto inner = xml::first_element(top); inner; inner = xml::next_element(inner))
    if (auto found = holder_of_id(inner, id, newcomer)) return found;
  return {};
}

Status add(Work& work, pugi::xml_node parent, const pugi::xml_node& part) {
  const auto id = xml::attribute(part, "id");
  if (id && xml::child(parent, part.name(), id))
    return fail(ErrorKind::exists, "{}/{}[@id='{}'] exists already", xml::path_of(parent), part.name(), *id);
  const auto fresh = parent.append_copy(part);
  if (id && has_unique_id(fresh))
    if (const auto other = holder_of_id(xml::child(work.root, "configuration"), *id, fresh))
      return fail(ErrorKind::exists, "the id '{}' stands already on {}", *id, xml::path_of(other));
  return touched(work, fresh);
}

Status create(Work& work, const Operation& operation) {
  Holder holder;
  const auto part = input(operation, holder);
  if (!part) return pass(part.error());
  const auto parent = one_target(work, operation, true);
  if (!parent) return pass(parent.error());
  if (!is_same(*parent, *part)) return add(work, *parent, *part);
  for (auto inner = xml::first_element(*part); inner; inner = xml::next_element(inner))
    if (auto ok = add(work, *parent, inner); !ok) return ok;
  return {};
}

Status modify(Work& work, const Operation& operation) {
  Holder holder;
  const auto part = input(operation, holder);
  if (!part) return pass(part.error());
  auto target = one_target(work, operation, operation.allow_create || is_configuration_section(part->name()));
  if (!target) return pass(target.error());
  const auto found = xml::find(*target, part->name(), xml::attribute(*part, "id"));
  if (is_root(found)) return merge_root(work, *part);
  if (found) return merge(found, *part) ? touched(work, found) : Status{};
  if (operation.allow_create) return touched(work, target->append_copy(*part));
  return fail(ErrorKind::not_found, "there is no <{}> with the id '{}' in {}", part->name(),
              xml::attribute_or(*part, "id"), xml::path_of(*target));
}

/// The configuration comes from the xml; the status stays: it is what the cluster itself has seen, not what someone wrote.
Status replace_root(Work& work, const pugi::xml_node& part) {
  auto configuration = xml::child(part, "configuration");
  if (!configuration) return fail(ErrorKind::invalid, "a whole <cib> without <configuration>");
  for (const auto* name : {"admin_epoch", "epoch", "validate-with"})
    if (const auto value = xml::attribute(part, name); value && xml::set_attribute(work.root, name, *value))
      work.changed = work.configuration_changed = true;
  const auto old = xml::child(work.root, "configuration");
  if (xml::equal(old, configuration)) return {};
  work.root.insert_copy_before(configuration, old);
  work.root.remove_child(old);
  work.changed = work.configuration_changed = true;
  return {};
}

Status replace(Work& work, const Operation& operation) {
  Holder holder;
  const auto part = input(operation, holder);
  if (!part) return pass(part.error());
  auto target = one_target(work, operation, true);
  if (!target) return pass(target.error());
  const bool by_path = operation.target.starts_with('/');
  const auto old = by_path ? *target : xml::find(*target, part->name(), xml::attribute(*part, "id"));
  if (is_root(old) && std::string_view(part->name()) != "cib") return fail(ErrorKind::invalid, "<cib> can be replaced only by <cib>");
  if (is_root(old)) return replace_root(work, *part);
  const bool is_new_section = std::string_view(target->name()) == "configuration" && is_configuration_section(part->name());
  if (!old && (operation.allow_create || is_new_section)) return touched(work, target->append_copy(*part));
  if (!old)
    return fail(ErrorKind::not_found, "there is no <{}> with the id '{}' in {}", part->name(),
                xml::attribute_or(*part, "id"), xml::path_of(*target));
  if (xml::equal(old, *part)) return {};
  auto parent = old.parent();
  const auto fresh = parent.insert_copy_before(*part, old);
  parent.remove_child(old);
  return touched(work, fresh);
}

/// Takes an element away. What every CIB has stays, but empty.
Status take_away(Work& work, pugi::xml_node node) {
  if (is_root(node) || node.parent() == work.root) {
    if (std::string_view(node.name()) != "status")
      return fail(ErrorKind::invalid, "{} cannot be removed; to empty the configuration, erase it", xml::path_of(node));
  }
  const bool is_section = node.parent() == work.root || node.parent().parent() == work.root;
  const bool stays = is_section && is_required_section(node.name());
  if (stays && !node.first_child()) return {};
  work.changed = true;
  if (!is_in_status(node)) work.configuration_changed = true;
  if (stays)
    node.remove_children();
  else
    node.parent().remove_child(node);
  return {};
}

/// The first element below `top` that has the name and every attribute of `part`.
pugi::xml_node find_like(const pugi::xml_node& top, const pugi::xml_node& part) {
  bool same = std::string_view(top.name()) == part.name();
  for (auto a = part.first_attribute(); a && same; a = a.next_attribute())
    same = xml::attribute(top, a.name()) == std::string_view(a.value());
  if (same) return top;
  for (auto inner = xml::first_element(top); inner; inner = xml::next_element(inner))
    if (auto found = find_like(inner, part)) return found;
  return {};
}

Status remove_by_xpath(Work& work, const Operation& operation) {
  auto hits = xml::select(work.root.root(), operation.target);
  if (!hits) return pass(hits.error());
  if (hits->empty())
    return operation.if_exists ? Status{} : fail(ErrorKind::not_found, "nothing matches {}", operation.target);
  if (hits->size() > 1 && !operation.all_matches)
    return fail(ErrorKind::invalid, "{} elements match {}, but only one may", hits->size(), operation.target);
  for (auto hit = hits->rbegin(); hit != hits->rend(); ++hit)  // what stands inside another goes first
    if (auto ok = take_away(work, *hit); !ok) return ok;
  return {};
}

Status remove(Work& work, const Operation& operation) {
  if (operation.target.starts_with('/') && operation.xml.empty()) return remove_by_xpath(work, operation);
  const auto target = one_target(work, operation, false);
  if (!target) return operation.if_exists && target.error().kind == ErrorKind::not_found ? Status{} : pass(target.error());
  if (operation.xml.empty()) return take_away(work, *target);
  Holder holder;
  const auto part = input(operation, holder);
  if (!part) return pass(part.error());
  const auto id = xml::attribute(*part, "id");
  const auto found = id ? xml::find(*target, part->name(), id) : find_like(*target, *part);
  if (found) return take_away(work, found);
  if (operation.if_exists) return {};
  return fail(ErrorKind::not_found, "there is no such <{}> in {}", part->name(), xml::path_of(*target));
}

Status erase(Work& work) {
  auto configuration = xml::child(work.root, "configuration");
  bool had_something = false;
  for (auto section = xml::first_element(configuration); section; section = xml::next_element(section))
    had_something = had_something || section.first_child() || !is_required_section(section.name());
  configuration.remove_children();
  complete(work.root);
  if (had_something) work.changed = work.configuration_changed = true;
  return {};
}

}  // namespace

Status perform(Work& work, const Operation& asked) {
  const auto operation = with_target(asked);
  if (!operation) return pass(operation.error());
  switch (operation->verb) {
    case Verb::create: return create(work, *operation);
    case Verb::modify: return modify(work, *operation);
    case Verb::replace: return replace(work, *operation);
    case Verb::remove: return remove(work, *operation);
    case Verb::erase: return erase(work);
    case Verb::bump: work.changed = work.configuration_changed = true; return {};
  }
  return fail(ErrorKind::invalid, "unknown operation {}", static_cast<int>(operation->verb));
}

}  // namespace relevo::cib
