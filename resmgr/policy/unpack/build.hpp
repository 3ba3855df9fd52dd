// How resources and nodes are made; shared by the files of this folder and of no others but status, which uses the node's part.
#pragma once

#include "resmgr/policy/set/values.hpp"
#include "resmgr/policy/unpack/unpack.hpp"

namespace relevo::policy {

/// unpack_resource() with the instance number that its id gets, empty = none.
Resource* build_resource(WorkingSet& set, pugi::xml_node xml, Resource* parent, std::string_view instance);

/// The element with its template merged in, and `operations` that are a reference replaced by what they refer to. The element
/// itself when there is nothing to merge; nothing (told) when it cannot be done.
[[nodiscard]] pugi::xml_node merge_template(WorkingSet& set, pugi::xml_node xml);
/// Where elements made on the way are kept.
[[nodiscard]] pugi::xml_node keep_in(WorkingSet& set, const char* shelf);

/// Meta attributes: the element's own, what its parents set, rsc_defaults, then what the parents resolved to.
void resolve_meta(WorkingSet& set, Resource& rsc);
/// What the meta attributes mean, for every variant.
void apply_meta(WorkingSet& set, Resource& rsc);

// What is special to a variant. False: it cannot be used (told).
bool build_primitive(WorkingSet& set, Resource& rsc);
bool build_group(WorkingSet& set, Resource& rsc, std::string_view instance);
bool build_clone(WorkingSet& set, Resource& rsc);
bool build_bundle(WorkingSet& set, Resource& rsc);

/// Everywhere by default: the resource and all below it may run on every node with the node's own score.
void allow_everywhere(WorkingSet& set, Resource& rsc);

/// `ocf:pacemaker:remote`?
[[nodiscard]] bool is_remote_connection(pugi::xml_node primitive);
/// The element of a connection that nobody configured.
struct ConnectionParts {
  std::string id, container;
  std::string_view allow_migrate{}, is_managed{}, start_timeout{}, server{}, port{};
};
[[nodiscard]] pugi::xml_node make_connection(pugi::xml_node parent, const ConnectionParts& parts);
pugi::xml_node add_pair(pugi::xml_node block, std::string_view name, std::string_view value);
pugi::xml_node add_op(pugi::xml_node operations, std::string_view prefix, std::string_view name, std::string_view interval,
                      std::string_view timeout);

/// Until its node_state is seen nobody knows what runs there.
void expect_state(WorkingSet& set, Node& node);
/// Attributes of a node from the blocks below `from`, with those that the cluster itself gives it (#uname, #id ...).
void read_node_attributes(WorkingSet& set, pugi::xml_node from, Node& node, bool overwrite);
void read_utilization(WorkingSet& set, pugi::xml_node from, const Asking& asking, std::map<std::string, int, std::less<>>& out);

}  // namespace relevo::policy
