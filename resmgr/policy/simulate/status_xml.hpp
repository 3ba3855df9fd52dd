// The cluster's status as elements of XML, as programs that read Pacemaker's answers expect them. The text is status_lines()'s.
#pragma once

#include <pugixml.hpp>

#include "resmgr/policy/set/working_set.hpp"

namespace relevo::policy {

/// What is in it besides nodes, resources and failures.
struct StatusXml {
  bool attributes = false, fail_counts = false;
  bool pending = true;  ///< what was begun and has no result yet
};

/// Adds `<nodes>`, `<resources>`, `<node_attributes>`, `<node_history>` and `<failures>`. Source: the schema api-result 2.25, as
/// recorded from crm_simulate 2.1.5.
void put_status_xml(pugi::xml_node parent, WorkingSet& set, const StatusXml& what);

}  // namespace relevo::policy
