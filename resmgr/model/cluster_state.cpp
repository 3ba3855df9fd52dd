// Look-ups and names of the model's words. Not the reading of documents: cib::unpack() does that.
#include "resmgr/model/cluster_state.hpp"

#include <algorithm>

#include "common/base/text.hpp"

namespace relevo::model {
namespace {

/// The element of a vector with this id, or nothing.
template <class T, class Member>
const T* find(const std::vector<T>& all, std::string_view id, Member T::*member) {
  const auto it = std::find_if(all.begin(), all.end(), [&](const T& each) { return each.*member == id; });
  return it == all.end() ? nullptr : &*it;
}

}  // namespace

std::string Node::attribute(const std::string& name) const {
  if (const auto it = transient.find(name); it != transient.end()) return it->second;
  const auto it = attributes.find(name);
  return it == attributes.end() ? std::string() : it->second;
}

std::string Resource::agent() const {
  return provider.empty() ? klass + ":" + type : klass + ":" + provider + ":" + type;
}

const OperationSpec* Resource::operation(std::string_view name, std::chrono::milliseconds interval) const {
  for (const OperationSpec& op : operations)
    if (op.name == name && op.interval == interval) return &op;
  return nullptr;
}

const Node* ClusterState::node(std::string_view uname) const { return find(nodes, uname, &Node::uname); }
const Node* ClusterState::node_by_id(std::string_view id) const { return find(nodes, id, &Node::id); }
const Resource* ClusterState::resource(std::string_view id) const { return find(resources, id, &Resource::id); }
const Collection* ClusterState::collection(std::string_view id) const { return find(collections, id, &Collection::id); }

std::string_view to_string(Role role) {
  switch (role) {
    case Role::stopped:
      return "Stopped";
    case Role::started:
      return "Started";
    case Role::unpromoted:
      return "Unpromoted";
    case Role::promoted:
      return "Promoted";
    case Role::unknown:
      break;
  }
  return "Unknown";
}

std::string_view to_string(OnFail on_fail) {
  switch (on_fail) {
    case OnFail::ignore:
      return "ignore";
    case OnFail::demote:
      return "demote";
    case OnFail::restart:
      return "restart";
    case OnFail::ban:
      return "migrate";
    case OnFail::block:
      return "block";
    case OnFail::stop:
      return "stop";
    case OnFail::standby:
      return "standby";
    case OnFail::fence:
      return "fence";
  }
  return "restart";
}

std::optional<Role> parse_role(std::string_view text) {
  if (equals_ignoring_case(text, "Stopped")) return Role::stopped;
  if (equals_ignoring_case(text, "Started")) return Role::started;
  if (equals_ignoring_case(text, "Unpromoted") || equals_ignoring_case(text, "Slave")) return Role::unpromoted;
  if (equals_ignoring_case(text, "Promoted") || equals_ignoring_case(text, "Master")) return Role::promoted;
  return std::nullopt;
}

std::optional<OnFail> parse_on_fail(std::string_view text) {
  if (equals_ignoring_case(text, "migrate")) return OnFail::ban;
  for (const OnFail each :
       {OnFail::ignore, OnFail::demote, OnFail::restart, OnFail::block, OnFail::stop, OnFail::standby, OnFail::fence})
    if (equals_ignoring_case(text, to_string(each))) return each;
  return std::nullopt;
}

std::optional<QuorumPolicy> parse_quorum_policy(std::string_view text) {
  if (equals_ignoring_case(text, "stop")) return QuorumPolicy::stop;
  if (equals_ignoring_case(text, "ignore")) return QuorumPolicy::ignore;
  if (equals_ignoring_case(text, "freeze")) return QuorumPolicy::freeze;
  if (equals_ignoring_case(text, "demote")) return QuorumPolicy::demote;
  if (equals_ignoring_case(text, "suicide") || equals_ignoring_case(text, "fence")) return QuorumPolicy::suicide;
  return std::nullopt;
}

}  // namespace relevo::model
