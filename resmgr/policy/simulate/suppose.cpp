// Suppositions put into a CIB, see what_if.hpp: each as the cluster would find it when it happened. Nothing is planned here.
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "common/base/text.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/policy/set/actions.hpp"
#include "resmgr/policy/set/values.hpp"
#include "resmgr/policy/simulate/simulate.hpp"
#include "resmgr/policy/simulate/what_if.hpp"
#include "resmgr/policy/unpack/unpack.hpp"

namespace relevo::policy {
namespace {

using Told = Result<std::string>;

pugi::xml_node child_or_new(pugi::xml_node parent, const char* name) {
  const auto found = parent.child(name);
  return found ? found : parent.append_child(name);
}

/// The first block of that kind, made when there is none.
pugi::xml_node block_of(pugi::xml_node owner, const char* kind, std::string_view id) {
  if (const auto found = owner.child(kind)) return found;
  auto made = owner.append_child(kind);
  made.append_attribute("id") = fmt::format("{}-{}", id, kind).c_str();
  return made;
}

void set_pair(pugi::xml_node block, std::string_view name, std::string_view value) {
  const std::string key(name);
  auto pair = block.find_child_by_attribute("nvpair", "name", key.c_str());
  if (!pair) {
    pair = block.append_child("nvpair");
    pair.append_attribute("id") = fmt::format("{}-{}", block.attribute("id").value(), name).c_str();
    pair.append_attribute("name") = key.c_str();
  }
  xml::set_attribute(pair, "value", std::string(value));
}

/// In every block of that kind below the owner.
void take_pair_away(pugi::xml_node owner, const char* kind, const char* name) {
  for (auto block : owner.children(kind)) {
    while (const auto pair = block.find_child_by_attribute("nvpair", "name", name)) block.remove_child(pair);
  }
}

/// One supposition after the other; each sees what the ones before have done.
class Supposing {
 public:
  Supposing(pugi::xml_document& cib, WallTime now) : document_(cib), cib_(cib.child("cib")), now_(now) {}
  Told apply(const Supposition& one);

 private:
  [[nodiscard]] pugi::xml_node configuration() const { return cib_.child("configuration"); }
  Result<const Node*> node(std::string_view name) const;
  Result<Resource*> resource(std::string_view name) const;
  Status look();
  Told inject_node(const std::string& name, std::vector<std::string> Injections::*list, std::string_view words);
  Told standby(const std::string& name, bool on);
  Told stop_node(const std::string& name);
  Told remove_constraint(const std::string& id);
  Told add_location(const std::string& text);
  Told set_target_role(const std::string& name, bool on);
  Told fail_resource(const std::string& text);

  pugi::xml_document& document_;
  pugi::xml_node cib_;
  WallTime now_;
  std::unique_ptr<WorkingSet> set_;  ///< the document as it is now
};

Status Supposing::look() {
  set_ = std::make_unique<WorkingSet>(cib_, now_);
  return unpack(*set_);
}

Result<const Node*> Supposing::node(std::string_view name) const {
  if (const Node* found = set_->find_node(name)) return found;
  std::vector<std::string> names;
  for (const Node* known : set_->nodes) names.push_back(known->name);
  const auto near = did_you_mean(name, names);
  return fail(ErrorKind::not_found, "there is no node '{}'{}", name, near ? "; did you mean '" + *near + "'?" : "");
}

Result<Resource*> Supposing::resource(std::string_view name) const {
  if (Resource* found = set_->find_resource(name)) return found;
  for (auto& rsc : set_->all_resources) {
    if (rsc.id.substr(0, rsc.id.rfind(':')) == name) return &rsc;
  }
  std::vector<std::string> names;
  for (const auto& rsc : set_->all_resources) names.push_back(rsc.id);
  const auto near = did_you_mean(name, names);
  return fail(ErrorKind::not_found, "there is no resource '{}'{}", name, near ? "; did you mean '" + *near + "'?" : "");
}

Told Supposing::inject_node(const std::string& name, std::vector<std::string> Injections::*list, std::string_view words) {
  if (auto found = node(name); !found) return pass(found.error());
  Injections injections;
  injections.at = now_;
  (injections.*list).push_back(name);
  if (auto done = inject(document_, *set_, injections); !done) return pass(done.error());
  return fmt::format("node {} {}", name, words);
}

Told Supposing::standby(const std::string& name, bool on) {
  auto found = node(name);
  if (!found) return pass(found.error());
  const std::string id = (*found)->id;
  auto nodes = child_or_new(configuration(), "nodes");
  auto element = nodes.find_child_by_attribute("node", "uname", name.c_str());
  if (!element) {
    element = nodes.append_child("node");
    element.append_attribute("id") = id.c_str();
    element.append_attribute("uname") = name.c_str();
  }
  take_pair_away(element, "instance_attributes", "standby");
  if (on) set_pair(block_of(element, "instance_attributes", name), "standby", "on");
  auto transient = cib_.child("status").find_child_by_attribute("node_state", "uname", name.c_str()).child("transient_attributes");
  take_pair_away(transient, "instance_attributes", "standby");
  return fmt::format("node {} is {}", name, on ? "put in standby" : "taken out of standby");
}

/// As when its administrator stops the cluster there: what runs on it goes first.
Told Supposing::stop_node(const std::string& name) {
  auto found = node(name);
  if (!found) return pass(found.error());
  if ((*found)->is_remote()) return fail(ErrorKind::invalid, "'{}' is a remote node: disable its connection instead", name);
  auto state = cib_.child("status").find_child_by_attribute("node_state", "uname", name.c_str());
  if (!state) return fail(ErrorKind::invalid, "node '{}' is not in the cluster: it cannot be stopped", name);
  auto transient = child_or_new(state, "transient_attributes");
  if (!transient.attribute("id")) transient.append_attribute("id") = (*found)->id.c_str();
  set_pair(block_of(transient, "instance_attributes", "status-" + (*found)->id), "shutdown", std::to_string(now_.seconds));
  return fmt::format("node {} is stopped in an orderly way", name);
}

Told Supposing::remove_constraint(const std::string& id) {
  auto section = configuration().child("constraints");
  const auto found = section.find_child([&](pugi::xml_node each) { return each.attribute("id").as_string() == id; });
  if (found) {
    section.remove_child(found);
    return fmt::format("constraint {} is deleted", id);
  }
  std::vector<std::string> ids;
  for (const auto each : section.children()) ids.emplace_back(each.attribute("id").value());
  const auto near = did_you_mean(id, ids);
  return fail(ErrorKind::not_found, "there is no constraint '{}'{}", id, near ? "; did you mean '" + *near + "'?" : "");
}

Told Supposing::add_location(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos) return fail(ErrorKind::invalid, "'{}' is no location: write RESOURCE=NODE or RESOURCE=NODE:SCORE", text);
  const auto name = text.substr(0, equals);
  const auto colon = text.find(':', equals);
  const auto where = text.substr(equals + 1, colon == std::string::npos ? colon : colon - equals - 1);
  const auto score = colon == std::string::npos ? std::string("INFINITY") : text.substr(colon + 1);
  if (!model::parse_score(score)) return fail(ErrorKind::invalid, "'{}' is no score: a number, INFINITY or -INFINITY", score);
  if (auto found = resource(name); !found) return pass(found.error());
  if (auto found = node(where); !found) return pass(found.error());
  auto made = child_or_new(configuration(), "constraints").append_child("rsc_location");
  made.append_attribute("id") = fmt::format("what-if-{}-on-{}", name, where).c_str();
  made.append_attribute("rsc") = name.c_str();
  made.append_attribute("node") = where.c_str();
  made.append_attribute("score") = score.c_str();
  return fmt::format("a location constraint gives {} a score of {} on {}", name, score, where);
}

Told Supposing::set_target_role(const std::string& name, bool on) {
  auto found = resource(name);
  if (!found) return pass(found.error());
  const auto element = configuration().child("resources").find_node([&](pugi::xml_node each) {
    return each.attribute("id").as_string() == name && std::string_view(each.name()) != "nvpair";
  });
  if (!element) return fail(ErrorKind::invalid, "'{}' is not in the configuration by itself", name);
  take_pair_away(element, "meta_attributes", "target-role");
  if (!on) set_pair(block_of(element, "meta_attributes", name), "target-role", "Stopped");
  return fmt::format("resource {} is {}", name, on ? "enabled" : "disabled");
}

/// The monitor that would notice it, of the role that the resource has.
std::chrono::milliseconds monitor_interval(const Resource& rsc) {
  std::chrono::milliseconds any{10'000};
  bool found = false;
  for (const auto op : rsc.xml.child("operations").children("op")) {
    if (std::string_view(op.attribute("name").value()) != "monitor") continue;
    const auto interval = interval_of(op.attribute("interval").value()).value_or(std::chrono::milliseconds{0});
    if (interval.count() <= 0) continue;
    const auto role = op.attribute("role") ? role_of(op.attribute("role").value()) : Role::unknown;
    if (role == rsc.role || (role == Role::unknown && rsc.role != Role::promoted)) return interval;
    if (!found) any = interval;
    found = true;
  }
  return any;
}

/// The primitive of that name, or in it, that is active there.
Resource* active_part(Resource& rsc, std::string_view node) {
  for (Resource* part : rsc.children) {
    if (Resource* found = active_part(*part, node)) return found;
  }
  if (!rsc.children.empty()) return nullptr;
  const bool there = std::any_of(rsc.running_on.begin(), rsc.running_on.end(), [&](const Node* at) { return node.empty() || at->name == node; });
  return there ? &rsc : nullptr;
}

Told Supposing::fail_resource(const std::string& text) {
  const auto at = text.find('@');
  const auto name = text.substr(0, at);
  const auto where = at == std::string::npos ? std::string() : text.substr(at + 1);
  auto found = resource(name);
  if (!found) return pass(found.error());
  if (!where.empty())
    if (auto known = node(where); !known) return pass(known.error());
  Resource* part = nullptr;
  for (auto& rsc : set_->all_resources) {
    const bool named = &rsc == *found || rsc.id.substr(0, rsc.id.rfind(':')) == name;
    if (part == nullptr && named) part = active_part(rsc, where);
  }
  if (part == nullptr) return fail(ErrorKind::invalid, "{} is not active{}: it cannot fail", name, where.empty() ? "" : " on " + where);
  const std::string node_name = where.empty() ? part->running_on.front()->name : where;
  Injections injections;
  injections.at = now_;
  const int rc = part->role == Role::promoted ? 9 : 1;
  injections.op_inject.push_back(fmt::format("{}@{}={}", op_key(std::string(part->name_in_history()), "monitor", monitor_interval(*part)), node_name, rc));
  if (auto done = inject(document_, *set_, injections); !done) return pass(done.error());
  return fmt::format("the monitor of {} fails on {}", part->id, node_name);
}

Told Supposing::apply(const Supposition& one) {
  if (auto seen = look(); !seen) return pass(seen.error());
  switch (one.what) {
    case WhatIf::standby: return standby(one.subject, true);
    case WhatIf::unstandby: return standby(one.subject, false);
    case WhatIf::kill: return inject_node(one.subject, &Injections::node_fail, "fails at once");
    case WhatIf::stop: return stop_node(one.subject);
    case WhatIf::start: return inject_node(one.subject, &Injections::node_up, "comes up");
    case WhatIf::remove: return remove_constraint(one.subject);
    case WhatIf::location: return add_location(one.subject);
    case WhatIf::disable: return set_target_role(one.subject, false);
    case WhatIf::enable: return set_target_role(one.subject, true);
    case WhatIf::fail: return fail_resource(one.subject);
  }
  return fail(ErrorKind::invalid, "nothing is supposed");
}

}  // namespace

Result<std::vector<std::string>> suppose(pugi::xml_document& cib, WallTime now, const std::vector<Supposition>& suppositions) {
  if (!cib.child("cib")) return fail(ErrorKind::invalid, "the document is no CIB");
  Supposing supposing(cib, now);
  std::vector<std::string> told;
  for (const Supposition& one : suppositions) {
    auto sentence = supposing.apply(one);
    if (!sentence) return pass(sentence.error());
    told.push_back(std::move(*sentence));
  }
  return told;
}

}  // namespace relevo::policy
