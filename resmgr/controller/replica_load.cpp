// The end of a sync: everyone puts the chosen member's state in place of its own, and each node's history in place of
// what that state said about it.
#include <algorithm>

#include "common/xml/tree.hpp"
#include "resmgr/attributes/transient.hpp"
#include "resmgr/controller/history.hpp"
#include "resmgr/controller/replica.hpp"

namespace relevo::controller {

Image Replica::image() const {
  Image image;
  image.cib = cib_.text();
  image.lineage = lineage_;
  image.established = established_;
  image.seniority = seniority_;
  for (const auto& [node, name] : names_) image.names.push_back({node, name});
  image.commands = commands_;
  image.orphaned.assign(orphaned_.begin(), orphaned_.end());
  return image;
}

Status Replica::load(const Image& image, const std::map<groups::Member, Hello>& hellos) {
  auto cib = cib::Document::parse(image.cib);
  if (!cib) return in_context(cib.error(), "the CIB sent by another member");
  cib_ = std::move(*cib);
  lineage_ = image.lineage;
  established_ = image.established;
  commands_ = image.commands;
  orphaned_ = {image.orphaned.begin(), image.orphaned.end()};
  names_.clear();
  add_names(image.names);
  seniority_.clear();
  for (const auto& member : image.seniority)
    if (hellos.contains(member)) seniority_.push_back(member);
  const auto old_members = seniority_;
  for (const auto& [member, hello] : hellos) {
    names_[member.node] = hello.name;
    if (std::find(old_members.begin(), old_members.end(), member) == old_members.end()) seniority_.push_back(member);
  }
  position_ = 0;
  refresh_rights();
  for (const auto& [member, hello] : hellos) {
    const bool joined = std::find(old_members.begin(), old_members.end(), member) == old_members.end();
    take_in(member, hello, joined);
  }
  refresh_absent();
  refresh_attributes();
  touch();
  return {};
}

void Replica::take_in(const groups::Member& member, const Hello& hello, bool joined) {
  const auto uuid = uuid_of(member.node);
  orphaned_.erase(member.node);
  set_standing(cib_, uuid, hello.name, Standing::member);
  replace_history(cib_, uuid, hello.name, hello.history);
  if (joined && !hello.shutting_down) attributes::remove_transient(cib_, uuid, "shutdown");
}

void Replica::refresh_absent() {
  for (const auto& [node, name] : names_) {
    const auto is_node = [id = node](const groups::Member& m) { return m.node == id; };
    if (std::any_of(seniority_.begin(), seniority_.end(), is_node)) continue;
    const auto before = standing(cib_, uuid_of(node));
    if (before != Standing::member && before != Standing::process_gone) continue;
    mark(node, is_in_ring(node) ? Standing::process_gone : Standing::lost);
  }
}

}  // namespace relevo::controller
