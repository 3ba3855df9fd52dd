// The changes that people ask for, as operations for apply(): one function a wish. The document at hand is only read,
// to keep the ids that are there; new ids are made as pcs makes them. Nothing here checks names or values for sense.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "resmgr/cib/apply.hpp"
#include "resmgr/model/score.hpp"

namespace relevo::cib::edit {

using Operations = std::vector<Operation>;
using Pairs = std::vector<std::pair<std::string, std::string>>;

/// A cluster option, in the first property set or in a new `cib-bootstrap-options`.
[[nodiscard]] Operations set_cluster_property(const Document& document, std::string_view name, std::string_view value);
/// Empty when it is not set.
[[nodiscard]] Operations unset_cluster_property(const Document& document, std::string_view name);

/// A permanent attribute of the node with this `id` (not its name), such as standby=on, in `nodes-ID`.
[[nodiscard]] Operations set_node_attribute(const Document& document, std::string_view node_id, std::string_view name,
                                            std::string_view value);
[[nodiscard]] Operations unset_node_attribute(const Document& document, std::string_view node_id, std::string_view name);

/// A meta attribute of a resource or template. A resource that is not there makes an operation that fails with not_found.
[[nodiscard]] Operations set_meta_attribute(const Document& document, std::string_view resource, std::string_view name,
                                            std::string_view value);
[[nodiscard]] Operations unset_meta_attribute(const Document& document, std::string_view resource, std::string_view name);

/// Parameters of a resource; an empty value removes the parameter.
[[nodiscard]] Operations set_instance_attributes(const Document& document, std::string_view resource, const Pairs& pairs);

/// A default; `section` is rsc_defaults or op_defaults.
[[nodiscard]] Operations set_default(const Document& document, std::string_view section, std::string_view name,
                                     std::string_view value);
[[nodiscard]] Operations unset_default(const Document& document, std::string_view section, std::string_view name);

/// `location-RESOURCE-NODE-SCORE`.
[[nodiscard]] Operations add_location(const Document& document, std::string_view resource, std::string_view node,
                                      model::Score score);
/// Any constraint by its id; when there is none, an operation that fails with not_found.
[[nodiscard]] Operations remove_constraint(const Document& document, std::string_view id);

/// `wanted` made fit for an id (other characters become '.'), with -1, -2, ... when it is taken in the configuration.
[[nodiscard]] std::string free_id(const Document& document, std::string_view wanted);

}  // namespace relevo::cib::edit
