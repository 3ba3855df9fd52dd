// The pseudo actions that notifications hang on, see notifications.hpp.
#include <string>

#include "resmgr/policy/actions/notifications.hpp"

namespace relevo::policy {
namespace {

/// One point beside `action`. `type`: pre, post, confirmed-pre or confirmed-post.
Action& new_point(WorkingSet& set, Resource& rsc, const Action& action, std::string_view task, std::string_view type,
                  std::string_view operation) {
  Action& point = custom_action(set, &rsc, notify_key(rsc.id, type, action.task), task, nullptr, action.optional);
  point.pseudo = true;
  point.meta.insert_or_assign("notify_key_type", std::string(type));
  point.meta.insert_or_assign("notify_key_operation", action.task);
  point.meta.insert_or_assign("notify_type", type.ends_with("pre") ? "pre" : "post");
  point.meta.insert_or_assign("notify_operation", std::string(operation));
  return point;
}

void set_runnable(Action& point, bool runnable) {
  point.runnable = runnable;
  if (runnable) point.why_not.clear();
}

}  // namespace

NotifyPoints notify_points(WorkingSet& set, Resource& rsc, std::string_view operation, Action* action,
                           Action* complete) {
  NotifyPoints points;
  if (!rsc.notify) return points;
  if (action != nullptr) {
    points.pre = &new_point(set, rsc, *action, "notify", "pre", operation);
    points.pre_done = &new_point(set, rsc, *action, "notified", "confirmed-pre", operation);
    set_runnable(*points.pre, true);
    set_runnable(*points.pre_done, true);
    order_actions(*points.pre, *points.pre_done, order::optional);
    order_actions(*points.pre_done, *action, order::optional);
  }
  if (complete != nullptr) {
    points.post = &new_point(set, rsc, *complete, "notify", "post", operation);
    points.post_done = &new_point(set, rsc, *complete, "notified", "confirmed-post", operation);
    for (Action* point : {points.post, points.post_done}) {
      point->priority = Score::infinity;
      set_runnable(*point, complete->runnable);
    }
    order_actions(*complete, *points.post, order::implies_then);
    order_actions(*points.post, *points.post_done, order::implies_then);
  }
  if (action != nullptr && complete != nullptr) order_actions(*points.pre_done, *points.post, order::optional);
  return points;
}

void order_points(const NotifyPoints& first, const NotifyPoints& then) {
  if (first.post_done != nullptr && then.pre != nullptr) order_actions(*first.post_done, *then.pre, order::optional);
}

}  // namespace relevo::policy
