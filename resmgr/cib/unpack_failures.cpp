// Fail counts and their expiry. Source: resmgr spec 1.6.
#include <algorithm>

#include "common/base/text.hpp"
#include "resmgr/cib/unpack_context.hpp"

namespace relevo::cib {
namespace {

/// The values of `name` and of `name#operation`.
std::vector<std::string> matching(const model::NvMap& attributes, const std::string& name) {
  std::vector<std::string> found;
  for (auto it = attributes.lower_bound(name); it != attributes.end() && it->first.starts_with(name); ++it)
    if (it->first.size() == name.size() || it->first[name.size()] == '#') found.push_back(it->second);
  return found;
}

model::FailCount count_on(const UnpackContext& context, const model::Node& node, const model::Resource& resource) {
  model::FailCount result;
  model::Score sum;
  for (const std::string& text : matching(node.transient, "fail-count-" + resource.id))
    sum = sum + model::parse_score(text).value_or(model::Score(1));
  for (const std::string& text : matching(node.transient, "last-failure-" + resource.id))
    if (const auto at = parse_int(text)) result.last_failure = std::max(result.last_failure, WallTime{*at});
  result.count = result.effective = std::max(0, sum.value);
  const WallTime end{result.last_failure.seconds + resource.failure_timeout.count()};
  if (result.count > 0 && resource.failure_timeout.count() > 0 && result.last_failure.seconds > 0 &&
      context.now > end) {
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
