// Strict reading of untrusted XML: what passes is well-formed, bounded, and means one thing only.
// Not a schema: which elements may stand where is the business of each user (resmgr/cib).
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include <pugixml.hpp>

#include "common/base/result.hpp"

namespace relevo::xml {

/// What a text may be at most. The defaults hold a CIB of thousands of resources.
struct Limits {
  std::size_t max_bytes = 64U << 20;
  std::size_t max_depth = 64;        ///< elements inside elements
  std::size_t max_attributes = 256;  ///< of one element
  bool doctype = false;              ///< allow `<!DOCTYPE name ...>` without an internal subset (agents' meta-data)
};

/// Well-formed, one root, valid UTF-8, no control characters, no duplicate attributes, no document type (unless
/// allowed), no processing instruction, only the five named entities and valid character references.
/// Errors: invalid, `line N: ...`.
Status check(std::string_view text, const Limits& limits = {});

/// check(), then the tree. Comments and white space between elements are not kept.
Result<std::unique_ptr<pugi::xml_document>> parse(std::string_view text, const Limits& limits = {});

/// The line (from 1) of a byte of the text.
[[nodiscard]] std::size_t line_at(std::string_view text, std::size_t offset);

/// The line on which a node of a tree made by parse() of this very text begins; 0 when unknown.
[[nodiscard]] std::size_t line_of(std::string_view text, const pugi::xml_node& node);

}  // namespace relevo::xml
