// The checks of a CIB or a part of it against the schema. Internal to resmgr/cib.
#pragma once

#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <pugixml.hpp>

#include "common/base/result.hpp"
#include "resmgr/cib/schema.hpp"

namespace relevo::cib {

/// What is wrong and where; a path or a line is made of it only when someone is told.
struct Fault {
  pugi::xml_node node;
  std::string message;
};
using Verdict = tl::expected<void, Fault>;

/// `/cib/...: message`, as an Error.
[[nodiscard]] Error to_error(const Fault& fault);

/// The ids of a configuration and who refers to them, gathered while elements are checked.
class IdTable {
 public:
  /// `known_words`: values outside a list of words are errors (not where validate-with is `none`).
  explicit IdTable(bool known_words) : known_words_(known_words) {}
  [[nodiscard]] bool known_words() const { return known_words_; }
  /// Errors: the id stands on another element already.
  Verdict add(const pugi::xml_node& node, std::string_view id);
  void refer(const pugi::xml_node& node, const AttributeRule& rule) { references_.emplace_back(node, &rule); }
  /// Every reference points at an element of the right kind.
  [[nodiscard]] Verdict resolve() const;

 private:
  bool known_words_;
  std::unordered_map<std::string_view, pugi::xml_node> ids_;
  std::vector<std::pair<pugi::xml_node, const AttributeRule*>> references_;
};

/// Checks one element and all below it against a type. `ids` may be null (status, where ids repeat).
Verdict check_element(const pugi::xml_node& node, const ElementType& type, IdTable* ids);

/// The choices that the table cannot say, such as "class and type, or template". Nothing = fine.
[[nodiscard]] std::string choice_fault(std::string_view type, const pugi::xml_node& node);

/// Only the attributes of `<cib>`.
Verdict check_root_attributes(const pugi::xml_node& root);

/// The whole document: configuration with its references, and status.
Verdict check_document(const pugi::xml_node& root);

/// The type of an element at its place below `<cib>`; null where no such element may stand.
[[nodiscard]] const ElementType* type_at(const pugi::xml_node& node);

}  // namespace relevo::cib
