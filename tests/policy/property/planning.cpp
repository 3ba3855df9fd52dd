// Planning in tests; see planning.hpp.
#include "tests/policy/property/planning.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "common/xml/tree.hpp"
#include "resmgr/policy/engine.hpp"
#include "resmgr/policy/graph/graph.hpp"
#include "resmgr/policy/unpack/unpack.hpp"

namespace relevo::policy::test {
namespace {

std::string text(pugi::xml_node node, const char* name) { return node.attribute(name).value(); }

void read_synapse(pugi::xml_node synapse, std::map<std::string, GraphAction>& actions) {
  for (const auto action : synapse.child("action_set").children()) {
    GraphAction read{action.name(), text(action, "operation"), text(action, "operation_key"), text(action, "on_node"),
                     text(action.child("primitive"), "id"), {}};
    const auto instance = text(action.child("primitive"), "long-id");
    if (!instance.empty()) read.rsc = instance;
    for (const auto trigger : synapse.child("inputs").children("trigger"))
      for (const auto input : trigger.children()) read.after.push_back(text(input, "id"));
    actions.emplace(text(action, "id"), std::move(read));
  }
}

std::string told(const GraphAction& action) { return fmt::format("{} {} {}", action.kind, action.key, action.node); }

}  // namespace

Planned plan(const pugi::xml_document& cib) {
  Planned planned;
  planned.set = std::make_unique<WorkingSet>(cib.child("cib"), planning_time);
  REQUIRE(schedule(*planned.set, planned.log));
  planned.graph_text = graph_text(*planned.set, 0);
  REQUIRE(planned.graph.load_buffer(planned.graph_text.data(), planned.graph_text.size()));
  for (const auto synapse : planned.graph.child("transition_graph").children("synapse")) read_synapse(synapse, planned.actions);
  planned.summary = summary_text(summary(*planned.set));
  return planned;
}

Executed carry_out(pugi::xml_document& cib, Planned& planned, const Injections& injections) {
  auto at_that_time = injections;
  at_that_time.at = planning_time;
  auto done = execute(cib, *planned.set, planned.graph, at_that_time);
  REQUIRE(done);
  return std::move(*done);
}

void happen(pugi::xml_document& cib, Injections injections) {
  injections.at = planning_time;
  WorkingSet set(cib.child("cib"), planning_time);
  REQUIRE(unpack(set));
  REQUIRE(inject(cib, set, injections));
}

std::set<std::string> outcome(const Planned& planned) {
  std::set<std::string> lines;
  for (const auto& [id, action] : planned.actions) {
    lines.insert("action " + told(action));
    for (const auto& before : action.after) {
      const auto found = planned.actions.find(before);
      lines.insert(fmt::format("{} after {}", told(action), found == planned.actions.end() ? "what is not planned" : told(found->second)));
    }
  }
  for (const auto& rsc : planned.set->all_resources)
    for (const auto* node : planned.set->nodes)
      if (const auto* entry = rsc.allowed.find(*node); entry != nullptr)
        lines.insert(fmt::format("score {} {} {}", rsc.id, node->name, entry->score.value));
  for (const auto& line : planned.summary) lines.insert(line);
  return lines;
}

bool waits_for(const Planned& planned, const std::string& later, const std::string& earlier) {
  std::set<std::string> seen;
  std::vector<std::string> open{later};
  while (!open.empty()) {
    const auto action = planned.actions.find(open.back());
    open.pop_back();
    if (action == planned.actions.end()) continue;
    for (const auto& before : action->second.after) {
      if (before == earlier) return true;
      if (seen.insert(before).second) open.push_back(before);
    }
  }
  return false;
}

std::string text_of(const pugi::xml_document& cib) { return xml::print(cib.child("cib"), xml::Style::pretty); }

}  // namespace relevo::policy::test
