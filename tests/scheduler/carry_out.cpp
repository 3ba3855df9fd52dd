// See carry_out.hpp.
#include "tests/scheduler/carry_out.hpp"

#include <fmt/core.h>

#include <catch2/catch.hpp>

#include "resmgr/controller/history.hpp"
#include "resmgr/controller/status.hpp"
#include "resmgr/transition/engine.hpp"
#include "tests/scheduler/support.hpp"

namespace relevo::test {
namespace {

/// A number above all calls and transitions of the random histories.
constexpr int later = 100'000;

std::string id_of(const cib::Document& document, const std::string& uname) {
  for (const auto& node : document.configuration().child("nodes").children("node"))
    if (uname == node.attribute("uname").value()) return node.attribute("id").value();
  return uname;
}

executor::OperationResult success(const transition::Firing& firing) {
  const scheduler::Action& action = firing.action;
  executor::OperationResult result;
  executor::Operation& op = result.operation;
  op.resource = action.resource;
  op.klass = action.klass;
  op.provider = action.provider;
  op.type = action.type;
  op.task = action.task;
  op.interval = action.interval;
  op.timeout = action.timeout;
  op.parameters = action.parameters;
  op.meta = action.meta;
  op.expected_rc = action.expected_rc;
  op.transition_key =
      fmt::format("{}:{}:{}:66666666-2222-3333-4444-555555555555", action.id, later, action.expected_rc);
  result.call_id = later + static_cast<int>(firing.serial);
  result.rc = action.expected_rc;
  result.status = executor::OpStatus::done;
  result.last_rc_change = result.last_run = some_time;
  return result;
}

void forget_failures(cib::Document& document, const std::string& uuid, const std::string& resource) {
  controller::forget_failures(document, uuid, resource);
  controller::forget_last_failure(document, uuid, resource);
}

void write(cib::Document& document, const transition::Firing& firing) {
  const scheduler::Action& action = firing.action;
  const std::string uuid = id_of(document, action.node);
  if (action.kind == scheduler::ActionKind::shutdown)
    controller::set_standing(document, uuid, action.node, controller::Standing::left);
  else if (action.kind == scheduler::ActionKind::cancel)
    controller::forget_recurring(document, uuid, action.resource, action.meta.at("operation"), action.interval);
  else if (action.kind == scheduler::ActionKind::forget)
    controller::forget_resource(document, uuid, action.resource);
  else if (action.kind == scheduler::ActionKind::clear_failures)
    forget_failures(document, uuid, action.resource);
  else
    controller::record(document, uuid, action.node, success(firing));
}

/// What an older plan had in flight and this one does not care about ends well, too.
void end_the_rest(cib::Document& document) {
  for (const auto& found : document.root().select_nodes("status//lrm_rsc_op[@op-status='-1']")) {
    pugi::xml_node entry = found.node();
    entry.attribute("op-status").set_value(0);
    entry.attribute("rc-code").set_value(0);
    entry.attribute("call-id").set_value(later - 1);
  }
}

transition::Verdict tell(transition::Engine& engine, const scheduler::Action& action) {
  if (action.kind == scheduler::ActionKind::shutdown) return engine.on_done(action.kind, action.node);
  const auto record = action.kind == scheduler::ActionKind::forget ? std::string(controller::forget_task) : action.task;
  return engine.on_result(action.resource, action.node, record, action.interval, action.expected_rc, true);
}

}  // namespace

void carry_out(cib::Document& document, const scheduler::Plan& plan) {
  transition::Engine engine;
  engine.set_plan(plan, {});
  for (auto fired = engine.fire({}); !fired.empty(); fired = engine.fire({})) {
    for (const transition::Firing& firing : fired) {
      write(document, firing);
      CHECK(tell(engine, firing.action) == transition::Verdict::expected);
    }
  }
  CHECK(engine.state() == transition::State::idle);
  end_the_rest(document);
}

}  // namespace relevo::test
