// See random_cib.hpp.
#include "tests/scheduler/random_cib.hpp"

#include <fmt/format.h>

#include <vector>

#include "common/base/rng.hpp"
#include "resmgr/model/digest.hpp"

namespace relevo::test {
namespace {

using std::chrono::milliseconds;

class Maker {
 public:
  explicit Maker(std::uint64_t seed) : rng_(seed) {}
  std::string make();

 private:
  struct Monitor {
    int seconds = 10;
    bool while_stopped = false;
  };
  struct Primitive {
    std::string id;
    std::map<std::string, std::string> parameters;
    std::vector<Monitor> monitors;
  };

  bool chance(std::uint64_t percent) { return rng_.chance(percent, 100); }
  template <class T>
  T one_of(std::initializer_list<T> all) {
    return *(all.begin() + static_cast<std::ptrdiff_t>(rng_.below(all.size())));
  }
  std::string pair(const std::string& name, const std::string& value) {
    return fmt::format(R"(<nvpair id="nv{}" name="{}" value="{}"/>)", ++ids_, name, value);
  }
  std::string options();
  std::string nodes();
  std::string primitive(const std::string& id);
  std::string metas();
  std::string operations(Primitive& made);
  std::string locations();
  std::string node_state(int node);
  std::string history(const Primitive& p, std::string& attributes);
  std::string entry(const Primitive& p, const std::string& task, int seconds, int rc, int expected, int status,
                    const std::string& id);
  std::string monitors_of(const Primitive& p, bool running, std::string& attributes);
  std::string failure(const Primitive& p, const std::string& task, int seconds, int rc, std::string& attributes);

  Rng rng_;
  int ids_ = 0;
  int call_ = 1;
  int nodes_ = 3;
  std::vector<Primitive> primitives_;
};

std::string Maker::options() {
  std::string out = pair("stonith-enabled", chance(5) ? "true" : "false");
  if (chance(40)) out += pair("no-quorum-policy", one_of<const char*>({"stop", "ignore", "freeze"}));
  if (chance(8)) out += pair("symmetric-cluster", "false");
  if (chance(3)) out += pair("stop-all-resources", "true");
  if (chance(4)) out += pair("maintenance-mode", "true");
  if (chance(10)) out += pair("startup-fencing", "false");
  if (chance(10)) out += pair("stop-orphan-resources", "false");
  if (chance(5)) out += pair("enable-startup-probes", "false");
  return out;
}

std::string Maker::nodes() {
  std::string out;
  for (int n = 1; n <= nodes_; ++n) {
    std::string attributes = pair("site", one_of<const char*>({"a", "b"}));
    if (chance(15)) attributes += pair("standby", one_of<const char*>({"on", "off", "true"}));
    if (chance(5)) attributes += pair("maintenance", "true");
    out +=
        fmt::format(R"(<node id="{0}" uname="n{0}"><instance_attributes id="na{0}">{1}</instance_attributes></node>)",
                    n, attributes);
  }
  return out;
}

std::string Maker::metas() {
  std::string out;
  if (chance(30)) out += pair("resource-stickiness", one_of<const char*>({"0", "1", "100", "INFINITY", "-10"}));
  if (chance(25)) out += pair("migration-threshold", one_of<const char*>({"0", "1", "2", "3"}));
  if (chance(15)) out += pair("target-role", one_of<const char*>({"Stopped", "Started"}));
  if (chance(10)) out += pair("is-managed", "false");
  if (chance(5)) out += pair("maintenance", "true");
  if (chance(20)) out += pair("failure-timeout", one_of<const char*>({"10s", "1h"}));
  if (chance(15)) out += pair("priority", one_of<const char*>({"5", "10"}));
  if (chance(20))
    out += pair("multiple-active", one_of<const char*>({"block", "stop_only", "stop_start", "stop_unexpected"}));
  if (chance(10)) out += pair("requires", one_of<const char*>({"nothing", "quorum"}));
  return out;
}

std::string Maker::operations(Primitive& made) {
  std::string out;
  const auto op = [&](const std::string& name, int seconds, const std::string& more) {
    out += fmt::format(R"(<op id="op{}" name="{}" interval="{}s" {}/>)", ++ids_, name, seconds, more);
  };
  if (chance(80)) {
    made.monitors.push_back({10, false});
    std::string more = R"(timeout="20s")";
    if (chance(40))
      more += fmt::format(R"( on-fail="{}")", one_of<const char*>({"ignore", "block", "stop", "restart", "standby"}));
    if (chance(5)) more += R"( enabled="false")";
    op("monitor", 10, more);
  }
  if (chance(10)) {
    made.monitors.push_back({11, true});
    op("monitor", 11, R"(role="Stopped" timeout="20s")");
  }
  if (chance(10))
    op("start", 0, fmt::format(R"(on-fail="{}")", one_of<const char*>({"ignore", "block", "stop", "restart"})));
  if (chance(10)) op("stop", 0, R"(timeout="30s")");
  return out;
}

std::string Maker::primitive(const std::string& id) {
  Primitive made{id, {{"state", "/run/" + id}}, {}};
  if (chance(50)) made.parameters["fake"] = "a &lt; b";
  std::string parameters;
  for (const auto& [name, value] : made.parameters) parameters += pair(name, value);
  if (made.parameters.contains("fake")) made.parameters["fake"] = "a < b";
  const std::string out = fmt::format(
      R"(<primitive id="{0}" class="ocf" provider="pacemaker" type="Dummy"><instance_attributes id="{0}-p">{1}</instance_attributes><meta_attributes id="{0}-m">{2}</meta_attributes><operations>{3}</operations></primitive>)",
      id, parameters, metas(), operations(made));
  primitives_.push_back(std::move(made));
  return out;
}

std::string Maker::locations() {
  std::string out;
  for (const Primitive& p : primitives_) {
    for (int n = 1; n <= nodes_; ++n)
      if (chance(30))
        out += fmt::format(R"(<rsc_location id="l{}" rsc="{}" node="n{}" score="{}"/>)", ++ids_, p.id, n,
                           one_of<const char*>({"INFINITY", "-INFINITY", "100", "50", "-50", "0", "1"}));
    if (!chance(15)) continue;
    const int id = ++ids_;
    out += fmt::format(
        R"(<rsc_location id="l{0}" rsc="{1}"><rule id="r{0}" score="{2}"><expression id="e{0}" attribute="site" operation="eq" value="a"/></rule></rsc_location>)",
        id, p.id, one_of<const char*>({"200", "-INFINITY", "-20"}));
  }
  return out;
}

std::string Maker::entry(const Primitive& p, const std::string& task, int seconds, int rc, int expected, int status,
                         const std::string& id) {
  auto parameters = p.parameters;
  if (chance(3)) parameters["state"] = "/elsewhere";
  const std::string digest = model::operation_digest(parameters, milliseconds(seconds * 1000), milliseconds(20000));
  const std::string key = fmt::format("{}:{}:{}:11111111-2222-3333-4444-555555555555", ids_, call_ / 3, expected);
  const int call = status == -1 ? -1 : call_++;
  // What is in flight began a moment ago.
  const auto when = status == -1 ? 1'699'999'998 : 1'699'999'000 + static_cast<std::int64_t>(rng_.below(1000));
  return fmt::format(
      R"(<lrm_rsc_op id="{}" operation_key="{}_{}_{}" operation="{}" transition-key="{}" transition-magic="{}:{};{}" call-id="{}" rc-code="{}" op-status="{}" interval="{}" last-rc-change="{}" op-digest="{}"/>)",
      id, p.id, task, seconds * 1000, task, key, status, rc, key, call, rc, status, seconds * 1000, when, digest);
}

std::string Maker::failure(const Primitive& p, const std::string& task, int seconds, int rc, std::string& attributes) {
  if (chance(80)) {
    const std::string operation = fmt::format("{}#{}_{}", p.id, task, seconds * 1000);
    attributes += pair("fail-count-" + operation, task == "monitor" ? one_of<const char*>({"1", "2"}) : "INFINITY");
    attributes += pair("last-failure-" + operation, std::to_string(1'699'999'000 + rng_.below(1000)));
  }
  return entry(p, task, seconds, rc, 0, 0, p.id + "_last_failure_0");
}

std::string Maker::monitors_of(const Primitive& p, bool running, std::string& attributes) {
  std::string out;
  for (const Monitor& m : p.monitors) {
    if (m.while_stopped == running || chance(15)) continue;
    const std::string id = fmt::format("{}_monitor_{}", p.id, m.seconds * 1000);
    const int fine = running ? 0 : 7;
    out += entry(p, "monitor", m.seconds, fine, fine, 0, id);
    if (running && chance(15)) out += failure(p, "monitor", m.seconds, one_of({1, 7}), attributes);
  }
  if (running && chance(4)) out += entry(p, "monitor", 33, 0, 0, 0, p.id + "_monitor_33000");  // no longer configured
  return out;
}

std::string Maker::history(const Primitive& p, std::string& attributes) {
  const std::string last = p.id + "_last_0";
  std::string out;  // in sequence: each entry takes the next call id
  switch (rng_.below(14)) {
    case 0:
      return "";
    case 1:
    case 2:
    case 3:
      out = entry(p, "start", 0, 0, 0, 0, last);
      return out += monitors_of(p, true, attributes);
    case 4:
      return entry(p, "monitor", 0, 0, 7, 0, last);
    case 5:
      out = entry(p, "stop", 0, 0, 0, 0, last);
      return out += monitors_of(p, false, attributes);
    case 6: {
      const int rc = one_of({1, 2, 5, 6});
      out = entry(p, "start", 0, rc, 0, 0, last);
      return out += failure(p, "start", 0, rc, attributes);
    }
    case 7:
      if (chance(50)) return "";
      out = entry(p, "stop", 0, 1, 0, 0, last);
      return out += failure(p, "stop", 0, 1, attributes);
    case 8:
      return chance(50) ? entry(p, "start", 0, 193, 0, -1, last) : entry(p, "monitor", 0, 5, 7, 0, last);
    default:
      return entry(p, "monitor", 0, 7, 7, 0, last);
  }
}

std::string Maker::node_state(int node) {
  if (chance(4)) return "";
  const bool here = chance(85);
  std::string attributes, resources;
  if (chance(6)) attributes += pair("shutdown", "1699999990");
  for (const Primitive& p : primitives_) {
    const std::string entries = history(p, attributes);
    if (!entries.empty())
      resources += fmt::format(
          R"(<lrm_resource id="{}" class="ocf" provider="pacemaker" type="Dummy">{}</lrm_resource>)", p.id, entries);
  }
  const char* presence = here ? R"(in_ccm="true" crmd="online" join="member" expected="member")"
                              : R"(in_ccm="false" crmd="offline" join="down" expected="down")";
  return fmt::format(
      R"(<node_state id="{0}" uname="n{0}" {1}><transient_attributes id="{0}"><instance_attributes id="st{0}">{2}</instance_attributes></transient_attributes><lrm id="{0}"><lrm_resources>{3}</lrm_resources></lrm></node_state>)",
      node, presence, attributes, resources);
}

std::string Maker::make() {
  nodes_ = static_cast<int>(rng_.between(1, 4));
  const std::string crm_config = options();
  const std::string node_list = nodes();
  std::string resources;
  const auto count = rng_.between(1, 5);
  for (std::int64_t i = 0; i < count; ++i) resources += primitive(fmt::format("r{}", i));
  const std::string constraints = locations();
  if (chance(10)) primitives_.push_back({"gone", {{"state", "/run/gone"}}, {}});  // only the history knows it
  std::string status;
  for (int n = 1; n <= nodes_; ++n) status += node_state(n);
  return fmt::format(
      R"(<cib validate-with="pacemaker-3.9" admin_epoch="0" epoch="1" num_updates="1" crm_feature_set="3.16.2" have-quorum="{}" dc-uuid="1" execution-date="1700000000"><configuration><crm_config><cluster_property_set id="cib-bootstrap-options">{}</cluster_property_set></crm_config><nodes>{}</nodes><resources>{}</resources><constraints>{}</constraints></configuration><status>{}</status></cib>)",
      chance(85) ? 1 : 0, crm_config, node_list, resources, constraints, status);
}

}  // namespace

std::string random_cib(std::uint64_t seed) { return Maker(seed).make(); }

}  // namespace relevo::test
