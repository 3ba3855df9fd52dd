// Operations for what people ask for; see edit.hpp.
#include "resmgr/cib/edit.hpp"

#include "common/xml/chars.hpp"
#include "common/xml/tree.hpp"

namespace relevo::cib::edit {
namespace {

/// An element whose blocks of name and value pairs are edited, and how its blocks are called.
struct Owner {
  std::string section;        ///< where to look for it
  pugi::xml_node node;        ///< may be empty: then the section or the element is not there yet
  std::string tag, id;        ///< to write it down again; no id = the section itself
  std::string block;          ///< `meta_attributes`, ...
  std::string new_block_id;
};

/// Blocks of the owner that hold always and whose content is their own.
std::vector<pugi::xml_node> plain_blocks(const Owner& owner) {
  std::vector<pugi::xml_node> blocks;
  for (auto block = xml::first_element(owner.node); block; block = xml::next_element(block))
    if (block.name() == owner.block && xml::attribute(block, "id") && !xml::child(block, "rule")) blocks.push_back(block);
  return blocks;
}

pugi::xml_node find_pair(const pugi::xml_node& block, std::string_view name) {
  for (auto pair = xml::child(block, "nvpair"); pair; pair = pair.next_sibling("nvpair"))
    if (xml::attribute_or(pair, "name") == name && xml::attribute(pair, "id")) return pair;
  return {};
}

std::string id_of(const pugi::xml_node& node) { return std::string(xml::attribute_or(node, "id")); }

Operations set_pair(const Document& document, const Owner& owner, std::string_view name, std::string_view value) {
  const auto blocks = plain_blocks(owner);
  pugi::xml_node pair;
  for (const auto& block : blocks)
    if (!pair) pair = find_pair(block, name);
  const auto block_id = pair ? id_of(pair.parent()) : !blocks.empty() ? id_of(blocks.front()) : free_id(document, owner.new_block_id);
  const auto pair_id = pair ? id_of(pair) : free_id(document, fmt::format("{}-{}", block_id, name));
  const auto owner_id = owner.id.empty() ? "" : fmt::format(" id=\"{}\"", xml::escape(owner.id));
  const auto text = fmt::format("<{0}{1}><{2} id=\"{3}\"><nvpair id=\"{4}\" name=\"{5}\" value=\"{6}\"/></{2}></{0}>", owner.tag,
                                owner_id, owner.block, xml::escape(block_id), xml::escape(pair_id), xml::escape(name),
                                xml::escape(value));
  return {Operation{Verb::modify, owner.section, text}};
}

Operations unset_pair(const Owner& owner, std::string_view name) {
  Operations operations;
  for (const auto& block : plain_blocks(owner))
    if (const auto pair = find_pair(block, name))
      operations.push_back({Verb::remove, owner.section, fmt::format("<nvpair id=\"{}\"/>", xml::escape(id_of(pair)))});
  return operations;
}

Owner cluster_options(const Document& document) {
  return {"crm_config", document.section("crm_config"), "crm_config", "", "cluster_property_set", "cib-bootstrap-options"};
}

Owner node_owner(const Document& document, std::string_view id) {
  return {"nodes", xml::child(document.section("nodes"), "node", id), "node", std::string(id), "instance_attributes",
          fmt::format("nodes-{}", id)};
}

Owner defaults_owner(const Document& document, std::string_view section) {
  const std::string name(section);
  return {name, document.section(section), name, "", "meta_attributes", name + "-meta_attributes"};
}

pugi::xml_node find_resource(const pugi::xml_node& top, std::string_view id) {
  for (const auto* name : {"primitive", "group", "clone", "master", "bundle", "template"})
    if (auto found = xml::find(top, name, id)) return found;
  return {};
}

Owner resource_owner(const Document& document, std::string_view id, const std::string& block) {
  const auto node = find_resource(document.section("resources"), id);
  return {"resources", node, node ? node.name() : "primitive", std::string(id), block, fmt::format("{}-{}", id, block)};
}

/// An element of the configuration with this id, of whatever kind.
bool is_taken(const pugi::xml_node& top, std::string_view id) {
  const std::string_view name = top.name();
  const bool refers = name.ends_with("_ref") || name == "role" || name == "node";
  if (!refers && xml::attribute(top, "id") == id) return true;
  for (auto inner = xml::first_element(top); inner; inner = xml::next_element(inner))
    if (is_taken(inner, id)) return true;
  return false;
}

}  // namespace

std::string free_id(const Document& document, std::string_view wanted) {
  std::string id(wanted);
  for (auto& c : id)
    if (!xml::is_name_char(c) || c == ':') c = '.';
  if (!xml::is_ncname(id)) id.insert(0, "_");
  auto candidate = id;
  for (int n = 1; is_taken(document.configuration(), candidate); ++n) candidate = fmt::format("{}-{}", id, n);
  return candidate;
}

Operations set_cluster_property(const Document& document, std::string_view name, std::string_view value) {
  return set_pair(document, cluster_options(document), name, value);
}

Operations unset_cluster_property(const Document& document, std::string_view name) {
  return unset_pair(cluster_options(document), name);
}

Operations set_node_attribute(const Document& document, std::string_view node_id, std::string_view name,
                              std::string_view value) {
  return set_pair(document, node_owner(document, node_id), name, value);
}

Operations unset_node_attribute(const Document& document, std::string_view node_id, std::string_view name) {
  return unset_pair(node_owner(document, node_id), name);
}

Operations set_meta_attribute(const Document& document, std::string_view resource, std::string_view name,
                              std::string_view value) {
  return set_pair(document, resource_owner(document, resource, "meta_attributes"), name, value);
}

Operations unset_meta_attribute(const Document& document, std::string_view resource, std::string_view name) {
  return unset_pair(resource_owner(document, resource, "meta_attributes"), name);
}

Operations set_instance_attributes(const Document& document, std::string_view resource, const Pairs& pairs) {
  const auto owner = resource_owner(document, resource, "instance_attributes");
  Operations operations;
  for (const auto& [name, value] : pairs) {
    auto edit = value.empty() ? unset_pair(owner, name) : set_pair(document, owner, name, value);
    operations.insert(operations.end(), std::make_move_iterator(edit.begin()), std::make_move_iterator(edit.end()));
  }
  return operations;
}

Operations set_default(const Document& document, std::string_view section, std::string_view name, std::string_view value) {
  return set_pair(document, defaults_owner(document, section), name, value);
}

Operations unset_default(const Document& document, std::string_view section, std::string_view name) {
  return unset_pair(defaults_owner(document, section), name);
}

Operations add_location(const Document& document, std::string_view resource, std::string_view node, model::Score score) {
  const auto text = model::to_string(score);
  const auto id = free_id(document, fmt::format("location-{}-{}-{}", resource, node, text));
  return {Operation{Verb::create, "constraints",
                    fmt::format("<rsc_location id=\"{}\" rsc=\"{}\" node=\"{}\" score=\"{}\"/>", xml::escape(id),
                                xml::escape(resource), xml::escape(node), text)}};
}

Operations remove_constraint(const Document& document, std::string_view id) {
  std::string tag = "rsc_location";
  const auto constraints = document.section("constraints");
  for (auto constraint = xml::first_element(constraints); constraint; constraint = xml::next_element(constraint))
    if (xml::attribute(constraint, "id") == id) tag = constraint.name();
  return {Operation{Verb::remove, "constraints", fmt::format("<{} id=\"{}\"/>", tag, xml::escape(id))}};
}

}  // namespace relevo::cib::edit
