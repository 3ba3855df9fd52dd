// Whether a rule of the CIB holds, and when that may change. Not what follows from it: scores and roles are the caller's.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include <pugixml.hpp>

#include "common/base/result.hpp"
#include "common/base/time.hpp"

namespace relevo::rules {

/// The resource or operation that `rsc_expression` and `op_expression` ask about.
struct Subject {
  std::string klass{}, provider{}, type{};
  std::string operation{};
  std::chrono::milliseconds interval{0};
};

/// What a rule may look at besides the time. Absent parts make the expressions that need them false.
struct Facts {
  std::map<std::string, std::string> node{};        ///< the node's attributes, with #uname, #id, #kind, #is_dc, ...
  std::map<std::string, std::string> parameters{};  ///< for value-source="param"
  std::map<std::string, std::string> meta{};        ///< for value-source="meta"
  std::optional<Subject> subject{};
  std::chrono::seconds utc_offset{0};             ///< how far the local time, in which people write hours, is ahead of UTC
};

struct Answer {
  bool holds = false;
  /// The next second at which the answer may be another one, by time alone. Attributes may change it before.
  std::optional<WallTime> changes_at{};
};

/// Evaluates a `<rule>`; an `id-ref` is followed inside the same document.
/// Errors: invalid (a date or number that cannot be read, an id-ref to nowhere); the message names the element's path.
/// Source: Pacemaker Explained, "Rules"; resmgr spec 1.4.
Result<Answer> evaluate(const pugi::xml_node& rule, const Facts& facts, WallTime now);

/// The same for all `<rule>` children of an element, joined by "or"; without any it holds for ever.
Result<Answer> evaluate_children(const pugi::xml_node& parent, const Facts& facts, WallTime now);

}  // namespace relevo::rules
