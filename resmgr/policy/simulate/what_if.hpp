// What if: changes in plain words put into a copy of a CIB, and what the cluster would do with it until it rests.
// Nothing but the copy is changed.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <pugixml.hpp>

#include "common/base/result.hpp"
#include "resmgr/policy/graph/graph.hpp"
#include "resmgr/policy/set/working_set.hpp"

namespace relevo::policy {

enum class WhatIf : std::uint8_t {
  standby, unstandby, kill, stop, start,  ///< of a node
  remove,                                 ///< a constraint
  location,                               ///< `RESOURCE=NODE` or `RESOURCE=NODE:SCORE`
  disable, enable,                        ///< a resource
  fail                                    ///< `RESOURCE` or `RESOURCE@NODE`
};
struct Supposition {
  WhatIf what = WhatIf::standby;
  std::string subject;
};

/// Puts them into the document, in their order; gives a sentence for each. Errors: not_found or invalid, naming what is wrong;
/// the document may then be half changed.
Result<std::vector<std::string>> suppose(pugi::xml_document& cib, WallTime now, const std::vector<Supposition>& suppositions);

/// Where a primitive is; instances that cannot be told apart go together.
struct Whereabouts {
  std::string rsc;
  std::map<Role, std::vector<std::string>> nodes;  ///< sorted; empty when it is stopped
};

/// One plan on the way.
struct Transition {
  std::vector<SummaryLine> changes;
  std::vector<std::string> lines;     ///< the changes as text
  std::vector<std::string> executed;  ///< what is done, in its order
};

struct Course {
  std::vector<Whereabouts> before, after;
  std::vector<Transition> transitions;  ///< those that change something
  bool rests = true;                    ///< false: it was still busy after the last one
};
/// Carries plans out on paper, one after the other, until one changes nothing (ten at most). The document becomes what it would
/// be afterwards. Errors: invalid, when it is no CIB.
Result<Course> run_course(pugi::xml_document& cib, WallTime now);

/// What the status says of every primitive. Errors: invalid, when it is no CIB.
Result<std::vector<Whereabouts>> whereabouts_in(pugi::xml_document& cib, WallTime now);

}  // namespace relevo::policy
