// What an agent or the controller is told with an action, see element.hpp. Source: resmgr spec 2(a) stage 12.
#include "resmgr/policy/actions/digests.hpp"
#include "resmgr/policy/graph/element.hpp"
#include "resmgr/policy/graph/routing.hpp"
#include "resmgr/policy/set/values.hpp"

namespace relevo::policy {
namespace {

constexpr std::string_view feature_set = "3.16.1";

std::string meta_name(std::string_view name) {
  std::string text = "CRM_meta_" + std::string(name);
  for (char& c : text) {
    if (c == '-') c = '_';
  }
  return text;
}

/// The first to name it wins; names of the inside (`#uname`, `fail-count-a#stop_0`, `a:b`) are not for others.
void add_meta(Attributes& out, std::string_view name, std::string_view value) {
  if (name.empty() || name.find_first_of("#:") != std::string_view::npos) return;
  out.try_emplace(meta_name(name), value);
}

void add_all_meta(Attributes& out, const Attributes& from) {
  for (const auto& [name, value] : from) add_meta(out, name, value);
}

const std::string* meta_of(const Resource& rsc, std::string_view name) { return find(rsc.meta, name); }

/// The number of the instance that it is, or belongs to.
std::string instance_number(const Resource& rsc) {
  if (const std::string* number = meta_of(rsc, "clone")) return *number;
  bool is_instance = false;
  for (const Resource* r = &rsc; r != nullptr; r = r->parent) is_instance = is_instance || r->is_clone_instance();
  const std::size_t colon = rsc.id.rfind(':');
  return is_instance && colon != std::string::npos ? rsc.id.substr(colon + 1) : std::string();
}

void add_primitive(const Resource& rsc, Attributes& out) {
  if (const std::string number = instance_number(rsc); !number.empty()) out.insert_or_assign("CRM_meta_clone", number);
  if (const std::string* node = meta_of(rsc, "remote-node")) out.insert_or_assign("CRM_meta_remote_node", *node);
  for (const Resource* r = &rsc; r != nullptr; r = r->parent) {
    if (r->container != nullptr) out.insert_or_assign("CRM_meta_container", r->container->id);
  }
  if (const std::string* address = meta_of(rsc, "external-ip")) out.insert_or_assign("pcmk_external_ip", *address);
}

void add_clone(const Resource& rsc, Attributes& out) {
  const auto set_flag = [&](const char* name, bool value) { out.insert_or_assign(name, value ? "true" : "false"); };
  const auto set_count = [&](const char* name, int value) { out.insert_or_assign(name, std::to_string(value)); };
  set_flag("CRM_meta_globally_unique", rsc.unique);
  set_flag("CRM_meta_notify", rsc.notify);
  set_count("CRM_meta_clone_max", rsc.clone.clone_max);
  set_count("CRM_meta_clone_node_max", rsc.clone.clone_node_max);
  if (!rsc.promotable) return;
  set_count("CRM_meta_promoted_max", rsc.clone.promoted_max);
  set_count("CRM_meta_promoted_node_max", rsc.clone.promoted_node_max);
  // Agents of old times read these.
  set_count("CRM_meta_master_max", rsc.clone.promoted_max);
  set_count("CRM_meta_master_node_max", rsc.clone.promoted_node_max);
}

void add_ancestry(const Resource& rsc, Attributes& out) {
  for (const Resource* r = &rsc; r != nullptr; r = r->parent) {
    if (r->is(Variant::primitive)) add_primitive(*r, out);
    if (r->is(Variant::clone)) add_clone(*r, out);
  }
}

void add_host(const Action& action, Attributes& out) {
  const Node* host = physical_host(action);
  if (host == nullptr) return;
  if (const std::string* target = meta_of(*action.rsc, "container-attribute-target")) {
    add_meta(out, "container-attribute-target", *target);
  }
  add_meta(out, "physical_host", host->name);
}

/// Fits as the name of an attribute; all others go into elements of their own.
bool is_name(std::string_view name) {
  const auto starts = [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
  };
  if (name.empty() || !starts(static_cast<unsigned char>(name.front()))) return false;
  for (const char c : name) {
    const bool other = (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':';
    if (!starts(static_cast<unsigned char>(c)) && !other) return false;
  }
  return true;
}

/// A connection that is told where its container lives instead of an address gets that node's name.
void use_host_as_address(WorkingSet& set, const Resource& connection, Attributes& parameters) {
  const auto address = parameters.find("addr");
  if (address == parameters.end() || address->second != "#uname") return;
  if (const std::string_view host = host_address(set, connection); !host.empty()) address->second = host;
}

void add_parameters(WorkingSet& set, const Action& action, Attributes& out) {
  const bool assigned = action.node != nullptr;
  if (!assigned && !action.rsc->is(Variant::primitive)) return;
  Attributes parameters = parameters_of(set, *action.rsc, action.node);
  if (assigned) use_host_as_address(set, *action.rsc, parameters);
  out.merge(parameters);
}

bool tells_its_node(const Action& action) {
  if (action.node == nullptr) return false;
  if (!action.pseudo) return true;
  return action.task == "stonith" || action.task == "do_shutdown" || action.task == "clear_failcount" ||
         action.task == "lrm_delete";
}

Attributes collect(WorkingSet& set, const Action& action) {
  Attributes out = action.extra;
  out.try_emplace("crm_feature_set", feature_set);
  if (action.rsc != nullptr) add_parameters(set, action, out);
  if (tells_its_node(action)) {
    add_meta(out, "on_node", action.node->name);
    add_meta(out, "on_node_uuid", action.node->id);
  }
  add_all_meta(out, action.meta);
  if (action.rsc != nullptr) {
    add_ancestry(*action.rsc, out);
    add_host(action, out);
  } else if (action.task == "stonith" && action.node != nullptr) {
    add_all_meta(out, action.node->attributes);
  }
  return out;
}

}  // namespace

void write_attributes(WorkingSet& set, const Action& action, xml::Writer& out) {
  out.open("attributes");
  const Attributes attributes = collect(set, action);
  for (const auto& [name, value] : attributes)
    if (is_name(name)) out.attribute(name, value);
  for (const auto& [name, value] : attributes) {
    if (is_name(name)) continue;
    out.open("param");
    out.attribute("name", name);
    out.attribute("value", value);
    out.close();
  }
  out.close();
}

}  // namespace relevo::policy
