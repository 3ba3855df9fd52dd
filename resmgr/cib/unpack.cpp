// The order in which a document becomes a model. Source: resmgr spec 2(a) stage 1.
#include "resmgr/cib/unpack.hpp"

#include <algorithm>

#include "common/base/text.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/cib/unpack_context.hpp"

namespace relevo::cib {

void UnpackContext::recheck(WallTime at) {
  if (at <= now) return;
  if (!state.recheck_at || at < *state.recheck_at) state.recheck_at = at;
}

model::Node* UnpackContext::node(std::string_view uname) {
  const auto it = std::find_if(state.nodes.begin(), state.nodes.end(), [&](const auto& n) { return n.uname == uname; });
  return it == state.nodes.end() ? nullptr : &*it;
}

model::Resource* UnpackContext::resource(std::string_view id) {
  const auto it = places.find(id);
  return it == places.end() ? nullptr : &state.resources[it->second];
}

model::Resource& UnpackContext::add(model::Resource resource) {
  places.emplace(resource.id, state.resources.size());
  state.resources.push_back(std::move(resource));
  return state.resources.back();
}

namespace {

/// The same value may have been looked at more than once.
void drop_repeated(std::vector<std::string>& texts) {
  std::set<std::string> seen;
  std::erase_if(texts, [&](const std::string& text) { return !seen.insert(text).second; });
}

}  // namespace

Result<model::ClusterState> unpack(const Document& document, WallTime now) {
  const pugi::xml_node root = document.root();
  if (!root || !root.child("configuration")) return fail(ErrorKind::invalid, "the CIB has no <configuration>");
  if (const auto fixed = parse_int(xml::attribute_or(root, "execution-date"))) now = WallTime{*fixed};
  model::ClusterState state;
  UnpackContext context{root, now, state};
  unpack_options(context);
  unpack_nodes(context);
  unpack_resources(context);
  unpack_status(context);
  // Rules of constraints may ask for transient attributes, hence last.
  unpack_constraints(context);
  drop_repeated(state.warnings);
  std::sort(state.failures.begin(), state.failures.end(), [](const model::Failure& a, const model::Failure& b) {
    return std::tie(a.resource, a.node, a.entry.key) < std::tie(b.resource, b.node, b.entry.key);
  });
  return state;
}

}  // namespace relevo::cib
