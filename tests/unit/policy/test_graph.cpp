// The transition graph: what goes in, what waits for what, and what the elements say.
#include <catch2/catch.hpp>

#include "common/base/text.hpp"
#include "resmgr/policy/graph/element.hpp"
#include "resmgr/policy/graph/graph.hpp"
#include "resmgr/policy/graph/routing.hpp"
#include "resmgr/policy/graph/select.hpp"
#include "tests/unit/policy/set_builder.hpp"

using namespace relevo;
using namespace relevo::policy;

namespace {

/// Keys of the actions in the graph, each with those that it waits for.
std::vector<std::string> told(const pugi::xml_document& graph) {
  std::vector<std::string> out;
  for (const pugi::xml_node synapse : graph.child("transition_graph").children("synapse")) {
    std::string text = synapse.child("action_set").first_child().attribute("operation_key").value();
    for (const pugi::xml_node trigger : synapse.child("inputs").children("trigger")) {
      text += fmt::format(" < {}", trigger.first_child().attribute("operation_key").value());
    }
    out.push_back(std::move(text));
  }
  return out;
}

std::string graph_lines(WorkingSet& set) { return join(told(make_graph(set, 0)), "\n"); }

}  // namespace

TEST_CASE("policy graph: what is required and can run goes in, with what it waits for", "[policy]") {
  test::SetBuilder build;
  Node& n1 = build.node("n1");
  Resource& ip = build.primitive("ip");
  Resource& web = build.primitive("web");
  Action& first = build.action(ip, "start", &n1);
  Action& then = build.action(web, "start", &n1);
  build.action(web, "monitor", &n1).optional = true;
  build.action(web, "promote", &n1).runnable = false;
  build.order(first, then, order::optional);
  CHECK(graph_lines(build.set()) == "ip_start_0\nweb_start_0 < ip_start_0");
  CHECK(then.dumped);
}

TEST_CASE("policy graph: optional actions are not waited for unless they are shown anyway", "[policy]") {
  test::SetBuilder build;
  Node& n1 = build.node("n1");
  Resource& ip = build.primitive("ip");
  Action& stop = build.action(ip, "stop", &n1);
  Action& start = build.action(ip, "start", &n1);
  Action& shown = build.pseudo("all_stopped");
  stop.optional = shown.optional = true;
  shown.print_always = true;
  build.order(stop, start, order::implies_then);
  build.order(shown, start, order::implies_then);
  CHECK(graph_lines(build.set()) == "ip_start_0 < all_stopped\nall_stopped");
}

TEST_CASE("policy graph: an unmanaged resource is only watched", "[policy]") {
  test::SetBuilder build;
  Node& n1 = build.node("n1");
  Resource& ip = build.primitive("ip");
  ip.managed = false;
  build.action(ip, "start", &n1);
  build.action(ip, "monitor", &n1);
  Action& cancel = build.action(ip, "cancel", &n1);
  cancel.meta["interval"] = "10000";
  cancel.cancel_task = "monitor";
  CHECK(graph_lines(build.set()) == "ip_cancel_0\nip_monitor_0");
}

TEST_CASE("policy graph: a node that cannot act gets nothing to do", "[policy]") {
  test::SetBuilder build;
  Node& offline = build.node("n1");
  offline.online = false;
  Node& unclean = build.node("n2");
  unclean.unclean = true;
  Resource& ip = build.primitive("ip");
  build.action(ip, "start", &offline);
  build.action(ip, "stop", &unclean);
  build.action(ip, "monitor", nullptr);
  Action& deleted = build.action(ip, "lrm_delete", &offline);
  deleted.on_dc = true;
  CHECK(graph_lines(build.set()) == "ip_lrm_delete_0");
  CHECK(build.set().notices.size() >= 3);
}

TEST_CASE("policy graph: two dependencies on one action are one, and mean what both mean", "[policy]") {
  test::SetBuilder build;
  Resource& ip = build.primitive("ip");
  Node& n1 = build.node("n1");
  Action& stop = build.action(ip, "stop", &n1);
  Action& other = build.action(ip, "demote", &n1);
  Action& start = build.action(ip, "start", &n1);
  build.order(other, start, order::optional);
  build.order(stop, start, order::optional);
  build.order(stop, start, order::runnable_left);
  merge_inputs(start);
  REQUIRE(start.before.size() == 2);
  CHECK(start.before[0].action == &stop);
  CHECK(start.before[0].type == (order::optional | order::runnable_left));
}

TEST_CASE("policy graph: freeing capacity matters on the node that needs it", "[policy]") {
  test::SetBuilder build;
  Node& n1 = build.node("n1");
  Node& n2 = build.node("n2");
  Resource& ip = build.primitive("ip");
  Resource& vm = build.primitive("vm");
  vm.assigned_to = &n2;
  Action& migrate = build.action(vm, "migrate_to", &n1);
  Action& start = build.action(vm, "start", &n1);
  Dependency freed{&build.action(ip, "stop", &n2), order::load, Link::not_dumped};
  CHECK(counts(build.set(), migrate, freed));
  CHECK_FALSE(counts(build.set(), start, freed));
  CHECK(freed.type == order::none);
}

TEST_CASE("policy graph: what cannot run is waited for only if it can change something", "[policy]") {
  test::SetBuilder build;
  Resource& ip = build.primitive("ip");
  Node& n1 = build.node("n1");
  Action& stop = build.action(ip, "stop", &n1);
  Action& start = build.action(ip, "start", &n1);
  stop.runnable = false;
  Dependency sequence{&stop, order::optional | order::implies_then_printed, Link::not_dumped};
  Dependency any{&stop, order::one_or_more | order::implies_then, Link::not_dumped};
  Dependency real{&stop, order::implies_then, Link::not_dumped};
  CHECK_FALSE(counts(build.set(), start, sequence));
  CHECK_FALSE(counts(build.set(), start, any));
  CHECK(counts(build.set(), start, real));
}

TEST_CASE("policy graph: the urgent come first by the synapse's priority", "[policy]") {
  test::SetBuilder build;
  Resource& ip = build.primitive("ip");
  Node& n1 = build.node("n1");
  ip.priority = 5;
  build.action(ip, "start", &n1);
  build.action(ip, "notify", &n1).priority = 1'000'000;
  const auto graph = make_graph(build.set(), 3);
  const pugi::xml_node root = graph.child("transition_graph");
  CHECK(root.attribute("transition_id").as_int() == 3);
  CHECK(root.first_child().attribute("priority").as_int() == 1'000'000);
  CHECK(root.last_child().attribute("priority").as_int() == 5);
}

TEST_CASE("policy graph: an action on a remote node is passed on by its connection's host", "[policy]") {
  test::SetBuilder build;
  Node& n1 = build.node("n1");
  Node& n2 = build.node("n2");
  Node& far = build.remote("far");
  Resource& ip = build.primitive("ip");
  far.connection->running_on.push_back(&n1);
  far.connection->assigned_to = &n2;
  CHECK(router_of(build.action(ip, "stop", &far)) == &n1);
  CHECK(router_of(build.action(ip, "start", &far)) == &n2);
  CHECK(router_of(build.action(ip, "start", &n1)) == nullptr);
  Action& notify = build.action(ip, "notify", &far);
  notify.meta["notify_operation"] = "demote";
  CHECK(router_of(notify) == &n1);
  far.connection->partial_migration_target = &n2;
  CHECK(router_of(notify) == &n2);
}

TEST_CASE("policy graph: nodes that an action takes down are named", "[policy]") {
  test::SetBuilder build;
  Node& n1 = build.node("n1");
  Node& far = build.remote("far");
  Action& fence = build.node_action(n1, "stonith", "stonith-n1-reboot");
  fence.meta["stonith_action"] = "reboot";
  CHECK(taken_down_by(build.set(), fence) == std::vector<std::string_view>{"id-n1"});
  fence.meta["stonith_action"] = "on";
  CHECK(taken_down_by(build.set(), fence).empty());
  Action& stop = build.action(*far.connection, "stop", &n1);
  CHECK(taken_down_by(build.set(), stop) == std::vector<std::string_view>{"far"});
  build.order(build.action(*far.connection, "migrate_from", &n1), stop, order::optional);
  CHECK(taken_down_by(build.set(), stop).empty());
}

TEST_CASE("policy graph: an instance goes by its name in the history, which may be another", "[policy]") {
  test::SetBuilder build;
  Resource& db = build.primitive("db:1");
  db.history_name = "db:0";
  Action& monitor = build.action(db, "monitor", nullptr);
  monitor.meta["interval"] = "10000";
  CHECK(public_key(monitor) == "db:0_monitor_10000");
  Action& cancel = build.action(db, "cancel", nullptr);
  cancel.cancel_task = "monitor";
  cancel.interval = 5s;
  CHECK(public_key(cancel) == "db:0_monitor_5000");
}

TEST_CASE("policy graph: attributes are sorted; odd names of parameters are elements", "[policy]") {
  test::SetBuilder build;
  Action& action = build.pseudo("probe_complete");
  action.meta = {{"op-target", "1"}, {"#uname", "x"}, {"a:b", "x"}};
  action.extra = {{"1", "first"}, {"zone", "z"}};
  xml::Writer out;
  AttributeWriter writer(build.set());
  write_action(writer, action, out);
  pugi::xml_document document;
  document.load_string(out.take().c_str());
  const pugi::xml_node attributes = document.first_child().child("attributes");
  std::string names;
  for (const pugi::xml_attribute a : attributes.attributes()) names += fmt::format("{} ", a.name());
  CHECK(names == "CRM_meta_op_target crm_feature_set zone ");
  CHECK(std::string(attributes.child("param").attribute("value").value()) == "first");
}

TEST_CASE("policy graph: a picture shows what happens, and on demand what does not", "[policy]") {
  test::SetBuilder build;
  Node& n1 = build.node("n1");
  Resource& ip = build.primitive("ip");
  Action& stop = build.action(ip, "stop", &n1);
  Action& start = build.action(ip, "start", &n1);
  stop.optional = true;
  build.order(stop, start, order::implies_then);
  static_cast<void>(make_graph(build.set(), 0));
  CHECK(make_dot(build.set(), false) ==
        " digraph \"g\" {\n"
        "\"ip_start_0 n1\" [ style=bold color=\"green\" fontcolor=\"black\"]\n"
        "}\n");
  CHECK(make_dot(build.set(), true) ==
        " digraph \"g\" {\n"
        "\"ip_start_0 n1\" [ style=bold color=\"green\" fontcolor=\"black\"]\n"
        "\"ip_stop_0 n1\" [ style=dashed color=\"blue\" fontcolor=\"black\"]\n"
        "\"ip_stop_0 n1\" -> \"ip_start_0 n1\" [ style = dashed]\n"
        "}\n");
}
