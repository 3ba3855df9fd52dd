// The course of things after a supposition, see what_if.hpp. What a supposition changes is in suppose.cpp.
#include "resmgr/policy/simulate/what_if.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "resmgr/policy/engine.hpp"
#include "resmgr/policy/simulate/simulate.hpp"
#include "resmgr/policy/unpack/unpack.hpp"

namespace relevo::policy {
namespace {

constexpr int most_transitions = 10;

bool is_change(const SummaryLine& line) { return !line.blocked; }

/// Nodes that were told to leave have left.
Status let_go(pugi::xml_document& cib, WallTime now, const pugi::xml_document& graph) {
  Injections leaving;
  leaving.at = now;
  for (const auto& found : graph.select_nodes("//crm_event[@operation='do_shutdown']")) {
    leaving.node_down.emplace_back(found.node().attribute("on_node").value());
  }
  if (leaving.node_down.empty()) return {};
  WorkingSet set(cib.child("cib"), now);
  if (auto read = unpack(set); !read) return pass(read.error());
  if (auto done = inject(cib, set, leaving); !done) return pass(done.error());
  return {};
}

/// Plans once and carries it out. False when nothing changes any more.
Result<bool> go_on(pugi::xml_document& cib, WallTime now, Course& course) {
  WorkingSet set(cib.child("cib"), now);
  if (auto read = unpack(set); !read) return pass(read.error());
  AssignmentLog log;
  log.wanted = false;
  schedule_unpacked(set, log);
  const auto graph = make_graph(set, 0);
  Transition transition;
  for (auto& line : summary(set)) {
    if (is_change(line)) transition.changes.push_back(std::move(line));
  }
  const bool acts = !graph.child("transition_graph").child("synapse").empty();
  if (!acts) return false;
  transition.lines = summary_text(transition.changes);
  for (const auto& line : transition.changes) {
    // Not told by the summary where nobody asks why
    if (line.verb == "Shutdown" && line.reason.empty()) transition.lines.push_back("  * Shutdown   " + line.rsc);
  }
  Injections injections;
  injections.at = now;
  auto done = execute(cib, set, graph, injections);
  if (!done) return pass(done.error());
  transition.executed = std::move(done->lines);
  if (auto gone = let_go(cib, now, graph); !gone) return pass(gone.error());
  const bool moves = !transition.changes.empty();
  course.transitions.push_back(std::move(transition));
  return moves;
}

std::vector<Whereabouts> whereabouts(const WorkingSet& set) {
  std::vector<Whereabouts> out;
  for (const Resource& rsc : set.all_resources) {
    if (!rsc.children.empty()) continue;
    if (rsc.removed && rsc.running_on.empty()) continue;
    const auto id = rsc.is_anonymous_instance() ? rsc.id.substr(0, rsc.id.rfind(':')) : rsc.id;
    auto one = std::find_if(out.begin(), out.end(), [&](const Whereabouts& known) { return known.rsc == id; });
    if (one == out.end()) one = out.insert(out.end(), Whereabouts{id, {}});
    const bool unpromoted = rsc.role == Role::started && rsc.top_inside().promotable;
    for (const Node* node : rsc.running_on) one->nodes[unpromoted ? Role::unpromoted : rsc.role].push_back(node->name);
  }
  for (auto& one : out) {
    for (auto& [role, nodes] : one.nodes) std::sort(nodes.begin(), nodes.end());
  }
  return out;
}

}  // namespace

Result<std::vector<Whereabouts>> whereabouts_in(pugi::xml_document& cib, WallTime now) {
  WorkingSet set(cib.child("cib"), now);
  if (auto read = unpack(set); !read) return pass(read.error());
  return whereabouts(set);
}

Result<Course> run_course(pugi::xml_document& cib, WallTime now) {
  Course course;
  auto before = whereabouts_in(cib, now);
  if (!before) return pass(before.error());
  course.before = std::move(*before);
  bool busy = true;
  for (int i = 0; busy && i < most_transitions; ++i) {
    const auto more = go_on(cib, now, course);
    if (!more) return pass(more.error());
    busy = *more;
  }
  course.rests = !busy;
  auto after = whereabouts_in(cib, now);
  if (!after) return pass(after.error());
  course.after = std::move(*after);
  return course;
}

}  // namespace relevo::policy
