// One operation on a working copy of a CIB. Internal to resmgr/cib: others call apply().
#pragma once

#include <pugixml.hpp>

#include "resmgr/cib/apply.hpp"

namespace relevo::cib {

/// A working copy and what has been done to it. What changes in status is checked at once, since nothing else in
/// status depends on it; what changes in the configuration is checked by apply() when all operations are done.
struct Work {
  pugi::xml_node root;
  bool changed = false;
  bool configuration_changed = false;
};

/// Errors: invalid, not_found, exists; the copy is then of no use any more.
Status perform(Work& work, const Operation& operation);

/// Elements that an operation works on. `create_missing`: an absent section is added.
Result<pugi::xml_node> one_target(const Work& work, const Operation& operation, bool create_missing);

/// The element that the operation brings along; out of a whole `cib` or `configuration` the part that the target names.
/// Lifetime: `holder` keeps it.
Result<pugi::xml_node> input(const Operation& operation, std::unique_ptr<pugi::xml_document>& holder);

/// Takes note that `node`, which is not the root, has changed. Errors: invalid, for status.
Status touched(Work& work, const pugi::xml_node& node);

/// Sets the attributes of `from` on `into` and merges the children; true when something changed.
bool merge(pugi::xml_node into, const pugi::xml_node& from);

}  // namespace relevo::cib
