// What the status comes to: node states, the order of a history, roles, failures, migrations, fail counts.
#include <catch2/catch.hpp>

#include <memory>
#include <optional>

#include <fmt/format.h>

#include "common/xml/parse.hpp"
#include "resmgr/policy/set/actions.hpp"
#include "resmgr/policy/unpack/history_entry.hpp"
#include "resmgr/policy/unpack/unpack.hpp"

using namespace relevo;
using namespace relevo::policy;

namespace {

constexpr std::int64_t now = 1'700'000'000;
constexpr auto uuid = "11111111-1111-1111-1111-111111111111";

/// One lrm_rsc_op of resource `a`; `expected` is what was hoped for.
std::string op(const std::string& name, const std::string& task, int call, int rc, int expected, const std::string& more = "", int interval = 0) {
  const int status = rc == 193 ? -1 : rc == expected ? 0 : 4;
  const std::string key = fmt::format("1:{}:{}:{}", call, expected, uuid);
  return fmt::format(R"(<lrm_rsc_op id="a_{}" operation="{}" operation_key="a_{}_{}" interval="{}" call-id="{}" rc-code="{}" op-status="{}")"
                     R"( transition-key="{}" transition-magic="{}:{};{}" last-rc-change="{}" {}/>)",
                     name, task, task, interval, interval, call, rc, status, key, status, rc, key, now - 100, more);
}

/// A node_state with the history of `a`.
std::string node_state(const std::string& id, const std::string& history, const std::string& attributes = "",
                       const std::string& words = R"(in_ccm="true" crmd="online" join="member" expected="member")") {
  return fmt::format(R"(<node_state id="{0}" uname="n{0}" {1}><lrm id="{0}"><lrm_resources>)"
                     R"(<lrm_resource id="a" class="ocf" provider="heartbeat" type="Dummy">{2}</lrm_resource></lrm_resources></lrm>)"
                     R"(<transient_attributes id="{0}"><instance_attributes id="t{0}">{3}</instance_attributes></transient_attributes></node_state>)",
                     id, words, history, attributes);
}

std::string pair(const std::string& name, const std::string& value) {
  return fmt::format(R"(<nvpair id="nv-{0}" name="{0}" value="{1}"/>)", name, value);
}

/// n1 and n2, the primitive `a` (with a device when nodes can be fenced), and this status.
struct Cluster {
  explicit Cluster(const std::string& status, bool fencing = false, const std::string& inside = "") {
    const std::string device = fencing ? R"(<primitive id="device" class="stonith" type="fence_xvm"/>)" : "";
    const auto text = fmt::format(
        R"(<cib have-quorum="1" dc-uuid="1" crm_feature_set="3.16.1"><configuration><crm_config><cluster_property_set id="o">)"
        R"(<nvpair id="o1" name="stonith-enabled" value="{}"/></cluster_property_set></crm_config>)"
        R"(<nodes><node id="1" uname="n1"/><node id="2" uname="n2"/></nodes><resources>{})"
        R"(<primitive id="a" class="ocf" provider="heartbeat" type="Dummy">{}</primitive></resources></configuration>)"
        "<status>{}</status></cib>",
        fencing, device, inside, status);
    auto parsed = xml::parse(text);
    REQUIRE(parsed);
    document = std::move(*parsed);
    set.emplace(document->document_element(), WallTime{now});
    REQUIRE(unpack(*set));
  }
  Resource& a() { return *set->find_resource("a"); }
  Node& node(std::string_view name) { return *set->find_node(name); }
  std::unique_ptr<pugi::xml_document> document;
  std::optional<WorkingSet> set;
};

std::string meta(const std::string& name, const std::string& value) {
  return R"(<meta_attributes id="m">)" + pair(name, value) + "</meta_attributes>";
}

const std::string stopped_node = R"(in_ccm="false" crmd="offline" join="down" expected="member")";

}  // namespace

TEST_CASE("policy status: a pending operation is newer than results of the same transition, a shutdown newer than all", "[policy]") {
  auto parsed = xml::parse("<r>" + op("1", "start", 5, 0, 0) + op("2", "monitor", 9, 0, 0) +
                           fmt::format(R"(<lrm_rsc_op id="a_3" operation="stop" call-id="-1" transition-magic="-1:193;1:5:0:{}"/>)", uuid) +
                           fmt::format(R"(<lrm_rsc_op id="a_4" operation="stop" call-id="-1" transition-magic="-1:193;1:-1:0:{}"/></r>)", uuid));
  REQUIRE(parsed);
  std::vector<past::Record> entries;
  for (const auto entry : (*parsed)->document_element().children()) entries.emplace_back(entry);
  CHECK(past::compare_age(entries[0], entries[1], true) < 0);
  CHECK(past::compare_age(entries[2], entries[0], true) > 0);
  CHECK(past::compare_age(entries[2], entries[1], true) < 0);
  CHECK(past::compare_age(entries[3], entries[1], true) > 0);
  CHECK(past::compare_age(entries[2], entries[3], true) == 0);
}

TEST_CASE("policy status: a start and a monitor make it active, a later stop ends that", "[policy]") {
  Cluster c(node_state("1", op("monitor_10000", "monitor", 6, 0, 0, "", 10000) + op("start_0", "start", 5, 0, 0)));
  CHECK(c.a().role == Role::started);
  CHECK(c.a().running_on == std::vector<Node*>{&c.node("n1")});
  Cluster stopped(node_state("1", op("last_0", "stop", 7, 0, 0) + op("start_0", "start", 5, 0, 0)));
  CHECK(stopped.a().role == Role::stopped);
  CHECK(stopped.a().running_on.empty());
  CHECK(stopped.a().known_on.size() == 1);
}

TEST_CASE("policy status: a lost node is fenced for what ran there, and the plan knows why", "[policy]") {
  Cluster c(node_state("1", op("last_0", "start", 5, 0, 0), "", stopped_node), true);
  CHECK(c.node("n1").unclean);
  REQUIRE(c.node("n1").fencing != nullptr);
  CHECK(c.node("n1").fencing->reason == "peer is no longer part of the cluster");
  CHECK(c.a().running_on.size() == 1);
}

TEST_CASE("policy status: without fencing a lost node's history is not believed", "[policy]") {
  Cluster c(node_state("1", op("last_0", "start", 5, 0, 0), "", stopped_node));
  CHECK_FALSE(c.node("n1").online);
  CHECK(c.a().running_on.empty());
}

TEST_CASE("policy status: a failed stop blocks where nothing can be fenced, and fences where it can", "[policy]") {
  const std::string failed = op("last_0", "start", 5, 0, 0) + op("last_failure_0", "stop", 6, 1, 0);
  Cluster blocked(node_state("1", failed));
  CHECK(blocked.a().blocked);
  CHECK_FALSE(blocked.a().managed);
  Cluster fenced(node_state("1", failed), true);
  REQUIRE(fenced.node("n1").fencing != nullptr);
  CHECK(fenced.node("n1").fencing->reason == "a failed there");
}

TEST_CASE("policy status: a probe that cannot work counts as not running and bans the node", "[policy]") {
  Cluster c(node_state("1", op("last_0", "monitor", 5, 5, 7)));
  CHECK(c.a().role == Role::stopped);
  CHECK(c.a().allowed.find(c.node("n1"))->score.is_minus_infinity());
  CHECK(c.set->failed.size() == 1);
}

TEST_CASE("policy status: what is active twice is blocked when multiple-active says so", "[policy]") {
  const std::string both = node_state("1", op("last_0", "start", 5, 0, 0)) + node_state("2", op("last_0", "start", 5, 0, 0));
  Cluster c(both, false, meta("multiple-active", "block"));
  CHECK(c.a().blocked);
  CHECK(c.a().running_on.size() == 2);
  CHECK_FALSE(Cluster(both).a().blocked);
}

TEST_CASE("policy status: a migration that has not arrived is partial, one without its last stop dangles", "[policy]") {
  const std::string ends = R"(migrate_source="n1" migrate_target="n2")";
  const std::string to = op("last_0", "migrate_to", 9, 0, 0, ends);
  Cluster partial(node_state("1", to) + node_state("2", op("last_0", "monitor", 3, 7, 7)), false, meta("allow-migrate", "true"));
  CHECK(partial.a().partial_migration_source == &partial.node("n1"));
  CHECK(partial.a().partial_migration_target == &partial.node("n2"));
  Cluster dangling(node_state("1", to) + node_state("2", op("last_0", "migrate_from", 4, 0, 0, ends)), false, meta("allow-migrate", "true"));
  CHECK(dangling.a().running_on == std::vector<Node*>{&dangling.node("n2")});
  CHECK(dangling.a().dangling_migration_sources == std::vector<Node*>{&dangling.node("n1")});
}

TEST_CASE("policy status: fail counts add up over operations, and only for exactly that name", "[policy]") {
  Cluster c(node_state("1", "", pair("fail-count-a#start_0", "2") + pair("fail-count-a#monitor_10000", "3") + pair("fail-count-ab#start_0", "50") +
                                    pair("fail-count-a#monitor", "50") + pair("last-failure-a#start_0", "17")));
  const FailCount failures = fail_count(*c.set, c.node("n1"), c.a(), false, false);
  CHECK(failures.count == 5);
  CHECK(failures.last.seconds == 17);
}

TEST_CASE("policy status: an expired failure is forgotten and its count cleared", "[policy]") {
  const std::string counts = pair("fail-count-a#monitor_10000", "1") + pair("last-failure-a#monitor_10000", std::to_string(now - 100));
  const std::string history = op("last_0", "start", 5, 0, 0) + op("last_failure_0", "monitor", 6, 1, 0, "", 10000);
  Cluster c(node_state("1", history, counts), false, meta("failure-timeout", "60s"));
  CHECK_FALSE(c.a().failed);
  CHECK(find_first_action(c.a(), "a_clear_failcount_0", "", nullptr) != nullptr);
  Cluster fresh(node_state("1", history, counts), false, meta("failure-timeout", "600s"));
  CHECK(fresh.a().failed);
  CHECK(fresh.set->recheck_by == WallTime{now + 501});
}
