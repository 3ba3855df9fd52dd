// crm_simulate's answers as XML: the elements and attributes that programs written for Pacemaker look for.
#include <catch2/catch.hpp>

#include "cli/simulate/xml_report.hpp"
#include "resmgr/policy/engine.hpp"
#include "resmgr/policy/unpack/unpack.hpp"

using namespace relevo;
using namespace relevo::cli::simulate;

namespace {

constexpr const char* one_node = R"(
<cib have-quorum="1" validate-with="pacemaker-3.9"><configuration>
<crm_config><cluster_property_set id="c"><nvpair id="c1" name="stonith-enabled" value="false"/></cluster_property_set></crm_config>
<nodes><node id="1" uname="n1"><instance_attributes id="i"><nvpair id="i1" name="colour" value="red"/></instance_attributes></node></nodes>
<resources><primitive id="ip" class="ocf" provider="pacemaker" type="Dummy"/>
<clone id="c"><primitive id="p" class="lsb" type="x"/></clone></resources><constraints/></configuration>
<status><node_state id="1" uname="n1" in_ccm="true" crmd="online" join="member" expected="member"><lrm id="1"><lrm_resources>
<lrm_resource id="ip" class="ocf" provider="pacemaker" type="Dummy"><lrm_rsc_op id="ip_last_0" operation_key="ip_start_0" operation="start"
 transition-key="1:1:0:x" transition-magic="0:0;1:1:0:x" call-id="5" rc-code="0" op-status="0" interval="0"/></lrm_resource>
</lrm_resources></lrm></node_state></status></cib>)";

bool says(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("simulate: the status as XML names nodes, resources and where they run", "[simulate]") {
  pugi::xml_document cib;
  REQUIRE(cib.load_string(one_node));
  policy::WorkingSet set(cib.child("cib"), WallTime{1'700'000'000});
  REQUIRE(policy::unpack(set));
  XmlReport report("crm_simulate -x a.xml");
  report.status("cluster_status", set, {.attributes = true, .fail_counts = true});
  const auto text = report.text(0, "OK");
  INFO(text);
  CHECK(says(text, "<pacemaker-result api-version=\"2.25\" request=\"crm_simulate -x a.xml\">"));
  CHECK(says(text, "<node name=\"n1\" id=\"1\" online=\"true\" standby=\"false\""));
  CHECK(says(text, "resources_running=\"1\" type=\"member\"/>"));
  CHECK(says(text, "<resource id=\"ip\" resource_agent=\"ocf:pacemaker:Dummy\" role=\"Started\" active=\"true\""));
  CHECK(says(text, "<node name=\"n1\" id=\"1\" cached=\"true\"/>"));
  CHECK(says(text, "<clone id=\"c\" multi_state=\"false\" unique=\"false\" managed=\"true\""));
  CHECK(says(text, "<resource id=\"p\" resource_agent=\"lsb:x\" role=\"Stopped\""));
  CHECK(says(text, "<attribute name=\"colour\" value=\"red\"/>"));
  CHECK(says(text, "<node_history/>"));
  CHECK(says(text, "<status code=\"0\" message=\"OK\"/>"));
}

TEST_CASE("simulate: lines of events and of what was carried out become elements", "[simulate]") {
  XmlReport report("crm_simulate");
  report.modifications({"  * Setting quorum: 0", "  * Taking node n1 offline", "  * Making ticket T standby", "  * Injecting a_monitor_10000@n2=7 into the configuration",
                        "  * Injecting attribute fail-count-a#monitor_10000=value++ into /node_state '2'"});
  report.transition({"  * Pseudo action:   g_start_0", "  * Resource action: a               monitor=10000 on n2", "  * Fencing n1 (reboot)",
                     "  * Cluster action:  clear_failcount for a on n2", "  * Cluster action:  do_shutdown on n2", "  * Pseudo action:   a_stop_0 on n1"});
  const auto text = report.text(1, "no");
  INFO(text);
  CHECK(says(text, "<modifications quorum=\"0\">"));
  CHECK(says(text, "<modify_node action=\"Offline\" node=\"n1\"/>"));
  CHECK(says(text, "<modify_ticket action=\"Standby\" ticket=\"T\"/>"));
  CHECK(says(text, "<inject_spec spec=\"a_monitor_10000@n2=7\"/>"));
  CHECK(says(text, "<inject_attr name=\"fail-count-a#monitor_10000\" value=\"value++\" node_path=\"/node_state\" cib_node=\"2\"/>"));
  CHECK(says(text, "<pseudo_action task=\"g_start_0\"/>"));
  CHECK(says(text, "<rsc_action resource=\"a\" op=\"monitor\" node=\"n2\" interval=\"10000\"/>"));
  CHECK(says(text, "<fencing_action target=\"n1\" op=\"reboot\"/>"));
  CHECK(says(text, "<cluster_action task=\"clear_failcount\" id=\"a\" node=\"n2\"/>"));
  CHECK(says(text, "<cluster_action task=\"do_shutdown\" node=\"n2\"/>"));
  CHECK(says(text, "<pseudo_action task=\"a_stop_0\" node=\"n1\"/>"));
  CHECK(says(text, "<status code=\"1\" message=\"no\"/>"));
}
