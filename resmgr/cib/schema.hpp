// What may stand where in a CIB, as data. Internal to resmgr/cib: others ask validate().
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace relevo::cib {

/// How an attribute's value is checked.
enum class ValueKind {
  text,      ///< anything
  word,      ///< anything but nothing
  id,        ///< an XML name, unique in the configuration
  resource,  ///< the id of a resource, template or tag
  rsc_template,  ///< the id of a template
  acl_role,  ///< the id of an acl_role
  object,    ///< the id of anything
  natural,   ///< a whole number from 0
  score,     ///< a whole number, INFINITY or -INFINITY
  boolean,
  choice,    ///< one of `choices`
  schema,    ///< pacemaker-X.Y or none
};

struct AttributeRule {
  std::string name;
  ValueKind kind = ValueKind::text;
  bool required = false;
  std::vector<std::string> choices;
};

struct ChildRule {
  std::string name;  ///< the element
  std::string type;  ///< its rules
  std::size_t least = 0;
  std::size_t most = 0;  ///< 0 = any number
};

/// One kind of element. Elements of one name may be of different types in different places.
struct ElementType {
  std::string name;
  bool any_attribute = false;
  std::vector<AttributeRule> attributes;
  std::vector<ChildRule> children;

  [[nodiscard]] const AttributeRule* attribute(std::string_view wanted) const;
  [[nodiscard]] const ChildRule* child(std::string_view wanted) const;
};

/// All types by name; `cib` is the root's.
using Schema = std::map<std::string, ElementType, std::less<>>;
[[nodiscard]] const Schema& schema();
/// The type of that name, which must exist.
[[nodiscard]] const ElementType& type_named(std::string_view name);

/// The text that schema() is read from; see schema_table.cpp.
[[nodiscard]] std::string_view schema_table();

}  // namespace relevo::cib
