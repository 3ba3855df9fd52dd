// XPath from people and programs, bounded: only expressions whose cost grows with the size of the tree, never with its
// square. What is refused is refused with the reason; nothing throws.
#pragma once

#include <string_view>
#include <vector>

#include <pugixml.hpp>

#include "common/base/result.hpp"

namespace relevo::xml {

constexpr std::size_t max_xpath_bytes = 1024;

/// Whether the expression is in the permitted subset: location paths over the axes child, attribute, self, parent,
/// ancestor, descendant; predicates that look only downwards, one level deep paths, with comparisons, `and`, `or` and
/// the functions not, contains, starts-with, position, last, count, name. Errors: invalid.
Status check_xpath(std::string_view expression);

/// The elements that the expression selects, in document order, each once; an attribute stands for its element.
/// Errors: invalid.
Result<std::vector<pugi::xml_node>> select(const pugi::xml_node& top, std::string_view expression);

/// The value as an XPath literal. Errors: invalid when it holds both kinds of quotes.
Result<std::string> xpath_literal(std::string_view value);

}  // namespace relevo::xml
