// `date_expression`, `date_spec` and `duration` against an instant. Internal to resmgr/rules.
#pragma once

#include <chrono>

#include <pugixml.hpp>

#include "resmgr/rules/rule.hpp"

namespace relevo::rules {

/// Source: Pacemaker Explained, "Date/Time Expressions": gt and lt exclude their bound, in_range includes both.
Result<Answer> evaluate_date(const pugi::xml_node& expression, std::chrono::seconds utc_offset, WallTime now);

}  // namespace relevo::rules
