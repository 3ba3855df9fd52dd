// Finding resources and nodes in a CIB by the names people type, with pcs's words for what is missing.
#pragma once

#include <string>
#include <vector>

#include <pugixml.hpp>

#include "common/base/result.hpp"
#include "resmgr/cib/document.hpp"

namespace relevo::cli::pcs {

/// primitive, group, clone, bundle (master too) of that id. Errors: not_found `Resource 'x' does not exist`, with the near id.
Result<pugi::xml_node> find_resource(const cib::Document& document, const std::string& id);
/// The node element by uname (or id). Errors: not_found `Node 'x' does not appear to exist in configuration`.
Result<pugi::xml_node> find_node(const cib::Document& document, const std::string& name);
/// unames in document order.
[[nodiscard]] std::vector<std::string> node_names(const cib::Document& document);
[[nodiscard]] std::vector<std::string> resource_ids(const cib::Document& document);
/// Whether any element of the document bears this id.
[[nodiscard]] bool id_exists(const cib::Document& document, const std::string& id);
/// `wanted`, or `wanted-1`, `wanted-2`, ... whatever is free.
[[nodiscard]] std::string free_id(const cib::Document& document, const std::string& wanted);

}  // namespace relevo::cli::pcs
