// Resources that only the history knows: made up from what is written there, so that they can be stopped.
#include "resmgr/policy/unpack/build.hpp"

namespace relevo::policy {
namespace {

/// The node behind a connection that was removed: nothing may stay there.
void adopt_remote_node(WorkingSet& set, Resource& rsc) {
  auto& node = set.new_node(rsc.id, rsc.id, NodeKind::remote);
  node.connection = &rsc;
  if (rsc.container == nullptr) {
    expect_state(set, node);
  } else {
    node.attributes.insert_or_assign("#kind", "container");
  }
  node.shutdown = true;
}

}  // namespace

Resource* removed_resource(WorkingSet& set, std::string_view id, pugi::xml_node history) {
  auto primitive = keep_in(set, "removed").append_child("primitive");
  for (const auto attribute : history.attributes()) primitive.append_copy(attribute);
  if (auto name = primitive.attribute("id")) primitive.remove_attribute(name);
  primitive.prepend_attribute("id").set_value(std::string(id).c_str());
  auto* rsc = unpack_resource(set, primitive, nullptr);
  if (rsc == nullptr) return nullptr;
  if (rsc->is_remote_connection) adopt_remote_node(set, *rsc);
  rsc->removed_filler = bool(history.attribute("container"));
  rsc->removed = true;
  set.resources.push_back(rsc);
  return rsc;
}

}  // namespace relevo::policy
