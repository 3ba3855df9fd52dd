// Resources, their metas and operations, with all defaults.
#include "tests/unit/unpack/make.hpp"

using namespace relevo;
using namespace relevo::test;
using namespace std::chrono_literals;

namespace {

model::Resource vip(const std::string& metas, const std::string& operations = "", Parts parts = {}) {
  parts.resources = primitive(metas, operations);
  return *unpacked(parts).resource("vip");
}

}  // namespace

TEST_CASE("unpack: a resource's own meta comes before the defaults", "[unpack]") {
  Parts parts;
  parts.more =
      R"(<rsc_defaults><meta_attributes id="rd"><nvpair id="rd1" name="resource-stickiness" value="100"/></meta_attributes></rsc_defaults>)";
  CHECK(vip("", "", parts).stickiness == model::Score(100));
  CHECK(vip(pair("resource-stickiness", "INFINITY"), "", parts).stickiness.is_plus_infinity());
}

TEST_CASE("unpack: start, stop and the probe are there even when nobody configured them", "[unpack]") {
  const auto resource = vip("");
  for (const char* task : {"start", "stop", "monitor"}) {
    const auto* op = resource.operation(task, 0ms);
    REQUIRE(op);
    CHECK_FALSE(op->configured);
    CHECK(op->timeout == 20s);
  }
}

TEST_CASE("unpack: a probe takes the timeout of the most frequent monitor", "[unpack]") {
  const auto resource = vip(
      "",
      R"(<op id="m1" name="monitor" interval="30s" timeout="90s"/><op id="m2" name="monitor" interval="10s" timeout="40s"/>)");
  CHECK(resource.operation("monitor", 0ms)->timeout == 40s);
}

TEST_CASE("unpack: op_defaults fill in what an operation leaves open", "[unpack]") {
  Parts parts;
  parts.more =
      R"(<op_defaults><meta_attributes id="od"><nvpair id="od1" name="timeout" value="240s"/></meta_attributes></op_defaults>)";
  const auto resource = vip("", R"(<op id="s" name="start" interval="0" timeout="7s"/>)", parts);
  CHECK(resource.operation("start", 0ms)->timeout == 7s);
  CHECK(resource.operation("stop", 0ms)->timeout == 240s);
}

TEST_CASE("unpack: a failed stop leads to fencing, or to blocking where there is none", "[unpack]") {
  Parts fencing;
  fencing.options = pair("stonith-enabled", "true");
  CHECK(vip("", "", fencing).operation("stop", 0ms)->on_fail == model::OnFail::fence);
  CHECK(vip("").operation("stop", 0ms)->on_fail == model::OnFail::block);
  CHECK(vip("").operation("start", 0ms)->on_fail == model::OnFail::restart);
}

TEST_CASE("unpack: two operations of one name and interval are both not repeated, and it is told", "[unpack]") {
  Parts parts;
  parts.resources =
      primitive("", R"(<op id="m1" name="monitor" interval="10s"/><op id="m2" name="monitor" interval="10000ms"/>)");
  const auto state = unpacked(parts);
  CHECK_FALSE(state.resource("vip")->operation("monitor", 10s)->enabled);
  REQUIRE(state.warnings.size() == 1);
  CHECK(state.warnings[0].find("'m1' and 'm2'") != std::string::npos);
}

TEST_CASE("unpack: maintenance-mode, maintenance and is-managed=false all leave a resource alone", "[unpack]") {
  CHECK(vip("").managed);
  CHECK_FALSE(vip(pair("is-managed", "false")).managed);
  CHECK_FALSE(vip(pair("maintenance", "true")).managed);
  Parts parts;
  parts.options += pair("maintenance-mode", "true");
  CHECK_FALSE(vip(pair("is-managed", "true"), "", parts).managed);
}

TEST_CASE("unpack: requires follows fencing and the quorum policy", "[unpack]") {
  using model::Requires;
  CHECK(vip("").requires_what == Requires::quorum);
  Parts ignore;
  ignore.options += pair("no-quorum-policy", "ignore");
  CHECK(vip("", "", ignore).requires_what == Requires::nothing);
  Parts fencing;
  fencing.options = pair("stonith-enabled", "true");
  CHECK(vip("", "", fencing).requires_what == Requires::fencing);
  CHECK(vip(pair("requires", "nothing"), "", fencing).requires_what == Requires::nothing);
}

TEST_CASE("unpack: what is not supported yet is named, and what is in it is left alone", "[unpack]") {
  Parts parts;
  parts.resources = R"(<clone id="c"><primitive id="vip" class="ocf" provider="heartbeat" type="IPaddr2"/></clone>)";
  const auto state = unpacked(parts);
  CHECK(state.unsupported == std::vector<std::string>{"clone 'c' is not supported yet: it is left alone"});
  CHECK_FALSE(state.resource("vip")->managed);
  CHECK(state.resource("vip")->parent == "c");
  CHECK(state.top_level == std::vector<std::string>{"c"});
}

TEST_CASE("unpack: a value that cannot be read gives a warning that names the resource, and the default", "[unpack]") {
  Parts parts;
  parts.resources = primitive(pair("resource-stickiness", "much") + pair("migration-threshold", "-3"));
  const auto state = unpacked(parts);
  CHECK(state.resource("vip")->stickiness == model::Score());
  CHECK(state.resource("vip")->migration_threshold == model::Score::infinity);
  REQUIRE(state.warnings.size() == 2);
  CHECK(state.warnings[0].find("resource 'vip': resource-stickiness='much'") == 0);
}
