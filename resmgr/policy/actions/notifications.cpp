// Who is told what: the notify actions of each instance, and the environment of them and of the operations themselves.
// See notifications.hpp.
#include "resmgr/policy/actions/notifications.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "resmgr/policy/set/values.hpp"

namespace relevo::policy {
namespace {

/// An instance, and where it is or shall do something; no node for inactive ones.
using Entry = std::pair<const Resource*, const Node*>;

/// What the instances of one clone are and do.
struct Picture {
  std::vector<Entry> active, inactive, promoted, unpromoted;
  std::vector<Entry> start, stop, promote, demote;
  Attributes environment;
};

std::vector<Entry>* list_of(Picture& picture, std::string_view task) {
  if (task == "start") return &picture.start;
  if (task == "stop") return &picture.stop;
  if (task == "promote") return &picture.promote;
  if (task == "demote") return &picture.demote;
  return nullptr;
}

bool is_told_of(std::string_view task) {
  return task == "start" || task == "stop" || task == "promote" || task == "demote";
}

void add_state(const Resource& rsc, Picture& picture) {
  const Entry entry{&rsc, rsc.running_on.empty() ? nullptr : rsc.running_on.front()};
  if (rsc.role == Role::stopped) picture.inactive.push_back(entry);
  if (rsc.role >= Role::started) picture.active.push_back(entry);
  if (rsc.role == Role::unpromoted) picture.unpromoted.push_back(entry);
  if (rsc.role == Role::promoted) picture.promoted.push_back(entry);
}

void add_actions(const Resource& rsc, Picture& picture) {
  for (const Action* action : rsc.actions) {
    if (action->optional || action->node == nullptr) continue;
    // Stops on nodes that cannot be fenced are told of, too
    const bool counts = action->runnable || (action->task == "stop" && action->node->unclean);
    auto* list = counts ? list_of(picture, action->task) : nullptr;
    if (list != nullptr) list->emplace_back(&rsc, action->node);
  }
}

void look_at(const Resource& rsc, Picture& picture) {
  for (const Resource* child : rsc.children) look_at(*child, picture);
  if (!rsc.children.empty()) return;
  add_state(rsc, picture);
  add_actions(rsc, picture);
}

void add_word(std::string& words, std::string_view word) {
  if (!words.empty()) words += ' ';
  words += word;
}

/// Agents get a blank for an empty list.
void put(Attributes& environment, std::string name, std::string words) {
  environment.insert_or_assign(std::move(name), words.empty() ? std::string(" ") : std::move(words));
}

bool by_id(const Entry& a, const Entry& b) {
  const auto node = [](const Entry& e) { return e.second == nullptr ? std::string_view() : e.second->id; };
  return std::forward_as_tuple(a.first->id, node(a)) < std::forward_as_tuple(b.first->id, node(b));
}

/// The names of the entries' resources and, in the same places, of their nodes.
void put_entries(Attributes& environment, const std::string& kind, std::vector<Entry>& entries, bool with_nodes) {
  std::sort(entries.begin(), entries.end(), by_id);
  std::string resources;
  std::string nodes;
  const Resource* last = nullptr;
  for (const auto& [rsc, node] : entries) {
    if ((with_nodes && node == nullptr) || rsc == last) continue;
    last = rsc;
    add_word(resources, rsc->id);
    if (node != nullptr) add_word(nodes, node->name);
  }
  put(environment, "notify_" + kind + "_resource", std::move(resources));
  if (with_nodes) put(environment, "notify_" + kind + "_uname", std::move(nodes));
}

/// The machine behind a guest.
const Node& host_of(const Node& node) {
  if (!node.is_guest() || node.connection->container->running_on.empty()) return node;
  return *node.connection->container->running_on.front();
}

void put_nodes(const WorkingSet& set, const Resource& clone, Attributes& environment) {
  std::string available;
  std::string all;
  std::string hosts;
  for (const Node* node : set.nodes) {
    if (clone.allowed.find(*node) != nullptr) add_word(available, node->name);
    add_word(all, node->name);
    add_word(hosts, host_of(*node).name);
  }
  put(environment, "notify_available_uname", std::move(available));
  put(environment, "notify_all_uname", std::move(all));
  const auto* target = find(clone.meta, "container-attribute-target");
  if (target != nullptr && *target == "host") put(environment, "notify_all_hosts", std::move(hosts));
}

void fill_environment(const WorkingSet& set, const Resource& clone, Picture& picture) {
  Attributes& environment = picture.environment;
  for (const std::string task : {"stop", "start", "demote", "promote"}) {
    put_entries(environment, task, *list_of(picture, task), true);
  }
  put_entries(environment, "active", picture.active, true);
  put_entries(environment, "unpromoted", picture.unpromoted, true);
  put_entries(environment, "promoted", picture.promoted, true);
  put_entries(environment, "slave", picture.unpromoted, true);  // agents of old times read these two
  put_entries(environment, "master", picture.promoted, true);
  put_entries(environment, "inactive", picture.inactive, false);
  put_nodes(set, clone, environment);
}

/// What was said first stays: after a stop that fencing implies, agents hear of that stop only.
void add_environment(const Attributes& environment, Action& action) {
  for (const auto& [name, value] : environment) action.meta.try_emplace(name, value);
}

/// One operation of one clone.
struct Notifier {
  WorkingSet& set;
  std::string_view operation;
  const NotifyPoints& points;
  const Attributes& environment;
  bool happens;  ///< some instance does it

  void tell_all(Resource& rsc) const;

 private:
  Action* tell(Resource& rsc, Node& node, Action* before, Action* after) const;
  void tell_after(Resource& rsc, Node& node) const;
  void tell_of_end(Resource& rsc) const;
  void tell_of_begin(Resource& rsc) const;
};

/// The notify action of `rsc` on `node` between two points; none when the node is away or the operation cannot be.
Action* Notifier::tell(Resource& rsc, Node& node, Action* before, Action* after) const {
  if (before == nullptr || after == nullptr || !node.online || !before->runnable) return nullptr;
  const auto* type = find(before->meta, "notify_type");
  const auto* of = find(before->meta, "notify_operation");
  if (type == nullptr || of == nullptr) return nullptr;
  Action& notify = custom_action(set, &rsc, notify_key(rsc.id, *type, *of), before->task, &node, before->optional);
  notify.meta.insert(before->meta.begin(), before->meta.end());  // its own timeout and the like stay
  add_environment(environment, notify);
  order_actions(*before, notify, order::optional);
  order_actions(notify, *after, order::optional);
  return &notify;
}

/// Recurring operations wait until all have been told.
void Notifier::tell_after(Resource& rsc, Node& node) const {
  Action* notify = tell(rsc, node, points.post, points.post_done);
  if (notify != nullptr) notify->priority = Score::infinity;
  if (points.post_done == nullptr) return;
  for (Action* action : rsc.actions) {
    const auto* interval = find(action->meta, "interval");
    if (interval == nullptr || *interval == "0" || action->task == "cancel") continue;
    order_actions(*points.post_done, *action, order::optional);
  }
}

/// Of a stop or demote: those that are active are told, and afterwards those that stay.
void Notifier::tell_of_end(Resource& rsc) const {
  if (rsc.role == Role::stopped) return;
  const Action* stop = find_first_action(rsc, {}, "stop", nullptr);
  for (Node* node : rsc.running_on) {
    // Not on a node whose fencing implies the stop
    if (stop != nullptr && stop->pseudo && (node->unclean || node->remote_requires_reset)) continue;
    tell(rsc, *node, points.pre, points.pre_done);
    if (operation == "demote" || stop == nullptr || stop->optional) tell_after(rsc, *node);
  }
}

/// Of a start or promote: those that will be active; before a start only those that are active already.
void Notifier::tell_of_begin(Resource& rsc) const {
  if (rsc.next_role == Role::stopped || rsc.assigned_to == nullptr) return;
  const Action* start = find_first_action(rsc, {}, "start", nullptr);
  if (start != nullptr && !start->optional && !start->runnable) return;  // it will not be there
  if (operation != "start" || start == nullptr || start->optional) {
    tell(rsc, *rsc.assigned_to, points.pre, points.pre_done);
  }
  tell_after(rsc, *rsc.assigned_to);
}

void Notifier::tell_all(Resource& rsc) const {
  for (Resource* child : rsc.children) tell_all(*child);
  if (!rsc.children.empty()) return;
  for (Action* action : rsc.actions) {
    if (!is_told_of(action->task) || action->optional || action->node == nullptr) continue;
    add_environment(environment, *action);
  }
  if (operation == "stop") {
    tell_of_end(rsc);  // also when there is no stop action: fencing may imply it
  } else if (happens && operation == "demote") {
    tell_of_end(rsc);
  } else if (happens) {
    tell_of_begin(rsc);
  }
}

void require_points(const NotifyPoints& points) {
  for (Action* point : {points.pre, points.pre_done, points.post, points.post_done}) {
    if (point != nullptr) point->optional = false;
  }
}

}  // namespace

void create_notifications(WorkingSet& set, Resource& clone) {
  const CloneFacts& facts = clone.clone;
  Picture picture;
  bool looked = false;
  for (const auto& [operation, points] :
       {std::pair{"start", &facts.notify_start}, std::pair{"stop", &facts.notify_stop},
        std::pair{"promote", &facts.notify_promote}, std::pair{"demote", &facts.notify_demote}}) {
    if (points->pre == nullptr) continue;
    if (!looked) {
      look_at(clone, picture);
      fill_environment(set, clone, picture);
      looked = true;
    }
    const std::string_view task = operation;
    const auto& entries = *list_of(picture, task);
    const bool happens = !entries.empty();
    if (happens) require_points(*points);
    Notifier{set, task, *points, picture.environment, happens}.tell_all(clone);
  }
}

void notify_after_fencing(WorkingSet& set, Resource& rsc, const Action& stop, Action& fencing) {
  const NotifyPoints points = notify_points(set, rsc, "stop", nullptr, &fencing);
  if (points.post == nullptr || stop.node == nullptr) return;
  const Attributes environment{{"notify_stop_resource", rsc.id}, {"notify_stop_uname", stop.node->name}};
  Notifier{set, "stop", points, environment, true}.tell_all(rsc.top_inside());
}

}  // namespace relevo::policy
