// Attributes, searching, comparison; see tree.hpp.
#include "common/xml/tree.hpp"

#include <algorithm>
#include <vector>

namespace relevo::xml {
namespace {

pugi::xml_attribute find_attribute(const pugi::xml_node& node, std::string_view name) {
  for (auto a = node.first_attribute(); a; a = a.next_attribute())
    if (a.name() == name) return a;
  return {};
}

bool matches(const pugi::xml_node& node, std::string_view name, std::optional<std::string_view> id) {
  return node.type() == pugi::node_element && node.name() == name && (!id || attribute(node, "id") == id);
}

pugi::xml_node skip_to_content(pugi::xml_node node) {
  while (node && node.type() != pugi::node_element && node.type() != pugi::node_pcdata && node.type() != pugi::node_cdata)
    node = node.next_sibling();
  return node;
}

bool same_attributes(const pugi::xml_node& a, const pugi::xml_node& b) {
  std::size_t count = 0;
  for (auto x = a.first_attribute(); x; x = x.next_attribute(), ++count)
    if (attribute(b, x.name()) != std::string_view(x.value())) return false;
  return static_cast<std::size_t>(std::distance(b.attributes_begin(), b.attributes_end())) == count;
}

}  // namespace

std::optional<std::string_view> attribute(const pugi::xml_node& node, std::string_view name) {
  const auto found = find_attribute(node, name);
  if (!found) return std::nullopt;
  return std::string_view(found.value());
}

std::string_view attribute_or(const pugi::xml_node& node, std::string_view name, std::string_view fallback) {
  return attribute(node, name).value_or(fallback);
}

bool set_attribute(pugi::xml_node node, std::string_view name, std::string_view value) {
  auto found = find_attribute(node, name);
  if (found && found.value() == value) return false;
  if (!found) found = node.append_attribute(std::string(name).c_str());
  return found.set_value(std::string(value).c_str());
}

pugi::xml_node first_element(const pugi::xml_node& parent) {
  auto node = parent.first_child();
  while (node && node.type() != pugi::node_element) node = node.next_sibling();
  return node;
}

pugi::xml_node next_element(const pugi::xml_node& node) {
  auto next = node.next_sibling();
  while (next && next.type() != pugi::node_element) next = next.next_sibling();
  return next;
}

pugi::xml_node child(const pugi::xml_node& parent, std::string_view name, std::optional<std::string_view> id) {
  for (auto node = parent.first_child(); node; node = node.next_sibling())
    if (matches(node, name, id)) return node;
  return {};
}

pugi::xml_node find(const pugi::xml_node& top, std::string_view name, std::optional<std::string_view> id) {
  if (matches(top, name, id)) return top;
  for (auto node = first_element(top); node; node = next_element(node))
    if (auto found = find(node, name, id)) return found;
  return {};
}

std::string path_of(const pugi::xml_node& node) {
  std::vector<std::string> steps;
  for (auto at = node; at && at.type() == pugi::node_element; at = at.parent()) {
    std::string step = std::string("/") + at.name();
    if (const auto id = attribute(at, "id")) step += "[@id='" + std::string(*id) + "']";
    steps.push_back(std::move(step));
  }
  std::string path;
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) path += *step;
  return path;
}

bool equal(const pugi::xml_node& a, const pugi::xml_node& b) {
  if (a.type() != b.type() || std::string_view(a.name()) != b.name() || std::string_view(a.value()) != b.value())
    return false;
  if (!same_attributes(a, b)) return false;
  auto x = skip_to_content(a.first_child());
  auto y = skip_to_content(b.first_child());
  while (x && y) {
    if (!equal(x, y)) return false;
    x = skip_to_content(x.next_sibling());
    y = skip_to_content(y.next_sibling());
  }
  return !x && !y;
}

}  // namespace relevo::xml
