// A node as the policy engine sees it. Facts of the node itself; what a resource has to do with it is in NodeTable.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <pugixml.hpp>

#include "resmgr/policy/set/types.hpp"

namespace relevo::policy {

struct Action;
struct Resource;

using Attributes = std::map<std::string, std::string, std::less<>>;

struct Node {
  std::size_t index = 0;  ///< in WorkingSet::all_nodes, never changes; WorkingSet::nodes is sorted by name
  std::string name, id;
  NodeKind kind = NodeKind::cluster;
  Score score;  ///< `score` of the node element
  Discovery discovery = Discovery::always;  ///< never: the inside of a bundle, nothing is allowed there by default

  bool seen = false;            ///< has a node_state
  bool unpacked = false;        ///< its history has been read
  bool online = false;
  bool pending = false;         ///< joining
  bool unclean = false;         ///< must be fenced before anything else happens with it
  bool standby = false;
  bool standby_on_fail = false;
  bool maintenance = false;
  bool shutdown = false;        ///< asked to leave
  bool expected_up = false;
  bool is_dc = false;
  bool discovery_enabled = true;      ///< node attribute resource-discovery-enabled
  bool remote_requires_reset = false; ///< guest or remote whose connection must be made anew
  bool remote_was_fenced = false;
  bool remote_maintenance = false;
  bool shutdown_locks = false;        ///< some resource is locked to it
  int priority = 0;                   ///< sum of priorities of what runs there, for priority-fencing-delay
  int assigned = 0;                   ///< resources assigned so far in this plan

  Attributes attributes;         ///< permanent and transient, with #uname, #id, #kind, #is_dc, #cluster-name, #site-name
  std::map<std::string, int, std::less<>> capacity;   ///< utilization; reduced while resources are assigned
  Attributes digests_all, digests_secure;             ///< #digests-*
  Resource* connection = nullptr;                     ///< of a remote or guest node
  std::vector<Resource*> running;                     ///< active there, in the order the history told
  std::vector<Resource*> assigned_resources;
  Action* fencing = nullptr;                          ///< the action that fences it, once there is one
  pugi::xml_node state;                               ///< node_state, may be empty

  [[nodiscard]] bool is_remote() const { return kind == NodeKind::remote; }
  [[nodiscard]] bool is_guest() const;  ///< remote, and its connection lives in a container
};

}  // namespace relevo::policy
