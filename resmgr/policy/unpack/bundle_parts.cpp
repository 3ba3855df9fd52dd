// The implicit resources of a bundle as elements, the same to the last blank as the peer makes them: operation digests
// would differ otherwise, and running containers be restarted. Source: resmgr spec 1.3, "Bundle".
#include "resmgr/policy/unpack/bundle_parts.hpp"

#include <array>
#include <charconv>
#include <system_error>

#include "common/base/text.hpp"
#include "common/xml/tree.hpp"

namespace relevo::policy {
namespace {

pugi::xml_node new_element(WorkingSet& set, const char* name, std::string_view id) {
  auto element = keep_in(set, "bundles").append_child(name);
  xml::set_attribute(element, "id", id);
  return element;
}

pugi::xml_node new_block(pugi::xml_node element, const char* name, std::string_view id) {
  auto block = element.append_child(name);
  xml::set_attribute(block, "id", id);
  return block;
}

pugi::xml_node new_agent(WorkingSet& set, const std::string& id, std::string_view type) {
  auto primitive = new_element(set, "primitive", id);
  xml::set_attribute(primitive, "class", "ocf");
  xml::set_attribute(primitive, "provider", "heartbeat");
  xml::set_attribute(primitive, "type", type);
  return primitive;
}

std::string mounts_of(const BundleFacts& bundle, const BundleParts& parts, int offset, std::string& own_folders) {
  std::string text;
  for (const auto& mount : parts.mounts) {
    auto source = mount.source;
    if (mount.per_replica) {
      source = fmt::format("{}/{}-{}", mount.source, bundle.prefix, offset);
      own_folders += (own_folders.empty() ? "" : ",") + source;
    }
    text += fmt::format(" -v {}:{}", source, mount.target);
    if (!mount.options.empty()) text += ":" + mount.options;
  }
  return text;
}

std::string ports_of(const BundleParts& parts, const Replica& replica) {
  std::string text;
  for (const auto& port : parts.ports) {
    if (!replica.address.empty()) {
      text += fmt::format(" -p {}:{}:{}", replica.address, port.outside, port.inside);
    } else if (parts.network != "host") {
      text += fmt::format(" -p {}:{}", port.outside, port.inside);
    }
  }
  return text;
}

std::string run_options(const BundleFacts& bundle, const BundleParts& parts, const Replica& replica, std::string& own_folders) {
  std::string text;
  if (bundle.type == "docker") text += " --restart=no";
  // A name of its own only with an address of its own.
  if (!bundle.first_address.empty()) text += fmt::format(" -h {}-{}", bundle.prefix, replica.offset);
  text += " -e PCMK_stderr=1";
  if (!parts.network.empty()) text += " --net=" + parts.network;
  text += " -e PCMK_remote_port=" + (parts.control_port.empty() ? "3121" : parts.control_port);
  text += mounts_of(bundle, parts, replica.offset, own_folders);
  text += ports_of(parts, replica);
  if (parts.has_options) text += " " + parts.options;
  return text + " " + parts.host_options;
}

}  // namespace

std::string as_xml_id(std::string name) {
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
    const bool later = (c >= '0' && c <= '9') || c == '-' || c == '.';
    if (!letter && !(i > 0 && later)) name[i] = '.';
  }
  return name;
}

namespace {

/// The last group counted on by one.
std::string next_ipv6(std::string_view address) {
  const auto colon = address.rfind(':');
  const auto group = address.substr(colon + 1);
  constexpr unsigned last = 0xffff;
  unsigned number = 0;
  const auto [end, error] = std::from_chars(group.data(), group.data() + group.size(), number, 16);
  const bool readable = group.empty() || (error == std::errc() && end == group.data() + group.size());
  if (!readable || number >= last) return {};
  return fmt::format("{}{:x}", address.substr(0, colon + 1), number + 1);
}

}  // namespace

std::string next_address(std::string_view address) {
  if (address.find(':') != address.npos) return next_ipv6(address);
  const auto texts = split(address, '.');
  std::array<std::int64_t, 4> parts{};
  if (texts.size() != parts.size()) return {};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto number = parse_int(texts[i]);
    if (!number || *number < 0 || *number > 255) return {};
    parts[i] = *number;
  }
  if (parts[2] > 253) return {};
  if (parts[3] > 253) {
    ++parts[2];
    parts[3] = 1;
  } else {
    ++parts[3];
  }
  return fmt::format("{}.{}.{}.{}", parts[0], parts[1], parts[2], parts[3]);
}

pugi::xml_node make_bundle_clone(WorkingSet& set, const Resource& rsc, pugi::xml_node primitive) {
  const auto& bundle = *rsc.bundle;
  // The name keeps an old word: under another one running bundles would be restarted.
  auto clone = new_element(set, "clone", fmt::format("{}-{}", bundle.prefix, bundle.promoted_max > 0 ? "master" : "clone"));
  auto meta = new_block(clone, "meta_attributes", bundle.prefix + "-clone-meta");
  add_pair(meta, "ordered", "true");
  add_pair(meta, "clone-max", fmt::format("{}", bundle.replicas));
  add_pair(meta, "clone-node-max", fmt::format("{}", bundle.replicas_per_host));
  add_pair(meta, "globally-unique", bundle.replicas_per_host > 1 ? "true" : "false");
  if (bundle.promoted_max > 0) {
    add_pair(meta, "promotable", "true");
    add_pair(meta, "promoted-max", fmt::format("{}", bundle.promoted_max));
  }
  clone.append_copy(primitive);
  return clone;
}

pugi::xml_node make_bundle_address(WorkingSet& set, const Resource& rsc, const BundleParts& parts, const Replica& replica) {
  const auto& bundle = *rsc.bundle;
  const auto id = as_xml_id(fmt::format("{}-ip-{}", bundle.prefix, replica.address));
  auto address = new_agent(set, id, "IPaddr2");
  auto block = new_block(address, "instance_attributes", fmt::format("{}-attributes-{}", bundle.prefix, replica.offset));
  add_pair(block, "ip", replica.address);
  if (!bundle.host_interface.empty()) add_pair(block, "nic", bundle.host_interface);
  add_pair(block, "cidr_netmask", parts.has_netmask ? parts.netmask : "32");
  add_op(address.append_child("operations"), id, "monitor", "60s", {});
  return address;
}

pugi::xml_node make_bundle_container(WorkingSet& set, const Resource& rsc, const BundleParts& parts, const Replica& replica) {
  const auto& bundle = *rsc.bundle;
  const auto id = as_xml_id(fmt::format("{}-{}-{}", bundle.prefix, bundle.type, replica.offset));
  auto container = new_agent(set, id, bundle.type);
  auto block = new_block(container, "instance_attributes", fmt::format("{}-attributes-{}", bundle.prefix, replica.offset));
  add_pair(block, "image", bundle.image);
  add_pair(block, "allow_pull", "true");
  add_pair(block, "force_kill", "false");
  add_pair(block, "reuse", "false");
  std::string own_folders;
  add_pair(block, "run_opts", run_options(bundle, parts, replica, own_folders));
  add_pair(block, "mount_points", own_folders);
  if (!bundle.run_command.empty()) {
    add_pair(block, "run_cmd", bundle.run_command);
  } else if (replica.child != nullptr) {
    add_pair(block, "run_cmd", "/usr/sbin/pacemaker-remoted");
  }
  // Only whether the container lives: what is inside has monitors of its own.
  add_pair(block, "monitor_cmd", "/bin/true");
  add_op(container.append_child("operations"), id, "monitor", "60s", {});
  return container;
}

}  // namespace relevo::policy
