// Which resource a history belongs to. Easy, but for anonymous clones, whose instances have no names of their own in it, and
// for what is in a bundle. Source: resmgr spec 2(a) stage 1.6.
#include <fmt/format.h>

#include "resmgr/policy/unpack/status_pass.hpp"
#include "resmgr/policy/unpack/unpack.hpp"

namespace relevo::policy::past {
namespace {

/// Without `:N`.
std::string_view base_name(std::string_view id) {
  const auto digits = id.find_last_not_of("0123456789");
  if (digits == std::string_view::npos || id[digits] != ':' || digits + 1 == id.size()) return id;
  return id.substr(0, digits);
}

/// The first node where it, or a part of it, is active or has something in flight.
const Node* first_location(const Resource& rsc) {
  if (rsc.children.empty()) {
    return rsc.running_on.empty() ? rsc.pending_node : rsc.running_on.front();
  }
  for (const Resource* child : rsc.children) {
    if (const Node* node = first_location(*child); node != nullptr) return node;
  }
  return nullptr;
}

/// The instance itself, or its member, of that name.
Resource* part_of(Resource& instance, std::string_view name) {
  if (instance.id == name || base_name(instance.id) == name) return &instance;
  for (Resource* child : instance.children) {
    if (Resource* part = part_of(*child, name); part != nullptr) return part;
  }
  return nullptr;
}

Resource* new_removed_instance(WorkingSet& set, Resource& clone, std::string_view name) {
  const int number = static_cast<int>(clone.children.size());
  Resource* instance = new_clone_instance(set, clone, number, number >= clone.clone.clone_max);
  return instance == nullptr ? nullptr : part_of(*instance, name);
}

/// Where the node is gone and nothing waits for its fencing, a number is not given to it that another node could use.
bool is_wasted_on(const WorkingSet& set, const Resource& instance, const Resource& clone, const Node& node) {
  if (instance.needs_fencing || node.is_guest()) return false;
  const bool universal = static_cast<std::size_t>(clone.clone.clone_max) == set.nodes.size();
  return (!node.online || node.unclean) && !universal;
}

struct Found {
  Resource* active = nullptr;
  Resource* free = nullptr;
};

Found find_instance(WorkingSet& set, const Resource& clone, const Node& node, std::string_view name) {
  Found found;
  bool skip_free = false;
  for (Resource* instance : clone.children) {
    if (const Node* at = first_location(*instance); at != nullptr) {
      if (at != &node) continue;
      Resource* part = part_of(*instance, name);
      if (part == nullptr) continue;
      if (part->running_on.empty()) {
        found.active = part;
        break;
      }
      // Several numbers on one node, from when the clone was unique: those after the first are removed ones
      set.say(Notice::Level::notice, fmt::format("Anonymous clone {} has histories of several instances on {}", clone.id, node.name));
      skip_free = true;
    } else if (!skip_free && found.free == nullptr && !instance->blocked) {
      found.free = part_of(*instance, name);
      if (found.free != nullptr && found.free->pending_node != nullptr && found.free->pending_node != &node) found.free = nullptr;
    }
  }
  if (skip_free) found.free = nullptr;
  return found;
}

Resource* anonymous_instance(WorkingSet& set, Resource& clone, const Node& node, std::string_view name) {
  const Found found = find_instance(set, clone, node, name);
  Resource* instance = found.active != nullptr ? found.active : found.free;
  if (instance != nullptr && is_wasted_on(set, *instance, clone, node)) instance = nullptr;
  return instance != nullptr ? instance : new_removed_instance(set, clone, name);
}

Resource* bundle_child_on(const Resource& bundle, const Node& node) {
  if (!bundle.bundle) return nullptr;
  for (const Replica& replica : bundle.bundle->replica) {
    if (replica.child != nullptr && replica.node == &node) return replica.child;
  }
  return nullptr;
}

void rename(Resource& rsc, std::string_view id) {
  if (id != rsc.id && id != rsc.history_name) rsc.history_name = id;
}

}  // namespace

bool is_anonymous(const Resource& rsc) { return rsc.top_inside().is(Variant::clone) && !rsc.unique; }

bool is_bundled(const Resource& rsc) {
  const Resource* outermost = &rsc;
  while (outermost->parent != nullptr) outermost = outermost->parent;
  return outermost->is(Variant::bundle);
}

Resource* Lookup::find(std::string_view id) {
  // The set may have grown since, by what was removed from the configuration
  const bool known_last = last_ < next_.size();
  Resource* guess = known_last ? next_[last_] : nullptr;
  if (guess == nullptr || guess->id != id) {
    guess = set_.find_resource(id);
    if (guess == nullptr) return nullptr;
    if (known_last) next_[last_] = guess;
  }
  last_ = guess->index;
  return guess;
}

Resource* owner_of_history(Pass& pass, Node& node, std::string_view id) {
  WorkingSet& set = pass.set;
  Resource* rsc = pass.resources.find(id);
  if (rsc != nullptr && !rsc->is(Variant::primitive)) return nullptr;
  if (rsc == nullptr) {
    // Without a number it may be an instance; clones that may have none have a first one, too
    rsc = set.find_resource(fmt::format("{}:0", base_name(id)));
    if (rsc == nullptr || rsc->unique || !rsc->is(Variant::primitive)) return nullptr;
  }
  Resource& top = rsc->top_inside();
  if (top.is(Variant::clone) && !top.unique) {
    rsc = is_bundled(*rsc) ? bundle_child_on(*top.parent, node) : anonymous_instance(set, top, node, base_name(id));
  }
  if (rsc != nullptr) rename(*rsc, id);
  return rsc;
}

}  // namespace relevo::policy::past
