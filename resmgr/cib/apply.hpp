// Changes to the CIB: lists of operations that all happen or none. The same input gives the same result on every node.
#pragma once

#include <string>
#include <vector>

#include "common/base/bytes.hpp"
#include "resmgr/cib/document.hpp"

namespace relevo::cib {

/// Source: cibadmin(8); resmgr spec 1.1 "Operations".
enum class Verb : std::uint8_t {
  create,   ///< add `xml` under the element `target`; exists -> error
  modify,   ///< merge `xml` into the element of the same name and id at or under `target`
  replace,  ///< put `xml` in place of the element of the same name and id (or a whole section, or the whole cib)
  remove,   ///< delete the element(s) that `target` names, or the one that matches `xml` by name and id
  erase,    ///< empty the configuration
  bump,     ///< epoch + 1
};

/// One operation. `target` is a section name (`resources`, `constraints`, `crm_config`, `nodes`, `status`, ...,
/// `configuration`, `cib`; empty = found by the xml's element name) or an XPath (starts with '/').
struct Operation {
  Verb verb = Verb::modify;
  std::string target;
  std::string xml;
  bool allow_create = false;  ///< modify: create what is missing (cibadmin --allow-create, crm_attribute)
  bool if_exists = false;     ///< remove: nothing found is no error
  bool all_matches = false;   ///< remove by XPath: every match instead of exactly one
};

struct Change {
  std::vector<Operation> operations;
  std::string origin, client, user;  ///< for update-origin, update-client, update-user
  WallTime at;                       ///< for cib-last-written; the same on every node
};

/// What a change did.
struct Applied {
  Document document;
  bool configuration_changed = false;  ///< epoch + 1 and num_updates = 0; otherwise num_updates + 1
  bool changed = false;
};

/// Applies all operations to a copy, bumps the version, validates, and gives the new document; or an error that names
/// the operation, the element's path and what is allowed, and then nothing has changed.
/// Errors: invalid, not_found, exists.
Result<Applied> apply(const Document& document, const Change& change);

[[nodiscard]] Bytes encode(const Change& change);
Result<Change> decode_change(BytesView bytes);

}  // namespace relevo::cib
