// Operations of a primitive: the configured ones with op_defaults, and those that every resource has anyway.
#include <algorithm>

#include "common/base/text.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/cib/unpack_context.hpp"

namespace relevo::cib {
namespace {

using model::OnFail;
using model::OperationSpec;
using std::chrono::milliseconds;

const std::string* find(const OperationSpec& op, const char* name) {
  const auto it = op.meta.find(name);
  return it == op.meta.end() ? nullptr : &it->second;
}

OnFail default_on_fail(const UnpackContext& context, std::string_view task) {
  if (task != "stop") return OnFail::restart;
  return context.state.options.stonith_enabled ? OnFail::fence : OnFail::block;
}

/// What the word means for this operation. Source: resmgr spec 1.3, "Operations".
OnFail read_on_fail(UnpackContext& context, const std::string& where, OperationSpec& op) {
  const std::string* text = find(op, "on-fail");
  if (!text) return default_on_fail(context, op.name);
  const auto value = model::parse_on_fail(*text);
  const auto refuse = [&](const char* why) {
    context.warn(where + ": on-fail='" + *text + "' " + why + "; the default is used");
    return default_on_fail(context, op.name);
  };
  if (!value) return refuse("is not one of ignore, block, stop, restart, standby, fence, demote");
  const bool forbidden = *value == OnFail::standby || *value == OnFail::stop || *value == OnFail::demote;
  if (op.name == "stop" && forbidden) return refuse("is not possible for stop");
  if (*value == OnFail::demote) return refuse("needs a promotable resource");
  op.on_fail_set = true;
  if (*value != OnFail::fence || context.state.options.stonith_enabled) return *value;
  context.warn(where + ": on-fail=fence without stonith-enabled makes no sense: the resource is stopped instead");
  return OnFail::stop;
}

void read_times(UnpackContext& context, const std::string& where, OperationSpec& op) {
  const auto time = [&](const char* name, milliseconds& into) {
    const std::string* text = find(op, name);
    if (!text) return;
    if (const auto value = parse_duration(*text))
      into = *value;
    else
      context.warn(where + ": " + name + "='" + *text + "' is not a time such as 20s; the default is used");
  };
  time("timeout", op.timeout);
  time("start-delay", op.start_delay);
}

/// Fills in what the metas say; they are complete by now.
void settle(UnpackContext& context, const model::Resource& resource, OperationSpec& op) {
  const std::string where = fmt::format("operation {} of resource '{}'", op.name, resource.id);
  read_times(context, where, op);
  op.on_fail = read_on_fail(context, where, op);
  if (const std::string* text = find(op, "enabled")) op.enabled = parse_bool(*text).value_or(true);
  if (const std::string* text = find(op, "role")) op.role = model::parse_role(*text).value_or(model::Role::unknown);
}

void add_defaults(UnpackContext& context, const model::Resource& resource, OperationSpec& op) {
  const RuleSubject subject{.resource = &resource, .operation = op.name, .interval = op.interval};
  add_blocks(context, context.section("op_defaults"), "meta_attributes", subject, op.meta);
}

void read_operation(UnpackContext& context, const pugi::xml_node& xml, model::Resource& resource) {
  OperationSpec op;
  op.id = xml::attribute_or(xml, "id");
  op.name = xml::attribute_or(xml, "name");
  const auto interval = parse_duration(xml::attribute_or(xml, "interval", "0"));
  if (!interval)
    return context.warn("operation '" + op.id + "': its interval is not a time such as 10s: it is ignored");
  op.interval = *interval;
  for (const pugi::xml_attribute& attribute : xml.attributes()) {
    const std::string_view name = attribute.name();
    if (name != "id" && name != "name" && name != "interval" && name != "description")
      op.meta.emplace(name, attribute.value());
  }
  const RuleSubject subject{.resource = &resource, .operation = op.name, .interval = op.interval};
  add_blocks(context, xml, "meta_attributes", subject, op.meta);
  add_blocks(context, xml, "instance_attributes", subject, op.parameters);
  add_defaults(context, resource, op);
  settle(context, resource, op);
  for (OperationSpec& other : resource.operations) {
    if (other.name != op.name || other.interval != op.interval) continue;
    // Nobody can say which was meant; Pacemaker runs neither.
    context.warn("operations '" + other.id + "' and '" + op.id +
                 "' have the same name and interval: neither is repeated");
    if (op.interval.count() > 0) other.enabled = false;
    return;
  }
  resource.operations.push_back(std::move(op));
}

OperationSpec implied(UnpackContext& context, const model::Resource& resource, std::string_view task,
                      milliseconds interval) {
  OperationSpec op;
  op.name = task;
  op.interval = interval;
  op.configured = false;
  add_defaults(context, resource, op);
  if (task == "monitor" && interval.count() == 0) {
    // A probe that nobody configured takes the timeout of the most frequent monitor.
    const OperationSpec* frequent = nullptr;
    for (const OperationSpec& each : resource.operations)
      if (each.name == "monitor" && each.enabled && each.interval.count() > 0 &&
          (!frequent || each.interval < frequent->interval))
        frequent = &each;
    if (const std::string* timeout = frequent ? find(*frequent, "timeout") : nullptr) op.meta["timeout"] = *timeout;
  }
  settle(context, resource, op);
  return op;
}

}  // namespace

void unpack_operations(UnpackContext& context, const pugi::xml_node& xml, model::Resource& resource) {
  for (const pugi::xml_node& each : xml.child("operations").children("op"))
    if (const pugi::xml_node op = resolve(context, each)) read_operation(context, op, resource);
  for (const char* task : {"start", "stop", "monitor"})
    if (!resource.operation(task, milliseconds{0}))
      resource.operations.push_back(implied(context, resource, task, milliseconds{0}));
}

model::OperationSpec operation_for(UnpackContext& context, const model::Resource& resource, std::string_view task,
                                   milliseconds interval) {
  if (const OperationSpec* op = resource.operation(task, interval)) return *op;
  return implied(context, resource, task, interval);
}

}  // namespace relevo::cib
