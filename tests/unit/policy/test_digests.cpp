// Digests of parameters: which differences lead to a restart, a reload, another recurrence, or to nothing.
#include <catch2/catch.hpp>

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "resmgr/policy/actions/digests.hpp"
#include "resmgr/policy/engine.hpp"
#include "resmgr/model/digest.hpp"

using namespace relevo;
using namespace relevo::policy;

namespace {

std::string digest(std::string_view attributes) {
  return model::md5_hex(fmt::format(" <parameters{}/>\n", attributes));
}

/// What the history says of the two operations; empty = as configured.
struct History {
  std::string start_attributes{}, monitor_attributes{};
};

/// `ip` with a start and a monitor of 10 s, active on n1.
struct Planned {
  pugi::xml_document xml;
  std::unique_ptr<WorkingSet> set;
  AssignmentLog log;

  explicit Planned(const History& history, bool sanitized = false, std::string_view meta = "") {
    const auto op = [](std::string_view task, int interval, int call, const std::string& digests) {
      return fmt::format(
          "<lrm_rsc_op id='ip_{0}_{1}' operation_key='ip_{0}_{1}' operation='{0}' interval='{1}' call-id='{2}' rc-code='0' "
          "op-status='0' transition-key='1:1:0:x' transition-magic='0:0;1:1:0:x' crm_feature_set='3.16.0' {3}/>",
          task, interval, call, digests);
    };
    const auto or_same = [](const std::string& given, std::string_view attributes) {
      return given.empty() ? fmt::format("op-digest='{}'", digest(attributes)) : given;
    };
    const std::string text = fmt::format(
        "<cib validate-with='pacemaker-3.8' crm_feature_set='3.16.0' have-quorum='1'><configuration><crm_config>"
        "<cluster_property_set id='o'><nvpair id='o1' name='stonith-enabled' value='false'/></cluster_property_set></crm_config>"
        "<nodes><node id='1' uname='n1'/></nodes><resources><primitive id='ip' class='ocf' provider='p' type='t'>"
        "<meta_attributes id='m'>{0}</meta_attributes><instance_attributes id='i'><nvpair id='i1' name='a' value='1'/>"
        "<nvpair id='i2' name='pw' value='x'/></instance_attributes>"
        "<operations><op id='om' name='monitor' interval='10s' timeout='30s'/></operations></primitive></resources>"
        "<constraints/></configuration><status><node_state id='1' uname='n1' in_ccm='true' crmd='online' join='member' "
        "expected='member'><lrm id='1'><lrm_resources><lrm_resource id='ip' class='ocf' provider='p' type='t'>{1}{2}"
        "</lrm_resource></lrm_resources></lrm></node_state></status></cib>",
        meta, op("start", 0, 2, or_same(history.start_attributes, " a=\"1\" pw=\"x\"")),
        op("monitor", 10000, 3, or_same(history.monitor_attributes, " CRM_meta_timeout=\"30000\" a=\"1\" pw=\"x\"")));
    REQUIRE(xml.load_string(text.c_str()));
    set = std::make_unique<WorkingSet>(xml.child("cib"), WallTime{1'700'000'000});
    set->sanitized = sanitized;
    REQUIRE(schedule(*set, log));
  }

  [[nodiscard]] bool required(std::string_view key) const {
    return std::any_of(set->actions.begin(), set->actions.end(),
                       [&](const Action* action) { return action->key == key && !action->optional; });
  }
};

}  // namespace

TEST_CASE("policy digests: what was run with the same parameters goes on", "[policy]") {
  const Planned plan({});
  CHECK_FALSE(plan.required("ip_stop_0"));
  CHECK_FALSE(plan.required("ip_monitor_10000"));
}

TEST_CASE("policy digests: another parameter restarts, also when the history says nothing", "[policy]") {
  for (const char* then : {"op-digest='0'", "crm-debug-origin='x'"}) {
    const Planned plan({then, ""});
    CHECK(plan.required("ip_stop_0"));
    CHECK(plan.required("ip_start_0"));
  }
}

TEST_CASE("policy digests: an agent that can reload is reloaded, unless what changed cannot be", "[policy]") {
  const std::string same = fmt::format("op-digest='0' op-force-restart=' a ' op-restart-digest='{}'", digest(" a=\"1\""));
  const Planned reloaded({same, ""});
  CHECK(reloaded.required("ip_reload-agent_0"));
  CHECK_FALSE(reloaded.required("ip_stop_0"));
  const Planned restarted({"op-digest='0' op-force-restart=' a ' op-restart-digest='0'", ""});
  CHECK(restarted.required("ip_stop_0"));
  CHECK_FALSE(restarted.required("ip_reload-agent_0"));
}

TEST_CASE("policy digests: a recurring operation is only set up again", "[policy]") {
  const Planned plan({"", "op-digest='0'"});
  CHECK(plan.required("ip_monitor_10000"));
  CHECK_FALSE(plan.required("ip_stop_0"));
}

TEST_CASE("policy digests: in a copy without passwords only the digest without them counts, and it has no timeout", "[policy]") {
  const std::string secure = fmt::format("op-digest='0' op-secure-params=' pw ' op-secure-digest='{}'", digest(" a=\"1\""));
  const Planned copy({secure, secure}, true);
  CHECK_FALSE(copy.required("ip_stop_0"));
  CHECK_FALSE(copy.required("ip_monitor_10000"));
  const Planned live({secure, secure}, false);
  CHECK(live.required("ip_stop_0"));
}

TEST_CASE("policy digests: maintenance ends recurring operations and changes nothing else", "[policy]") {
  const Planned plan({"op-digest='0'", ""}, false, "<nvpair id='m1' name='maintenance' value='true'/>");
  const auto& actions = plan.set->actions;
  CHECK(std::any_of(actions.begin(), actions.end(), [](const Action* action) {
    return action->task == "cancel" && action->cancel_task == "monitor" && action->meta.at("call-id") == "3";
  }));
}
