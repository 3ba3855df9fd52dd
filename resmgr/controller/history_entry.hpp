// The attributes of one lrm_rsc_op. Which entries exist is decided in history.cpp.
#pragma once

#include <string_view>

#include <pugixml.hpp>

#include "resmgr/executor/operation.hpp"

namespace relevo::controller {

/// Fills the empty element `entry`. Source: resmgr spec 2(f), "Record".
void write_entry(pugi::xml_node entry, std::string_view id, std::string_view node,
                 const executor::OperationResult& result);

}  // namespace relevo::controller
