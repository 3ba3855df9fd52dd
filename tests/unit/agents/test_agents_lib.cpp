// What every agent shares: parameters from the environment, probes, the metadata's XML.
#include <catch2/catch.hpp>

#include "agents/lib/ocf.hpp"

using namespace relevo;
using namespace relevo::agents;

TEST_CASE("agents: parameters come from the environment and empty ones count as not set", "[agents]") {
  const Call call("start", {{"OCF_RESKEY_ip", "10.0.0.1"},
                            {"OCF_RESKEY_nic", ""},
                            {"OCF_RESKEY_count", "x"},
                            {"OCF_RESKEY_flag", "Yes"},
                            {"OCF_RESKEY_CRM_meta_timeout", "20000"}});
  CHECK(call.parameter("ip") == "10.0.0.1");
  CHECK_FALSE(call.parameter("nic"));
  CHECK(call.parameter_or("nic", "lo") == "lo");
  CHECK(call.boolean("flag", false).value() == true);
  CHECK(call.boolean("absent", true).value() == true);
  CHECK(call.number("count", 1, 0, 9).error().message == "parameter count: 'x' is not a whole number from 0 to 9");
  CHECK(call.meta("timeout") == "20000");
  CHECK(call.instance() == "default");
}

TEST_CASE("agents: a monitor without an interval is a probe", "[agents]") {
  CHECK(Call("monitor", {}).is_probe());
  CHECK_FALSE(Call("monitor", {{"OCF_RESKEY_CRM_meta_interval", "10000"}}).is_probe());
  CHECK_FALSE(Call("start", {}).is_probe());
}

TEST_CASE("agents: the state folder can be moved", "[agents]") {
  CHECK(Call("start", {}).state_folder() == "/run/resource-agents");
  CHECK(Call("start", {{"HA_RSCTMP", "/a"}}).state_folder() == "/a");
  CHECK(Call("start", {{"HA_RSCTMP", "/a"}, {"RELEVO_RSCTMP", "/b"}}).state_folder() == "/b");
}

TEST_CASE("agents: metadata is escaped, and required parameters have no default", "[agents]") {
  Metadata m;
  m.name = "X";
  m.version = "1.0";
  m.parameters = {{"a", "string", "", "A & B", "", true, true}, {"b", "integer", "5", "<b>", ""}};
  m.actions = {{"monitor", "20s", "10s", "0"}};
  const auto xml = to_xml(m);
  CHECK(xml.find("<parameter name=\"a\" unique=\"1\" required=\"1\">") != std::string::npos);
  CHECK(xml.find("A &amp; B") != std::string::npos);
  CHECK(xml.find("<content type=\"string\" />") != std::string::npos);
  CHECK(xml.find("<content type=\"integer\" default=\"5\" />") != std::string::npos);
  CHECK(xml.find("<action name=\"monitor\" timeout=\"20s\" interval=\"10s\" depth=\"0\" />") != std::string::npos);
}
