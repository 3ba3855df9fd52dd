// Small tools over a tree: attributes, paths for messages, comparison, and text in one fixed form.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <pugixml.hpp>

namespace relevo::xml {

/// The attribute's value, or nothing when it is absent. Lifetime: until the attribute changes.
[[nodiscard]] std::optional<std::string_view> attribute(const pugi::xml_node& node, std::string_view name);
/// The attribute's value, or `fallback`.
[[nodiscard]] std::string_view attribute_or(const pugi::xml_node& node, std::string_view name,
                                            std::string_view fallback = {});
/// Sets it (appending it when absent); true when that changed something.
bool set_attribute(pugi::xml_node node, std::string_view name, std::string_view value);

/// The first child element of that name and, when `id` is given, of that `id` attribute; may be empty.
[[nodiscard]] pugi::xml_node child(const pugi::xml_node& parent, std::string_view name,
                                   std::optional<std::string_view> id = std::nullopt);
/// The same in the whole subtree, `top` itself included, in document order.
[[nodiscard]] pugi::xml_node find(const pugi::xml_node& top, std::string_view name,
                                  std::optional<std::string_view> id = std::nullopt);
/// The next element (not text) after `node` among its siblings, or the first child element of a parent.
[[nodiscard]] pugi::xml_node first_element(const pugi::xml_node& parent);
[[nodiscard]] pugi::xml_node next_element(const pugi::xml_node& node);

/// Where a node stands, for messages: `/cib/configuration/resources/primitive[@id='VIP']`.
[[nodiscard]] std::string path_of(const pugi::xml_node& node);

/// Same names, texts, children in order, and attributes in any order.
[[nodiscard]] bool equal(const pugi::xml_node& a, const pugi::xml_node& b);

/// `pretty` is what libxml2's formatted output looks like: two spaces, `<a b="c"/>`, a newline at the end.
enum class Style { pretty, compact };
/// The subtree as text; attributes in their order. The same tree gives the same text on every machine.
[[nodiscard]] std::string print(const pugi::xml_node& node, Style style = Style::pretty);

/// A value made safe to stand between double quotes, or as text.
[[nodiscard]] std::string escape(std::string_view value);
/// The same at the end of `out`.
void append_escaped(std::string& out, std::string_view value);

}  // namespace relevo::xml
