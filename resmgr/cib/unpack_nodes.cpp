// Nodes: what is configured, and whether the status says that they are here, well, and willing.
#include <algorithm>

#include "common/base/text.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/cib/unpack_context.hpp"

namespace relevo::cib {
namespace {

/// The membership facts of a node_state. Newer documents write times where older ones wrote booleans.
struct Presence {
  bool known = false;  ///< in_ccm is there at all
  bool member = false, process = false;
  std::string join, expected = "down";
};

bool truth(std::string_view text, std::string_view word) {
  if (equals_ignoring_case(text, word)) return true;
  const auto number = parse_int(text);
  return number ? *number > 0 : parse_bool(text).value_or(false);
}

Presence presence_of(const pugi::xml_node& node_state) {
  Presence p;
  p.known = xml::attribute(node_state, "in_ccm").has_value();
  p.member = truth(xml::attribute_or(node_state, "in_ccm"), "true");
  p.process = truth(xml::attribute_or(node_state, "crmd"), "online");
  p.join = xml::attribute_or(node_state, "join");
  p.expected = xml::attribute_or(node_state, "expected", "down");
  return p;
}

void fence(model::Node& node, std::string reason) {
  if (!node.unclean) node.unclean_reason = std::move(reason);
  node.unclean = true;
}

void online_without_fencing(model::Node& node, const Presence& p) {
  if (!p.member) return;
  if (p.process)
    node.online = p.join == "member";
  else if (node.expected_up)
    fence(node, "the node is in the membership, but its resource manager is gone");
}

void set_pending(model::Node& node) {
  node.standby = true;
  node.pending = true;
}

/// First match wins. Source: resmgr spec 2(a) stage 1.5.
void online_with_fencing(model::Node& node, const Presence& p) {
  const std::string terminate = node.attribute("terminate");
  const bool wanted_dead = truth(terminate, "true");
  node.online = p.member;
  if (node.shutdown)
    node.online = p.process;
  else if (!p.known)
    fence(node, "peer has not been seen by the cluster");
  else if (p.join == "banned")
    fence(node, "peer failed Pacemaker membership criteria");
  else if (!wanted_dead && p.expected == "down") {
    if (p.member || p.process) set_pending(node);
  } else if (wanted_dead && p.join == "down" && !p.member && !p.process)
    return;
  else if (!p.member)
    fence(node, "peer is no longer part of the cluster");
  else if (!p.process)
    fence(node, "peer process is no longer available");
  else if (wanted_dead)
    fence(node, "termination was requested");
  else if (p.join == "member")
    return;
  else if (p.join == "pending" || p.join == "down")
    set_pending(node);
  else
    fence(node, "peer was in an unknown state");
}

void judge(UnpackContext& context, model::Node& node, const pugi::xml_node& node_state) {
  const Presence presence = presence_of(node_state);
  const std::string shutdown = node.attribute("shutdown");
  node.shutdown = !shutdown.empty() && shutdown != "0";
  node.expected_up = presence.expected == "member";
  if (context.state.options.stonith_enabled)
    online_with_fencing(node, presence);
  else
    online_without_fencing(node, presence);
}

/// `pcs node standby` and `maintenance` write these.
void read_wishes(model::Node& node) {
  if (parse_bool(node.attribute("standby")).value_or(false)) node.standby = true;
  if (parse_bool(node.attribute("maintenance")).value_or(false)) node.maintenance = true;
}

void read_node(UnpackContext& context, const pugi::xml_node& xml) {
  model::Node node;
  node.id = xml::attribute_or(xml, "id");
  node.uname = xml::attribute_or(xml, "uname", node.id);
  const auto type = xml::attribute_or(xml, "type", "member");
  if (type != "member" && type != "normal") {
    context.state.unsupported.push_back("node '" + node.uname + "' of type '" + std::string(type) +
                                        "' is not supported yet: it is left alone");
    return;
  }
  node.score = model::parse_score(xml::attribute_or(xml, "score", "0")).value_or(model::Score());
  add_blocks(context, xml, "instance_attributes", {.node = &node}, node.attributes);
  // Until its node_state is seen, nobody knows what a node runs.
  node.unclean = context.state.options.startup_fencing;
  if (node.unclean) node.unclean_reason = "node is unseen";
  context.state.nodes.push_back(std::move(node));
}

}  // namespace

void unpack_nodes(UnpackContext& context) {
  for (const pugi::xml_node& xml : context.section("nodes").children("node")) read_node(context, xml);
  std::sort(context.state.nodes.begin(), context.state.nodes.end(),
            [](const model::Node& a, const model::Node& b) { return a.uname < b.uname; });
}

void unpack_status(UnpackContext& context) {
  const pugi::xml_node status = context.cib.child("status");
  std::vector<std::pair<std::string, pugi::xml_node>> histories;
  for (const pugi::xml_node& node_state : status.children("node_state")) {
    const auto id = xml::attribute_or(node_state, "id");
    const model::Node* known = context.state.node_by_id(id);
    model::Node* node = context.node(known ? known->uname : std::string(xml::attribute_or(node_state, "uname")));
    if (!node) continue;  // no longer configured
    node->seen = true;
    node->unclean = false;
    node->unclean_reason.clear();
    add_blocks(context, node_state.child("transient_attributes"), "instance_attributes", {.node = node},
               node->transient);
    judge(context, *node, node_state);
    histories.emplace_back(node->uname, node_state.child("lrm").child("lrm_resources"));
  }
  for (model::Node& node : context.state.nodes) read_wishes(node);
  for (model::Resource& resource : context.state.resources) unpack_fail_counts(context, resource);
  std::stable_sort(histories.begin(), histories.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [node, history] : histories) unpack_history(context, history, node);
}

}  // namespace relevo::cib
