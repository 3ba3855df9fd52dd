// Names to elements; see lookup.hpp.
#include "cli/pcs/lookup.hpp"

#include <algorithm>
#include <set>

#include "common/base/text.hpp"
#include "common/xml/tree.hpp"

namespace relevo::cli::pcs {
namespace {

bool is_resource(std::string_view name) {
  static const std::set<std::string_view> names{"primitive", "group", "clone", "master", "bundle"};
  return names.contains(name);
}

template <class Visit>
void each_element(const pugi::xml_node& top, const Visit& visit) {
  for (auto node = xml::first_element(top); node; node = xml::next_element(node)) {
    visit(node);
    each_element(node, visit);
  }
}

}  // namespace

Result<pugi::xml_node> find_resource(const cib::Document& document, const std::string& id) {
  pugi::xml_node found;
  each_element(document.section("resources"), [&](const pugi::xml_node& node) {
    if (is_resource(node.name()) && xml::attribute_or(node, "id") == id) found = node;
  });
  if (found) return found;
  const auto near = did_you_mean(id, resource_ids(document));
  return fail(ErrorKind::not_found, "Resource '{}' does not exist{}", id,
              near ? fmt::format(" (did you mean '{}'?)", *near) : "");
}

Result<pugi::xml_node> find_node(const cib::Document& document, const std::string& name) {
  for (const auto& node : document.section("nodes").children("node"))
    if (xml::attribute_or(node, "uname") == name || xml::attribute_or(node, "id") == name) return node;
  const auto near = did_you_mean(name, node_names(document));
  return fail(ErrorKind::not_found, "Node '{}' does not appear to exist in configuration{}", name,
              near ? fmt::format(" (did you mean '{}'?)", *near) : "");
}

std::vector<std::string> node_names(const cib::Document& document) {
  std::vector<std::string> names;
  for (const auto& node : document.section("nodes").children("node"))
    names.emplace_back(xml::attribute_or(node, "uname"));
  return names;
}

std::vector<std::string> resource_ids(const cib::Document& document) {
  std::vector<std::string> ids;
  each_element(document.section("resources"), [&](const pugi::xml_node& node) {
    if (is_resource(node.name())) ids.emplace_back(xml::attribute_or(node, "id"));
  });
  return ids;
}

bool id_exists(const cib::Document& document, const std::string& id) {
  bool found = false;
  each_element(document.configuration(), [&](const pugi::xml_node& node) {
    found = found || xml::attribute(node, "id") == std::optional<std::string_view>(id);
  });
  return found;
}

std::string free_id(const cib::Document& document, const std::string& wanted) {
  if (!id_exists(document, wanted)) return wanted;
  for (int n = 1;; ++n)
    if (const auto id = fmt::format("{}-{}", wanted, n); !id_exists(document, id)) return id;
}

}  // namespace relevo::cli::pcs
