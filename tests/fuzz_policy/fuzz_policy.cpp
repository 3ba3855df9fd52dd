// Any document as a CIB: it is planned, carried out on paper and planned again. An answer or an error, never a crash; scores
// stay in their range, and the graph is XML that can be read.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include <nlohmann/json.hpp>
#include <pugixml.hpp>

#include "resmgr/policy/engine.hpp"
#include "resmgr/policy/graph/graph.hpp"
#include "resmgr/policy/graph/plan_json.hpp"
#include "resmgr/policy/simulate/simulate.hpp"
#include "resmgr/policy/unpack/unpack.hpp"
#include "resmgr/policy/unpack/upgrade.hpp"

using namespace relevo;
using namespace relevo::policy;

namespace {

constexpr WallTime now{1'700'000'000};

void require(bool condition) {
  if (!condition) std::abort();
}

std::unique_ptr<WorkingSet> unpacked(const pugi::xml_document& cib) {
  auto set = std::make_unique<WorkingSet>(cib.child("cib"), now);
  require(unpack(*set).has_value());
  return set;
}

void check_scores(const WorkingSet& set) {
  for (const auto& rsc : set.all_resources)
    for (const auto* node : set.nodes)
      if (const auto* entry = rsc.allowed.find(*node); entry != nullptr)
        require(entry->score.value >= -Score::infinity && entry->score.value <= Score::infinity);
}

void show(WorkingSet& set) {
  (void)status_text(set, true);
  (void)attribute_lines(set);
  (void)fail_count_lines(set);
  (void)failure_lines(set);
}

/// Something of everything that can be made to happen, to the first node and the first resource.
Injections events(const pugi::xml_document& cib) {
  const auto configuration = cib.child("cib").child("configuration");
  const std::string node = configuration.child("nodes").child("node").attribute("uname").value();
  const std::string rsc = configuration.child("resources").first_child().attribute("id").value();
  Injections injections;
  injections.at = now;
  injections.quorum = "1";
  injections.node_fail = {node};
  injections.op_inject = {rsc + "_monitor_10000@" + node + "=7"};
  injections.op_fail = {rsc + "_start_0@" + node + "=1", rsc + "_stop_0@" + node + "=1"};
  injections.ticket_grant = {configuration.child("constraints").child("rsc_ticket").attribute("ticket").value()};
  return injections;
}

std::string plan(WorkingSet& set) {
  AssignmentLog log;
  schedule_unpacked(set, log);
  check_scores(set);
  auto graph = graph_text(set, 1);
  (void)make_dot(set, true);
  (void)summary_text(summary(set));
  (void)plan_json(set).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return graph;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  pugi::xml_document cib;
  if (!cib.load_buffer(data, size) || !cib.child("cib")) return 0;
  upgrade_document(cib.child("cib"));
  const auto injections = events(cib);
  auto set = unpacked(cib);
  show(*set);
  (void)plan(*set);

  set = unpacked(cib);
  require(inject(cib, *set, injections).has_value());
  set = unpacked(cib);
  const auto text = plan(*set);
  pugi::xml_document graph;
  require(bool(graph.load_buffer(text.data(), text.size())));
  (void)execute(cib, *set, graph, injections);
  set = unpacked(cib);
  show(*set);
  (void)plan(*set);
  return 0;
}
