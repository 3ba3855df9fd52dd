// What the parts of unpack() share. Internal to resmgr/cib.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include <pugixml.hpp>

#include "common/base/time.hpp"
#include "resmgr/cib/document.hpp"
#include "resmgr/model/cluster_state.hpp"

namespace relevo::cib {

/// The document being read and the state being made.
struct UnpackContext {
  pugi::xml_node cib;
  WallTime now;
  model::ClusterState& state;
  std::map<std::string, std::size_t, std::less<>> places = {};  ///< of resources, by id

  [[nodiscard]] pugi::xml_node section(const char* name) const { return cib.child("configuration").child(name); }
  void warn(std::string text) { state.warnings.push_back(std::move(text)); }
  /// The earliest moment wins.
  void recheck(WallTime at);
  [[nodiscard]] model::Node* node(std::string_view uname);
  [[nodiscard]] model::Resource* resource(std::string_view id);
  model::Resource& add(model::Resource resource);
};

/// What a rule may ask about.
struct RuleSubject {
  const model::Node* node = nullptr;
  const model::Resource* resource = nullptr;
  std::string_view operation = {};
  std::chrono::milliseconds interval = {};
};

/// Whether the rule holds; a rule that cannot be judged does not hold and leaves a warning.
[[nodiscard]] bool rule_holds(UnpackContext& context, const pugi::xml_node& rule, const RuleSubject& subject);

/// Follows `id-ref`; the element itself when it has none. Empty when the reference leads nowhere.
[[nodiscard]] pugi::xml_node resolve(const UnpackContext& context, const pugi::xml_node& element);

/// The values of all blocks of that element name under `parent`: highest `score` first, then document order; the
/// first value seen wins; blocks whose rule does not hold are skipped. Source: resmgr spec 1.1, "Blocks & precedence".
void add_blocks(UnpackContext& context, const pugi::xml_node& parent, const char* element, const RuleSubject& subject,
                model::NvMap& values);

void unpack_options(UnpackContext& context);
void unpack_nodes(UnpackContext& context);
void unpack_resources(UnpackContext& context);
void unpack_constraints(UnpackContext& context);
/// After all of the above: node_state, transient attributes, history.
void unpack_status(UnpackContext& context);

/// The operations of a primitive, with start, stop and the probe implied. `xml` may be empty (orphans).
void unpack_operations(UnpackContext& context, const pugi::xml_node& xml, model::Resource& resource);
/// Values that come from meta attributes: managed, stickiness, threshold, ...
void resolve_metas(UnpackContext& context, model::Resource& resource);
/// The operation that a history entry belongs to; the defaults of its kind when none is configured.
[[nodiscard]] model::OperationSpec operation_for(UnpackContext& context, const model::Resource& resource,
                                                 std::string_view task, std::chrono::milliseconds interval);
/// Reads one node's history into the resources. `offline`: fencing is off and the node is gone.
void unpack_history(UnpackContext& context, const pugi::xml_node& lrm_resources, const std::string& node);
/// The entries of one resource on one node, oldest first. Source: resmgr spec 2(a) stage 1.7.
[[nodiscard]] std::vector<model::HistoryEntry> sorted_history(const pugi::xml_node& lrm_resource);
/// What the sorted entries mean for the resource. Source: resmgr spec 2(a) stages 1.8 to 1.10.
void apply_history(UnpackContext& context, model::Resource& resource, model::Node& node,
                   std::vector<model::HistoryEntry> entries);
/// Fail counts of a resource on every node, from the transient attributes.
void unpack_fail_counts(UnpackContext& context, model::Resource& resource);

}  // namespace relevo::cib
