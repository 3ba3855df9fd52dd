// A working set made by hand, for tests of single stages: nodes, primitives and actions without a CIB.
#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>

#include "resmgr/policy/set/actions.hpp"
#include "resmgr/policy/set/working_set.hpp"

namespace relevo::policy::test {

class SetBuilder {
 public:
  WorkingSet& set() { return set_; }

  Node& node(const std::string& name) {
    Node& node = set_.new_node("id-" + name, name, NodeKind::cluster);
    node.online = true;
    return node;
  }

  /// The connection is a primitive of the same name, at the top.
  Node& remote(const std::string& name) {
    Node& node = set_.new_node(name, name, NodeKind::remote);
    node.online = true;
    node.connection = &primitive(name);
    node.connection->is_remote_connection = true;
    return node;
  }

  /// At the top, managed, started nowhere.
  Resource& primitive(const std::string& id) {
    Resource& rsc = set_.new_resource();
    rsc.id = id;
    rsc.klass = "ocf";
    rsc.provider = "pacemaker";
    rsc.type = "Dummy";
    rsc.unique = true;
    rsc.xml = document_.append_child("primitive");
    rsc.xml.append_attribute("id").set_value(id.c_str());
    set_.by_id.emplace(id, &rsc);
    set_.resources.push_back(&rsc);
    return rsc;
  }

  void starts_at(Resource& rsc, Node& node) {
    rsc.role = Role::stopped;
    rsc.next_role = Role::started;
    rsc.assigned_to = &node;
  }

  void runs_on(Resource& rsc, Node& node) {
    rsc.role = rsc.next_role = Role::started;
    rsc.assigned_to = &node;
    rsc.running_on.push_back(&node);
    node.running.push_back(&rsc);
  }

  /// Required and runnable.
  Action& action(Resource& rsc, std::string_view task, Node* node) {
    Action& action = bare(op_key(rsc.id, task), task);
    action.rsc = &rsc;
    action.node = node;
    rsc.actions.push_back(&action);
    return action;
  }

  Action& node_action(Node& node, std::string_view task, std::string_view key) {
    Action& action = bare(std::string(key), task);
    action.node = &node;
    return action;
  }

  Action& pseudo(std::string_view key) {
    Action& action = bare(std::string(key), key);
    action.pseudo = true;
    return action;
  }

  static void order(Action& first, Action& then, std::uint32_t type) {
    static_cast<void>(order_actions(first, then, type));
  }

 private:
  Action& bare(std::string key, std::string_view task) {
    Action& action = set_.all_actions.emplace_back();
    action.id = static_cast<std::uint32_t>(set_.all_actions.size());
    action.key = std::move(key);
    action.task = task;
    action.optional = false;
    set_.actions.push_back(&action);
    return action;
  }

  pugi::xml_document document_;
  WorkingSet set_{document_.append_child("cib"), WallTime{1'000'000}};
};

}  // namespace relevo::policy::test
