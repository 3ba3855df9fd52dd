// The parts of a status text, one file each. Internal to resmgr/policy/simulate.
#pragma once

#include <string>
#include <vector>

#include "resmgr/policy/set/working_set.hpp"
#include "resmgr/policy/simulate/report.hpp"

namespace relevo::policy {

/// What is being written: the lines so far, and what shall be in them.
struct StatusText {
  const WorkingSet& set;
  bool show_pending = true;
  bool show_inactive = true;  ///< false: members and places that do not run are left out
  std::vector<ReportLine> lines{};

  void heading(int depth, std::string text) { lines.push_back({ReportLine::Kind::heading, depth, {}, std::move(text)}); }
  void entry(int depth, std::string text, std::string label = {}) {
    lines.push_back({ReportLine::Kind::entry, depth, std::move(label), std::move(text)});
  }
};

/// "Node List": nodes with something to say about them one by one, the others together.
void put_nodes(StatusText& out);
/// One resource of any variant, with what is below it.
void put_resource(StatusText& out, const Resource& rsc, int depth);
void put_clone(StatusText& out, const Resource& clone, int depth);

/// One line about a primitive, under the name given, as on that node.
[[nodiscard]] std::string primitive_text(const StatusText& out, const Resource& rsc, std::string_view name, const Node* node);
/// Active, and yet on no node that is well known: an unmanaged part of it is on a node that is down. Displays leave it out.
[[nodiscard]] bool is_out_of_sight(const Resource& rsc);
/// The configuration asks that it shall not run (or, promotable, not be promoted).
[[nodiscard]] bool is_disabled(const Resource& rsc);
/// The failed probe of that resource there that says that it cannot run: its result as text, or empty.
[[nodiscard]] std::string failed_probe(const WorkingSet& set, const Resource& rsc, const Node* node);
/// What a probe may say that makes the place impossible instead of the resource failed.
[[nodiscard]] bool rules_out_place(pugi::xml_node entry);
/// An agent's exit code in words.
[[nodiscard]] const char* exit_text(int rc);
/// Words in brackets with a blank before, or nothing.
[[nodiscard]] std::string in_brackets(const std::vector<std::string>& words);

}  // namespace relevo::policy
