// Fail counts and their expiry. Source: resmgr spec 1.6.
#include <algorithm>

#include "common/base/text.hpp"
#include "resmgr/cib/unpack_context.hpp"

namespace relevo::cib {
namespace {

/// The values of `prefix + resource` and `prefix + resource#operation`, with the operation's part of the name.
std::vector<std::pair<std::string, std::string>> matching(const model::NvMap& attributes, const std::string& name) {
  std::vector<std::pair<std::string, std::string>> found;
  for (auto it = attributes.lower_bound(name); it != attributes.end() && it->first.starts_with(name); ++it) {
    const std::string_view rest = std::string_view(it->first).substr(name.size());
    if (rest.empty() || rest.front() == '#') found.emplace_back(rest.empty() ? "" : rest.substr(1), it->second);
  }
  return found;
}

/// `monitor_10000` belongs to an operation with on-fail=block: such failures never expire.
bool blocks(const model::Resource& resource, const std::string& operation) {
  const auto line = operation.rfind('_');
  if (line == std::string::npos) return false;
  const auto interval = parse_uint(std::string_view(operation).substr(line + 1));
  const auto* op = interval ? resource.operation(operation.substr(0, line), std::chrono::milliseconds(*interval)) : nullptr;
  return op && op->on_fail_set && op->on_fail == model::OnFail::block;
}

model::FailCount count_on(const UnpackContext& context, const model::Node& node, model::Resource& resource) {
  model::FailCount result;
  model::Score sum;
  for (const auto& [operation, text] : matching(node.transient, "fail-count-" + resource.id)) {
    sum = sum + model::parse_score(text).value_or(model::Score(1));
    if (blocks(resource, operation)) resource.failure_timeout = std::chrono::seconds(0);
  }
  for (const auto& [operation, text] : matching(node.transient, "last-failure-" + resource.id))
    if (const auto at = parse_int(text)) result.last_failure = std::max(result.last_failure, WallTime{*at});
  result.count = result.effective = std::max(0, sum.value);
  const WallTime end{result.last_failure.seconds + resource.failure_timeout.count()};
  if (result.count > 0 && resource.failure_timeout.count() > 0 && result.last_failure.seconds > 0 && context.now > end) {
    result.effective = 0;
    result.expired = true;
    result.clear_reason = "it expired";
  }
  return result;
}

}  // namespace

void unpack_fail_counts(UnpackContext& context, model::Resource& resource) {
  for (const model::Node& node : context.state.nodes) {
    const model::FailCount count = count_on(context, node, resource);
    if (count.count == 0 && count.last_failure.seconds == 0) continue;
    if (count.effective > 0 && resource.failure_timeout.count() > 0)
      context.recheck(WallTime{count.last_failure.seconds + resource.failure_timeout.count() + 1});
    resource.fail_counts[node.uname] = count;
  }
}

}  // namespace relevo::cib
