// Small CIBs for the tests of unpacking.
#pragma once

#include <fmt/core.h>

#include <catch2/catch.hpp>
#include <string>

#include "resmgr/cib/unpack.hpp"

namespace relevo::test {

constexpr WallTime now{1'700'000'000};

struct Parts {
  std::string options = R"(<nvpair id="o1" name="stonith-enabled" value="false"/>)";
  std::string nodes = R"(<node id="1" uname="a"/><node id="2" uname="b"/>)";
  std::string resources = R"(<primitive id="vip" class="ocf" provider="heartbeat" type="IPaddr2"/>)";
  std::string constraints, more, status;
  std::string attributes = R"(have-quorum="1")";
};

inline model::ClusterState unpacked(const Parts& parts) {
  const std::string text = fmt::format(
      R"(<cib validate-with="pacemaker-3.9" admin_epoch="0" epoch="1" num_updates="0" {}><configuration><crm_config>)"
      R"(<cluster_property_set id="cib-bootstrap-options">{}</cluster_property_set></crm_config><nodes>{}</nodes>)"
      R"(<resources>{}</resources><constraints>{}</constraints>{}</configuration><status>{}</status></cib>)",
      parts.attributes, parts.options, parts.nodes, parts.resources, parts.constraints, parts.more, parts.status);
  const auto document = cib::Document::parse(text);
  if (!document) FAIL(document.error().message);
  auto state = cib::unpack(*document, now);
  if (!state) FAIL(state.error().message);
  return std::move(*state);
}

inline std::string pair(const std::string& name, const std::string& value) {
  return fmt::format(R"(<nvpair id="nv-{0}" name="{0}" value="{1}"/>)", name, value);
}

constexpr const char* present = R"(in_ccm="true" crmd="online" join="member" expected="member")";

/// A node_state of node 1, called a.
inline std::string state_of_a(const std::string& history = "", const std::string& attributes = "",
                              const std::string& presence = present) {
  return fmt::format(
      R"(<node_state id="1" uname="a" {}><transient_attributes id="1"><instance_attributes id="s1">{}</instance_attributes>)"
      R"(</transient_attributes><lrm id="1"><lrm_resources>{}</lrm_resources></lrm></node_state>)",
      presence, attributes, history);
}

/// One result of vip: `call` orders them, -1 is pending.
inline std::string result(const std::string& id, const std::string& task, int call, int rc, int expected = 0,
                          int interval = 0, int status = 0, std::int64_t when = now.seconds - 100) {
  return fmt::format(
      R"(<lrm_rsc_op id="{0}" operation_key="vip_{1}_{5}" operation="{1}" call-id="{2}" rc-code="{3}" op-status="{6}" )"
      R"(interval="{5}" transition-key="1:{7}:{4}:u" transition-magic="{6}:{3};1:{7}:{4}:u" last-rc-change="{8}"/>)",
      id, task, call, rc, expected, interval, status, call < 0 ? 99 : call, when);
}

inline std::string history_of_vip(const std::string& results, const std::string& type = "IPaddr2") {
  return fmt::format(R"(<lrm_resource id="vip" class="ocf" provider="heartbeat" type="{}">{}</lrm_resource>)", type,
                     results);
}

/// vip as the model has it, with this history on node a.
inline model::Resource vip_with(const std::string& results, Parts parts = {}, const std::string& attributes = "") {
  parts.status = state_of_a(history_of_vip(results), attributes);
  const auto state = unpacked(parts);
  REQUIRE(state.resource("vip"));
  return *state.resource("vip");
}

inline std::string primitive(const std::string& metas, const std::string& operations = "") {
  return fmt::format(
      R"(<primitive id="vip" class="ocf" provider="heartbeat" type="IPaddr2"><meta_attributes id="m">{}</meta_attributes><operations>{}</operations></primitive>)",
      metas, operations);
}

}  // namespace relevo::test
