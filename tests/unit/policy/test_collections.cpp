// Groups, clones and their notifications: pseudo actions, who is told what, and what fencing implies.
#include <catch2/catch.hpp>

#include <algorithm>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "resmgr/policy/actions/actions.hpp"
#include "resmgr/policy/engine.hpp"

using namespace relevo;
using namespace relevo::policy;

namespace {

/// n1 to n3, all online; `resources` and options as given, `active` on which nodes.
struct Planned {
  pugi::xml_document xml;
  std::unique_ptr<WorkingSet> set;
  AssignmentLog log;

  struct Wanted {
    std::string resources{}, options{}, constraints{}, lost{};  ///< `lost`: the node that is unclean
    bool active = false;
  };

  static std::string node(int number, const Wanted& wanted) {
    const std::string name = fmt::format("n{}", number);
    const bool lost = wanted.lost == name;
    const std::string history =
        wanted.active ? fmt::format("<lrm_resource id='a' class='ocf' provider='p' type='t'><lrm_rsc_op id='a_last_0' "
                                    "operation_key='a_start_0' operation='start' interval='0' call-id='2' rc-code='0' op-status='0' "
                                    "transition-key='1:1:0:x' transition-magic='0:0;1:1:0:x' op-digest='{}'/></lrm_resource>",
                                    "f2317cad3d54cec5d7d7aa7d0bf35cf8")
                      : std::string();
    return fmt::format(
        "<node_state id='{0}' uname='{1}' in_ccm='{2}' crmd='{3}' join='{4}' expected='member'><lrm id='{0}'><lrm_resources>{5}"
        "</lrm_resources></lrm></node_state>",
        number, name, lost ? "false" : "true", lost ? "offline" : "online", lost ? "down" : "member", history);
  }

  explicit Planned(const Wanted& wanted) {
    const std::string text = fmt::format(
        "<cib validate-with='pacemaker-3.8' crm_feature_set='3.16.0' have-quorum='1' dc-uuid='2'><configuration><crm_config>"
        "<cluster_property_set id='o'>{0}</cluster_property_set></crm_config><nodes><node id='1' uname='n1'/>"
        "<node id='2' uname='n2'/><node id='3' uname='n3'/></nodes><resources>{1}</resources><constraints>{2}</constraints>"
        "</configuration><status>{3}{4}{5}</status></cib>",
        wanted.options, wanted.resources, wanted.constraints, node(1, wanted), node(2, wanted), node(3, wanted));
    REQUIRE(xml.load_string(text.c_str()));
    set = std::make_unique<WorkingSet>(xml.child("cib"), WallTime{1'700'000'000});
    REQUIRE(schedule(*set, log));
    for (Resource* rsc : set->resources) {
      if (rsc->is(Variant::clone)) create_notifications(*set, *rsc);
    }
  }

  [[nodiscard]] Action* find(std::string_view key) const {
    const auto at = std::find_if(set->actions.begin(), set->actions.end(), [&](const Action* a) { return a->key == key; });
    return at == set->actions.end() ? nullptr : *at;
  }
  [[nodiscard]] bool before(std::string_view first, std::string_view then) const {
    const Action* action = find(then);
    return action != nullptr && std::any_of(action->before.begin(), action->before.end(),
                                            [&](const Dependency& input) { return input.action->key == first; });
  }
};

constexpr const char* no_fencing = "<nvpair id='o1' name='stonith-enabled' value='false'/>";
constexpr const char* member = "<primitive id='a' class='ocf' provider='p' type='t'/>";

std::string clone(std::string_view meta, std::string_view child = member) {
  std::string pairs;
  for (std::size_t at = 0; at < meta.size();) {
    const auto equals = meta.find('=', at);
    const auto end = std::min(meta.find(' ', at), meta.size());
    pairs += fmt::format("<nvpair id='m{}' name='{}' value='{}'/>", at, meta.substr(at, equals - at),
                         meta.substr(equals + 1, end - equals - 1));
    at = end + 1;
  }
  return fmt::format("<clone id='c'><meta_attributes id='m'>{}</meta_attributes>{}</clone>", pairs, child);
}

}  // namespace

TEST_CASE("policy group: members follow each other between the group's start and its completion", "[policy]") {
  const Planned plan({.resources = "<group id='g'><primitive id='a' class='ocf' provider='p' type='t'/>"
                                   "<primitive id='b' class='ocf' provider='p' type='t'/></group>",
                      .options = no_fencing});
  CHECK(plan.before("g_start_0", "a_start_0"));
  CHECK(plan.before("a_start_0", "b_start_0"));
  CHECK(plan.before("b_start_0", "g_running_0"));
  CHECK_FALSE(plan.find("g_running_0")->optional);
  CHECK(plan.find("g_stop_0")->optional);
}

TEST_CASE("policy clone: instances of an ordered clone start one after the other", "[policy]") {
  const Planned plan({.resources = clone("ordered=true"), .options = no_fencing});
  CHECK(plan.before("a:0_start_0", "a:1_start_0"));
  CHECK(plan.before("a:1_start_0", "a:2_start_0"));
  const Planned parallel({.resources = clone("ordered=false"), .options = no_fencing});
  CHECK_FALSE(parallel.before("a:0_start_0", "a:1_start_0"));
}

TEST_CASE("policy notifications: those that start are told afterwards, of all that start", "[policy]") {
  const Planned plan({.resources = clone("notify=true"), .options = no_fencing});
  const Action* told = plan.find("a:1_post_notify_start_0");
  REQUIRE(told != nullptr);
  CHECK(told->meta.at("notify_start_resource") == "a:0 a:1 a:2");
  CHECK(told->meta.at("notify_start_uname") == "n1 n2 n3");
  CHECK(told->meta.at("notify_stop_resource") == " ");
  CHECK(told->meta.at("notify_inactive_resource") == "a:0 a:1 a:2");
  CHECK(plan.before("c_post_notify_running_0", "a:1_post_notify_start_0"));
  CHECK(plan.before("a:1_post_notify_start_0", "c_confirmed-post_notify_running_0"));
  CHECK(plan.find("a:1_pre_notify_start_0") == nullptr);  // nobody is there yet
}

TEST_CASE("policy notifications: before a stop all are told, afterwards those that stay", "[policy]") {
  const Planned plan({.resources = clone("notify=true"),
                      .options = no_fencing,
                      .constraints = "<rsc_location id='l' rsc='c' node='n3' score='-INFINITY'/>",
                      .active = true});
  const auto told = [&](std::string_view type) {
    return std::count_if(plan.set->actions.begin(), plan.set->actions.end(), [&](const Action* action) {
      return action->task == "notify" && action->node != nullptr && action->meta.at("notify_type") == type && !action->optional;
    });
  };
  CHECK(told("pre") == 3);
  CHECK(told("post") == 2);
  CHECK(plan.before("c_confirmed-pre_notify_stop_0", "c_stop_0"));
}

TEST_CASE("policy notifications: a clone that wants none has none", "[policy]") {
  const Planned plan({.resources = clone("notify=false"), .options = no_fencing});
  CHECK(plan.find("c_pre_notify_start_0") == nullptr);
}

TEST_CASE("policy fencing: implies the stops on its target, which come after it", "[policy]") {
  const Planned plan({.resources = std::string(member) + "<primitive id='f' class='stonith' type='fence_x'/>",
                      .constraints = "<rsc_location id='l' rsc='a' node='n1' score='100'/>",
                      .lost = "n1",
                      .active = true});
  const Action* fencing = plan.find("stonith-n1-reboot");
  REQUIRE(fencing != nullptr);
  CHECK_FALSE(fencing->optional);
  const auto& actions = plan.set->actions;
  const auto implied = std::find_if(actions.begin(), actions.end(), [](const Action* action) {
    return action->key == "a_stop_0" && action->node != nullptr && action->node->name == "n1";
  });
  REQUIRE(implied != actions.end());
  CHECK((*implied)->pseudo);
  CHECK((*implied)->implied_by_fencing);
  CHECK(plan.before("stonith-n1-reboot", "a_start_0"));
}

TEST_CASE("policy fencing: the DC is fenced last, others one after the other", "[policy]") {
  Planned plan({.resources = "<primitive id='f' class='stonith' type='fence_x'/>", .lost = "n1"});
  WorkingSet& set = *plan.set;
  for (const char* name : {"n2", "n3"}) fence_node(set, *set.find_node(name), "test", false);
  fence_and_shut_down(set);
  CHECK(plan.before("stonith-n1-reboot", "stonith-n3-reboot"));
  CHECK(plan.before("stonith-n3-reboot", "stonith-n2-reboot"));
}
