// Rights, standings and questions of the replicated state. Messages are applied in replica_apply.cpp, images in
// replica_load.cpp.
#include "resmgr/controller/replica.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "common/xml/tree.hpp"
#include "resmgr/attributes/transient.hpp"
#include "resmgr/controller/digest.hpp"
#include "resmgr/controller/history.hpp"

namespace relevo::controller {

void Replica::start(cib::Document cib, std::uint64_t lineage) {
  cib_ = std::move(cib);
  lineage_ = lineage;
}

void Replica::add_names(const std::vector<NodeName>& names) {
  for (const auto& name : names) names_[name.id] = name.name;
}

void Replica::set_members_unsynced() {
  seniority_.clear();
  established_ = false;
  idle_ = false;
  ring_ = {};
  quorum_ = {};
}

std::vector<NodeId> Replica::set_ring(const Configuration& ring) {
  ring_ = ring;
  std::vector<NodeId> lost;
  for (const auto& [node, name] : names_) {
    if (is_in_ring(node) || standing(cib_, uuid_of(node)) != Standing::process_gone) continue;
    mark(node, Standing::lost);
    lost.push_back(node);
    orphaned_.insert(node);
  }
  if (!lost.empty()) touch();
  refresh_rights();
  return lost;
}

bool Replica::set_quorum(const QuorumView& quorum) {
  quorum_ = quorum;
  return refresh_rights();
}

Standing Replica::depart(const groups::Departure& departure) {
  const auto node = departure.member.node;
  std::erase(seniority_, departure.member);
  const bool in_ring = is_in_ring(node);
  auto now = Standing::lost;
  if (departure.reason == groups::Reason::leave) now = Standing::left;
  if (departure.reason == groups::Reason::process_down && in_ring) now = Standing::process_gone;
  mark(node, now);
  touch();
  refresh_rights();
  refresh_attributes();
  return now;
}

void Replica::mark(NodeId node, Standing standing) {
  const auto uuid = uuid_of(node);
  set_standing(cib_, uuid, name_of(node), standing);
  if (standing == Standing::left || standing == Standing::lost) attributes::clear_transient(cib_, uuid);
}

bool Replica::may_change() const {
  if (!quorum_.quorate || seniority_.empty()) return false;
  std::uint32_t votes = 0;
  for (std::size_t i = 0; i < quorum_.members.size() && i < quorum_.votes.size(); ++i) {
    const auto is_node = [&](const groups::Member& m) { return m.node == quorum_.members[i]; };
    if (std::any_of(seniority_.begin(), seniority_.end(), is_node)) votes += quorum_.votes[i];
  }
  return votes >= quorum_.quorum;
}

bool Replica::refresh_rights() {
  const bool before = may_act();
  if (!quorum_.quorate) established_ = false;
  if (may_change()) {
    established_ = true;
    // Later lineages are later rings with quorum: of two CIBs the one that lived in the later one wins.
    lineage_ = std::max(lineage_, ring_.ring.seq);
  }
  if (!seniority_.empty()) {
    if (established_ && ensure_nodes()) {
      count_configuration(cib_);
      touch();
    }
    refresh_attributes();
  }
  return before != may_act();
}

void Replica::refresh_attributes() {
  bool changed = set_cib_attribute(cib_, "have-quorum", may_act() ? "1" : "0");
  if (const auto first = leader()) changed = set_cib_attribute(cib_, "dc-uuid", uuid_of(first->node)) || changed;
  if (changed) touch();
}

bool Replica::ensure_nodes() {
  bool added = false;
  for (const auto& [node, name] : names_) added = ensure_node(cib_, node, name) || added;
  return added;
}

void Replica::touch() {
  count_update(cib_);
  ++position_;
  idle_ = false;
}

std::optional<groups::Member> Replica::leader() const {
  return seniority_.empty() ? std::nullopt : std::optional(seniority_.front());
}

std::string Replica::name_of(NodeId node) const {
  const auto found = names_.find(node);
  return found != names_.end() ? found->second : fmt::format("node{}", node);
}

std::optional<NodeId> Replica::node_of(const std::string& name) const {
  for (const auto& [id, known] : names_)
    if (known == name) return id;
  return std::nullopt;
}

std::string Replica::uuid_of(NodeId node) const { return node_uuid(cib_, node, name_of(node)); }

bool Replica::has_pending() const {
  return std::any_of(seniority_.begin(), seniority_.end(),
                     [this](const groups::Member& m) { return controller::has_pending(cib_, uuid_of(m.node)); });
}

bool Replica::is_in_ring(NodeId node) const {
  return std::binary_search(ring_.members.begin(), ring_.members.end(), node);
}

bool Replica::is_shutting_down(NodeId node) const {
  return attributes::transient(cib_, uuid_of(node), "shutdown").value_or("0") != "0";
}

std::string Replica::digest() const {
  auto text = fmt::format("{} {} {} {}", cib_.digest(), cib::to_string(cib_.version()), lineage_, established_);
  for (const auto& m : seniority_) text += fmt::format(" {}.{}", m.node, m.client);
  for (const auto& [node, last] : commands_) text += fmt::format(" {}:{}:{}", node, last.instance, last.id);
  for (const auto node : orphaned_) text += fmt::format(" {}", node);
  return text_digest(text);
}

}  // namespace relevo::controller
