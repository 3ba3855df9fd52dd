// A clone and its instances.
#include <algorithm>
#include <iterator>

#include "common/base/text.hpp"
#include "resmgr/policy/unpack/build.hpp"

namespace relevo::policy {
namespace {

/// A number from 0, whatever follows it; 0 when it is none.
int count_of(const Attributes& meta, std::string_view name, std::string_view older, int otherwise) {
  const auto* text = find(meta, name);
  if (text == nullptr && !older.empty()) text = find(meta, older);
  if (text == nullptr) return otherwise;
  constexpr std::int64_t most = 1'000'000;
  return static_cast<int>(std::clamp<std::int64_t>(leading_int(*text).value_or(0), 0, most));
}

/// No cluster runs as many primitives in the instances of one clone, or as many resources; more would only take all time and memory.
constexpr int most_in_a_clone = 1000;
constexpr std::size_t most_resources = 50'000;

int members_of(const Resource& clone) {
  if (std::string_view(clone.clone.child.name()) != "group") return 1;
  const auto members = clone.clone.child.children("primitive");
  return static_cast<int>(std::clamp<std::ptrdiff_t>(std::distance(members.begin(), members.end()), 1, most_in_a_clone));
}

int instances_of(WorkingSet& set, const Resource& rsc) {
  const int nodes = static_cast<int>(set.nodes.size());
  const int wanted = count_of(rsc.meta, "clone-max", "", std::max(1, nodes)), most = std::max(most_in_a_clone / members_of(rsc), nodes);
  if (wanted <= most) return wanted;
  set.say(Notice::Level::error, fmt::format("{}: clone-max of {} is more than any cluster can run, using {}", rsc.id, wanted, most));
  return most;
}

bool has_too_many(WorkingSet& set, const Resource& rsc) {
  if (set.all_resources.size() < most_resources) return false;
  set.say_once(Notice::Level::error, fmt::format("{}: only the first {} of its {} instances are used: with them there are {} resources", rsc.id,
                                                 rsc.children.size(), rsc.clone.clone_max, set.all_resources.size()));
  return true;
}

void read_limits(WorkingSet& set, Resource& rsc) {
  auto& clone = rsc.clone;
  clone.promoted_max = count_of(rsc.meta, "promoted-max", "master-max", 1);
  clone.promoted_node_max = count_of(rsc.meta, "promoted-node-max", "master-node-max", 1);
  clone.clone_max = instances_of(set, rsc);
  clone.clone_node_max = count_of(rsc.meta, "clone-node-max", "", 1);
  clone.clone_min = count_of(rsc.meta, "clone-min", "", 0);
  clone.ordered = bool_of(rsc.meta, "ordered", false);
  clone.interleave = bool_of(rsc.meta, "interleave", false);
  if (rsc.unique || clone.clone_node_max <= 1) return;
  set.say(Notice::Level::error, fmt::format("Ignoring clone-node-max of {} for {}: anonymous clones have one instance a node",
                                            clone.clone_node_max, rsc.id));
  clone.clone_node_max = 1;
}

void mark_removed(Resource& rsc) {
  rsc.removed = true;
  for (auto* child : rsc.children) mark_removed(*child);
}

}  // namespace

Resource* new_clone_instance(WorkingSet& set, Resource& clone, int number, bool removed) {
  auto* instance = build_resource(set, clone.clone.child, &clone, fmt::format("{}", number));
  if (instance == nullptr) return nullptr;
  clone.children.push_back(instance);
  if (removed) mark_removed(*instance);
  instance->meta.try_emplace("clone-max", fmt::format("{}", clone.clone.clone_max));
  return instance;
}

bool build_clone(WorkingSet& set, Resource& rsc) {
  rsc.clone.child = rsc.xml.child("group");
  if (!rsc.clone.child) rsc.clone.child = rsc.xml.child("primitive");
  if (!rsc.clone.child || std::string_view(rsc.clone.child.attribute("id").value()).empty()) {
    set.say(Notice::Level::error, fmt::format("{} has nothing to clone", rsc.id));
    return false;
  }
  read_limits(set, rsc);
  // Instances stay where they are unless there is a reason: otherwise they would be shuffled around for nothing.
  rsc.meta.try_emplace("resource-stickiness", "1");
  rsc.meta.try_emplace("globally-unique", rsc.unique ? "true" : "false");
  // A clone without instances has one that is removed: what its history tells finds its place.
  if (rsc.clone.clone_max <= 0) return new_clone_instance(set, rsc, 0, true) != nullptr;
  for (int number = 0; number < rsc.clone.clone_max; ++number) {
    if (number > 0 && has_too_many(set, rsc)) break;
    if (new_clone_instance(set, rsc, number, false) == nullptr) return false;
  }
  return true;
}

}  // namespace relevo::policy
