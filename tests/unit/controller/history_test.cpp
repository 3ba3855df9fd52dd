// The record of operations in memory and in the CIB: which entries stand, what is counted, what is forgotten.
#include <catch2/catch.hpp>

#include "resmgr/attributes/transient.hpp"
#include "resmgr/cib/apply.hpp"
#include "resmgr/controller/history.hpp"
#include "resmgr/controller/local.hpp"
#include "resmgr/controller/status.hpp"

using namespace relevo;
using namespace relevo::controller;
using executor::OpStatus;

namespace {

executor::Operation operation(const std::string& task, int interval = 0, int expected = 0) {
  executor::Operation op;
  op.resource = "VIP";
  op.klass = "ocf";
  op.provider = "heartbeat";
  op.type = "IPaddr2";
  op.task = task;
  op.interval = std::chrono::milliseconds(interval);
  op.expected_rc = expected;
  op.transition_key = "1:2:0:00000001-0000-4000-8000-000000000001";
  return op;
}

executor::OperationResult ended(const executor::Operation& op, int rc, int call = 5) {
  executor::OperationResult result;
  result.operation = op;
  result.call_id = call;
  result.rc = rc;
  result.status = rc == op.expected_rc ? OpStatus::done : OpStatus::error;
  result.last_rc_change = {1700000000};
  return result;
}

cib::Document with_member() {
  cib::Document cib;
  set_standing(cib, "1", "nodo1", Standing::member);
  return cib;
}

std::string entry(const cib::Document& cib, const std::string& id, const char* attribute) {
  const auto resource = attributes::node_state(cib, "1").child("lrm").child("lrm_resources").child("lrm_resource");
  for (auto op : resource.children("lrm_rsc_op"))
    if (op.attribute("id").value() == id) return op.attribute(attribute).value();
  return "none";
}

}  // namespace

TEST_CASE("history: entries bear Pacemaker's names and values", "[controller]") {
  auto cib = with_member();
  record(cib, "1", "nodo1", ended(operation("start"), 0));
  record(cib, "1", "nodo1", ended(operation("monitor", 10000), 0));
  CHECK(entry(cib, "VIP_last_0", "operation_key") == "VIP_start_0");
  CHECK(entry(cib, "VIP_last_0", "transition-magic") == "0:0;1:2:0:00000001-0000-4000-8000-000000000001");
  CHECK(entry(cib, "VIP_last_0", "on_node") == "nodo1");
  CHECK(entry(cib, "VIP_monitor_10000", "interval") == "10000");
  CHECK(cib::Document::parse(cib.text()).has_value());
}

TEST_CASE("history: a failed monitor leaves its last good entry and is counted", "[controller]") {
  auto cib = with_member();
  record(cib, "1", "nodo1", ended(operation("monitor", 10000), 0));
  const auto failure = ended(operation("monitor", 10000), 7, 6);
  record(cib, "1", "nodo1", failure);
  CHECK(count_failure(cib, "1", failure));
  CHECK(count_failure(cib, "1", failure));
  CHECK(entry(cib, "VIP_monitor_10000", "rc-code") == "0");
  CHECK(entry(cib, "VIP_last_failure_0", "rc-code") == "7");
  CHECK(attributes::transient(cib, "1", "fail-count-VIP#monitor_10000") == "2");
  CHECK(attributes::transient(cib, "1", "last-failure-VIP#monitor_10000") == "1700000000");
  CHECK(has_failure(cib, "1", "VIP"));
  CHECK(cib::Document::parse(cib.text()).has_value());
}

TEST_CASE("history: a recurring operation that fails the first time is not pending any more", "[controller]") {
  auto cib = with_member();
  LocalHistory local;
  const auto op = operation("monitor", 10000);
  record(cib, "1", "nodo1", pending(op, {}));
  local.began(op, {});
  CHECK(has_pending(cib, "1"));
  record(cib, "1", "nodo1", ended(op, 7));
  local.ended(ended(op, 7));
  CHECK_FALSE(has_pending(cib, "1"));
  for (const auto& result : local.entries()) CHECK(result.status != OpStatus::pending);
}

TEST_CASE("history: a start failure is fatal unless the option says otherwise, a stop failure always", "[controller]") {
  auto cib = with_member();
  count_failure(cib, "1", ended(operation("start"), 1));
  count_failure(cib, "1", ended(operation("stop"), 1));
  CHECK(attributes::transient(cib, "1", "fail-count-VIP#start_0") == "INFINITY");
  CHECK(attributes::transient(cib, "1", "fail-count-VIP#stop_0") == "INFINITY");
  auto lenient = with_member();
  auto set = lenient.section("crm_config").append_child("cluster_property_set");
  set.append_attribute("id") = "cib-bootstrap-options";
  auto pair = set.append_child("nvpair");
  pair.append_attribute("id") = "x";
  pair.append_attribute("name") = "start-failure-is-fatal";
  pair.append_attribute("value") = "false";
  count_failure(lenient, "1", ended(operation("start"), 1));
  CHECK(attributes::transient(lenient, "1", "fail-count-VIP#start_0") == "1");
}

TEST_CASE("history: an ignored failure leaves its time and no count", "[controller]") {
  auto cib = with_member();
  auto op = operation("monitor", 10000);
  op.meta["on_fail"] = "ignore";
  CHECK(count_failure(cib, "1", ended(op, 1)));
  CHECK_FALSE(attributes::transient(cib, "1", "fail-count-VIP#monitor_10000").has_value());
  CHECK(attributes::transient(cib, "1", "last-failure-VIP#monitor_10000").has_value());
}

TEST_CASE("history: a probe that finds the resource running has not failed", "[controller]") {
  auto cib = with_member();
  const auto probe = ended(operation("monitor", 0, 7), 0);
  CHECK_FALSE(is_failure(probe));
  CHECK_FALSE(count_failure(cib, "1", probe));
  CHECK(is_failure(ended(operation("monitor", 0, 7), 5)));
}

TEST_CASE("history: a stop ends the recurring entries and keeps the failure", "[controller]") {
  auto cib = with_member();
  record(cib, "1", "nodo1", ended(operation("monitor", 10000), 0));
  record(cib, "1", "nodo1", ended(operation("monitor", 10000), 7));
  record(cib, "1", "nodo1", pending(operation("stop"), {1700000000}));
  CHECK(has_pending(cib, "1"));
  CHECK(entry(cib, "VIP_monitor_10000", "id") == "none");
  CHECK(entry(cib, "VIP_last_failure_0", "rc-code") == "7");
  record(cib, "1", "nodo1", ended(operation("stop"), 0));
  CHECK_FALSE(has_pending(cib, "1"));
}

TEST_CASE("history: a probe that has not ended tells nothing of the resource", "[controller]") {
  auto cib = with_member();
  CHECK_FALSE(is_known(cib, "1", "VIP"));
  record(cib, "1", "nodo1", pending(operation("monitor", 0, 7), {}));
  CHECK_FALSE(is_known(cib, "1", "VIP"));
  record(cib, "1", "nodo1", ended(operation("monitor", 0, 7), 7));
  CHECK(is_known(cib, "1", "VIP"));
}

TEST_CASE("history: the late answer of a probe does not hide a start in flight", "[controller]") {
  auto cib = with_member();
  LocalHistory local;
  record(cib, "1", "nodo1", pending(operation("monitor", 0, 7), {}));
  record(cib, "1", "nodo1", pending(operation("start"), {}));
  record(cib, "1", "nodo1", ended(operation("monitor", 0, 7), 7));
  CHECK(entry(cib, "VIP_last_0", "operation") == "start");
  CHECK(has_pending(cib, "1"));
  local.began(operation("monitor", 0, 7), {});
  local.began(operation("start"), {});
  local.ended(ended(operation("monitor", 0, 7), 7));
  REQUIRE(local.entries().size() == 1);
  CHECK(local.entries()[0].operation.task == "start");
}

TEST_CASE("history: an operation that was dropped is not pending any more", "[controller]") {
  auto cib = with_member();
  LocalHistory local;
  const auto op = operation("monitor", 0, 7);
  record(cib, "1", "nodo1", pending(op, {}));
  local.began(op, {});
  auto dropped = ended(op, 1);
  dropped.status = OpStatus::cancelled;
  record(cib, "1", "nodo1", dropped);
  local.ended(dropped);
  CHECK_FALSE(has_pending(cib, "1"));
  CHECK(local.entries().empty());
  CHECK(local.is_quiet());
}

TEST_CASE("history: cleanup forgets entries, counts and times of one resource", "[controller]") {
  auto cib = with_member();
  const auto failure = ended(operation("start"), 1);
  record(cib, "1", "nodo1", failure);
  count_failure(cib, "1", failure);
  CHECK(forget_resource(cib, "1", "VIP"));
  CHECK(forget_failures(cib, "1", "VIP"));
  CHECK_FALSE(has_failure(cib, "1", "VIP"));
  CHECK(recorded_resources(cib, "1").empty());
}

TEST_CASE("history: of a notification nothing is written down, and it never counts as a failure", "[controller]") {
  auto cib = with_member();
  record(cib, "1", "nodo1", ended(operation("notify"), 1));
  CHECK(recorded_resources(cib, "1").empty());
  CHECK_FALSE(count_failure(cib, "1", ended(operation("notify"), 1)));
  LocalHistory local;
  local.began(operation("notify"), WallTime{1});
  CHECK_FALSE(local.is_quiet());
  local.ended(ended(operation("notify"), 0));
  CHECK(local.is_quiet());
  CHECK(local.entries().empty());
}

TEST_CASE("history: both halves of a migration have entries of their own that name its ends", "[controller]") {
  auto cib = with_member();
  auto op = operation("migrate_from");
  op.meta = {{"migrate_source", "n2"}, {"migrate_target", "n1"}};
  record(cib, "1", "nodo1", ended(operation("monitor", 0, 7), 7, 4));
  record(cib, "1", "nodo1", ended(op, 0, 5));
  CHECK(entry(cib, "VIP_last_0", "operation") == "monitor");
  CHECK(entry(cib, "VIP_migrate_from_0", "migrate_source") == "n2");
  CHECK(entry(cib, "VIP_migrate_from_0", "migrate_target") == "n1");
}

TEST_CASE("history: a reload that was carried out is kept as a start", "[controller]") {
  auto cib = with_member();
  record(cib, "1", "nodo1", ended(operation("reload-agent"), 0));
  CHECK(entry(cib, "VIP_last_0", "operation_key") == "VIP_start_0");
  CHECK(entry(cib, "VIP_last_0", "operation") == "start");
}

TEST_CASE("history: what nobody planned says what was expected of it", "[controller]") {
  auto cib = with_member();
  auto stop = operation("stop");
  stop.transition_key.clear();
  record(cib, "1", "nodo1", ended(stop, 0));
  CHECK(entry(cib, "VIP_last_0", "transition-key") == "0:-1:0:00000000-0000-4000-8000-000000000000");
}

TEST_CASE("history: the entry of a failure is forgotten alone", "[controller]") {
  auto cib = with_member();
  record(cib, "1", "nodo1", ended(operation("start"), 0, 4));
  record(cib, "1", "nodo1", ended(operation("monitor", 10000), 7, 5));
  CHECK(forget_last_failure(cib, "1", "VIP"));
  CHECK_FALSE(forget_last_failure(cib, "1", "VIP"));
  CHECK(entry(cib, "VIP_last_failure_0", "id") == "none");
  CHECK(entry(cib, "VIP_last_0", "operation") == "start");
}

TEST_CASE("local history: what a hello tells gives the same entries as the results gave one by one", "[controller]") {
  auto one_by_one = with_member();
  auto at_once = with_member();
  LocalHistory local;
  const std::vector<executor::OperationResult> story{
      ended(operation("monitor", 0, 7), 7, 1), ended(operation("start"), 1, 2),           ended(operation("stop"), 0, 3),
      ended(operation("start"), 0, 4),         ended(operation("monitor", 10000), 0, 5),  ended(operation("monitor", 10000), 7, 6)};
  for (const auto& result : story) {
    if (result.call_id != 6) local.began(result.operation, {});  // a recurring operation is asked for once
    local.ended(result);
    record(one_by_one, "1", "nodo1", result);
  }
  replace_history(at_once, "1", "nodo1", local.entries());
  for (const auto* id : {"VIP_last_0", "VIP_last_failure_0", "VIP_monitor_10000"})
    CHECK(entry(one_by_one, id, "call-id") == entry(at_once, id, "call-id"));
}

TEST_CASE("local history: a resource may be active from the moment its start is asked for", "[controller]") {
  LocalHistory local;
  local.began(operation("start"), {});
  CHECK(local.has_actives());
  CHECK_FALSE(local.is_quiet());
  CHECK(local.take_changed());
  local.ended(ended(operation("start"), 1));
  CHECK(local.has_actives());  // a failed start may have done half of it
  local.began(operation("stop"), {});
  local.ended(ended(operation("stop"), 1));
  CHECK(local.has_actives());
  local.began(operation("stop"), {});
  local.ended(ended(operation("stop"), 0));
  CHECK_FALSE(local.has_actives());
  CHECK(local.is_quiet());
}

TEST_CASE("local history: a probe's answer does not hide a start that came after it", "[controller]") {
  LocalHistory local;
  local.began(operation("monitor", 0, 7), {});
  local.began(operation("start"), {});
  local.ended(ended(operation("monitor", 0, 7), 7));
  CHECK(local.has_actives());
}

TEST_CASE("local history: a cleanup forgets entries, not that something runs", "[controller]") {
  LocalHistory local;
  local.began(operation("start"), {});
  local.ended(ended(operation("start"), 0));
  local.forget("VIP");
  CHECK(local.entries().empty());
  CHECK(local.has_actives());
}

TEST_CASE("attributes: value++ and value+=N count, INFINITY stays", "[attributes]") {
  CHECK(attributes::resolve("", "value++") == "1");
  CHECK(attributes::resolve("3", "value++") == "4");
  CHECK(attributes::resolve("3", "value+=5") == "8");
  CHECK(attributes::resolve("INFINITY", "value++") == "INFINITY");
  CHECK(attributes::resolve("red", "value++") == "1");
  CHECK(attributes::resolve("3", "blue+green") == "blue+green");
  CHECK(attributes::id_part("fail-count-VIP#monitor_10000") == "fail-count-VIP.monitor_10000");
}

TEST_CASE("standing: what is written is read back", "[controller]") {
  cib::Document cib;
  for (const auto s : {Standing::member, Standing::process_gone, Standing::left, Standing::lost}) {
    set_standing(cib, "2", "nodo2", s);
    CHECK(standing(cib, "2") == s);
  }
  CHECK(standing(cib, "9") == Standing::left);
}
