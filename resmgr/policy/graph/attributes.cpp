// What an agent or the controller is told with an action, see attributes.hpp. Source: resmgr spec 2(a) stage 12.
#include "resmgr/policy/graph/attributes.hpp"

#include <algorithm>
#include <array>

#include "resmgr/policy/actions/digests.hpp"
#include "resmgr/policy/graph/routing.hpp"
#include "resmgr/policy/set/values.hpp"

namespace relevo::policy {
namespace {

constexpr std::string_view feature_set = "3.16.1";

const std::string* meta_of(const Resource& rsc, std::string_view name) { return find(rsc.meta, name); }

/// The number of the instance that it is, or belongs to.
std::string_view instance_number(const Resource& rsc) {
  if (const std::string* number = meta_of(rsc, "clone")) return *number;
  bool is_instance = false;
  for (const Resource* r = &rsc; r != nullptr; r = r->parent) is_instance = is_instance || r->is_clone_instance();
  const std::size_t colon = rsc.id.rfind(':');
  return is_instance && colon != std::string::npos ? std::string_view(rsc.id).substr(colon + 1) : std::string_view();
}

enum class Letter : std::uint8_t { other, inside, anywhere };  ///< where in a name it may stand

constexpr std::array<Letter, 256> make_letters() {
  std::array<Letter, 256> letters{};
  for (std::size_t c = 0; c < letters.size(); ++c) {
    const bool anywhere = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
    const bool inside = (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':';
    letters[c] = anywhere ? Letter::anywhere : inside ? Letter::inside : Letter::other;
  }
  return letters;
}

/// Fits as the name of an attribute; all others go into elements of their own.
bool is_name(std::string_view name) {
  static constexpr auto letters = make_letters();
  const auto letter = [](char c) { return letters[static_cast<unsigned char>(c)]; };
  if (name.empty() || letter(name.front()) != Letter::anywhere) return false;
  return std::none_of(name.begin(), name.end(), [&](char c) { return letter(c) == Letter::other; });
}

bool tells_its_node(const Action& action) {
  if (action.node == nullptr) return false;
  if (!action.pseudo) return true;
  return action.task == "stonith" || action.task == "do_shutdown" || action.task == "clear_failcount" ||
         action.task == "lrm_delete";
}

}  // namespace

/// The first to name it wins.
void AttributeWriter::add(std::string_view name, std::string_view value) {
  for (const Item& item : items_) {
    if (item.name == name) return;
  }
  items_.push_back({name, value, true});
}

void AttributeWriter::replace(std::string_view name, std::string_view value) {
  for (Item& item : items_) {
    if (item.name == name) {
      item.value = value;
      return;
    }
  }
  items_.push_back({name, value, true});
}

std::string_view AttributeWriter::meta_name(std::string_view name) {
  const auto known = meta_names_.find(name);
  if (known != meta_names_.end()) return known->second;
  std::string text = "CRM_meta_" + std::string(name);
  std::replace(text.begin(), text.end(), '-', '_');
  return meta_names_.emplace(name, std::move(text)).first->second;
}

/// Names of the inside (`#uname`, `fail-count-a#stop_0`, `a:b`) are not for others.
void AttributeWriter::add_meta(std::string_view name, std::string_view value) {
  if (name.empty() || name.find_first_of("#:") != std::string_view::npos) return;
  add(meta_name(name), value);
}

void AttributeWriter::add_all_meta(const Attributes& from) {
  for (const auto& [name, value] : from) add_meta(name, value);
}

void AttributeWriter::add_primitive(const Resource& rsc) {
  if (const auto number = instance_number(rsc); !number.empty()) replace("CRM_meta_clone", number);
  if (const std::string* node = meta_of(rsc, "remote-node")) replace("CRM_meta_remote_node", *node);
  for (const Resource* r = &rsc; r != nullptr; r = r->parent) {
    if (r->container != nullptr) replace("CRM_meta_container", r->container->id);
  }
  if (const std::string* address = meta_of(rsc, "external-ip")) replace("pcmk_external_ip", *address);
}

void AttributeWriter::add_clone(const Resource& rsc) {
  const auto set_flag = [&](std::string_view name, bool value) { replace(name, value ? "true" : "false"); };
  const auto set_count = [&](std::string_view name, int value) { replace(name, keep(std::to_string(value))); };
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

void AttributeWriter::add_ancestry(const Resource& rsc) {
  for (const Resource* r = &rsc; r != nullptr; r = r->parent) {
    if (r->is(Variant::primitive)) add_primitive(*r);
    if (r->is(Variant::clone)) add_clone(*r);
  }
}

void AttributeWriter::add_host(const Action& action) {
  const Node* host = physical_host(action);
  if (host == nullptr) return;
  if (const std::string* target = meta_of(*action.rsc, "container-attribute-target")) {
    add_meta("container-attribute-target", *target);
  }
  add_meta("physical_host", host->name);
}

const Attributes& AttributeWriter::parameters(const Resource& rsc, const Node* node) {
  const bool known = rsc_ == &rsc && (same_everywhere_ || node_ == node);
  if (known) return parameters_;
  if (rsc_ != &rsc) same_everywhere_ = !parameters_have_rules(set_, rsc);
  rsc_ = &rsc;
  node_ = node;
  parameters_ = parameters_of(set_, rsc, node);
  return parameters_;
}

void AttributeWriter::add_parameters(const Action& action) {
  const Resource& rsc = *action.rsc;
  const bool assigned = action.node != nullptr;
  if (!assigned && !rsc.is(Variant::primitive)) return;
  for (const auto& [name, value] : parameters(rsc, action.node)) {
    // A connection that is told where its container lives instead of an address gets that node's name
    const bool named = assigned && name == "addr" && value == "#uname";
    const std::string_view host = named ? host_address(set_, rsc) : std::string_view();
    add(name, host.empty() ? std::string_view(value) : host);
  }
}

/// The same operation of the same resource on another node: probes, mostly.
bool AttributeWriter::is_like_last(const Action& action) const {
  if (last_ == nullptr || action.rsc == nullptr || last_->rsc != action.rsc || !same_everywhere_ || rsc_ != action.rsc) return false;
  const auto is_usual = [](const Action& one) { return tells_its_node(one) && one.extra.empty() && !one.node->is_guest(); };
  return &last_->meta.get() == &action.meta.get() && is_usual(*last_) && is_usual(action);
}

/// Puts that node where the last one stands.
void AttributeWriter::move_to(const Node& node) {
  for (Item& item : items_) {
    if (item.value.data() == last_->node->name.data()) item.value = node.name;
    if (item.value.data() == last_->node->id.data()) item.value = node.id;
  }
}

void AttributeWriter::collect(const Action& action) {
  items_.clear();
  texts_.clear();
  for (const auto& [name, value] : action.extra) add(name, value);
  add("crm_feature_set", feature_set);
  if (action.rsc != nullptr) add_parameters(action);
  if (tells_its_node(action)) {
    add_meta("on_node", action.node->name);
    add_meta("on_node_uuid", action.node->id);
  }
  add_all_meta(action.meta);
  if (action.rsc != nullptr) {
    add_ancestry(*action.rsc);
    add_host(action);
  } else if (action.task == "stonith" && action.node != nullptr) {
    add_all_meta(action.node->attributes);
  }
  std::sort(items_.begin(), items_.end(), [](const Item& a, const Item& b) { return a.name < b.name; });
  for (Item& item : items_) item.fits = is_name(item.name);
}

void AttributeWriter::write(const Action& action, xml::Writer& out) {
  out.open("attributes");
  if (is_like_last(action)) {
    move_to(*action.node);
  } else {
    collect(action);
  }
  last_ = &action;
  for (const Item& item : items_) {
    if (item.fits) out.attribute(item.name, item.value);
  }
  for (const Item& item : items_) {
    if (item.fits) continue;
    out.open("param");
    out.attribute("name", item.name);
    out.attribute("value", item.value);
    out.close();
  }
  out.close();
}

}  // namespace relevo::policy
