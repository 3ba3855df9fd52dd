// Sections and what belongs into them; see sections.hpp.
#include "resmgr/cib/sections.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "common/xml/tree.hpp"
#include "resmgr/cib/schema.hpp"

namespace relevo::cib {
namespace {

constexpr std::array<std::string_view, 10> sections{"crm_config",   "nodes",        "resources",        "constraints",
                                                    "op_defaults",  "rsc_defaults", "fencing-topology", "tags",
                                                    "acls",         "alerts"};

std::size_t place_of(std::string_view section) {
  return static_cast<std::size_t>(std::find(sections.begin(), sections.end(), section) - sections.begin());
}

}  // namespace

bool is_configuration_section(std::string_view name) { return place_of(name) < sections.size(); }

bool is_required_section(std::string_view name) { return name == "status" || place_of(name) < 4; }

pugi::xml_node find_section(const pugi::xml_node& root, std::string_view name) {
  if (name == "cib") return root;
  if (name == "status" || name == "configuration") return xml::child(root, name);
  return is_configuration_section(name) ? xml::child(xml::child(root, "configuration"), name) : pugi::xml_node{};
}

pugi::xml_node ensure_section(pugi::xml_node root, std::string_view name) {
  if (auto found = find_section(root, name)) return found;
  const std::string label(name);
  if (name == "status") return root.append_child(label.c_str());
  if (name == "configuration") return root.prepend_child(label.c_str());
  auto configuration = ensure_section(root, "configuration");
  for (auto other = xml::first_element(configuration); other; other = xml::next_element(other))
    if (place_of(other.name()) > place_of(name)) return configuration.insert_child_before(label.c_str(), other);
  return configuration.append_child(label.c_str());
}

void complete(pugi::xml_node root) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> defaults{{
      {"crm_feature_set", "3.16.2"}, {"validate-with", "pacemaker-3.9"}, {"epoch", "0"}, {"num_updates", "0"},
      {"admin_epoch", "0"}}};
  for (const auto& [name, value] : defaults)
    if (!xml::attribute(root, name)) xml::set_attribute(root, name, value);
  for (const auto section : sections)
    if (is_required_section(section)) ensure_section(root, section);
  ensure_section(root, "status");
}

std::string_view home_of(std::string_view element) {
  if (element == "cib" || element == "configuration" || element == "status" || is_configuration_section(element))
    return element;
  if (element == "node_state" || element == "tickets") return "status";
  for (const auto section : sections) {
    const auto& type = type_named(section);
    const bool is_default_set = element == "meta_attributes";  // stands in two sections: neither is its home
    if (!is_default_set && type.child(element) != nullptr) return section;
  }
  return {};
}

bool is_in_status(const pugi::xml_node& node) {
  for (auto at = node; at; at = at.parent())
    if (at.type() == pugi::node_element && std::string_view(at.name()) == "status") return true;
  return false;
}

}  // namespace relevo::cib
