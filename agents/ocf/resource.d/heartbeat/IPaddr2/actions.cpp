// The actions that look or remove: monitor, validate-all, stop. Start is in start.cpp.
#include "agents/ocf/resource.d/heartbeat/IPaddr2/actions.hpp"

#include <unistd.h>

#include "agents/ocf/resource.d/heartbeat/IPaddr2/announcer.hpp"
#include "agents/ocf/resource.d/heartbeat/IPaddr2/presence.hpp"
#include "common/net/lease.hpp"

namespace relevo::agents::ipaddr2 {
namespace {

/// A probe asks whether it runs; that it does not is no complaint.
Answer not_running(const Call& call, std::string reason) {
  return {Exit::not_running, call.is_probe() ? std::string() : std::move(reason)};
}

/// Only what says which address it is: a mistake in anything else must not keep a stop from removing it.
Call bare(const Call& call) {
  std::map<std::string, std::string> kept;
  const std::string prefix = "OCF_RESKEY_";
  for (const auto& [name, value] : call.environment()) {
    bool keep = !name.starts_with(prefix);
    for (const auto* known : {"ip", "nic", "cidr_netmask", "network_namespace", "unique_clone_address"}) {
      keep = keep || name == prefix + known;
    }
    if (keep) kept.emplace(name, value);
  }
  return {call.action(), std::move(kept)};
}

}  // namespace

Answer monitor(const Call& call) {
  const auto s = read_settings(call);
  if (!s) return s.error();
  if (const auto entered = enter_namespace(*s); !entered) return not_running(call, entered.error().message);
  const auto presence = find_presence(*s);
  if (!presence) return {Exit::error, presence.error().message};
  const auto ip = ip_text(s->ip);
  switch (presence->condition) {
    case Condition::absent:
      return not_running(call, ip + " is on no interface");
    case Condition::link_down:
      return not_running(call, fmt::format("the link of {} is down, {} cannot be reached", presence->link.name, ip));
    case Condition::duplicate:
      return {Exit::error, fmt::format("another host on {} has {}", presence->link.name, ip)};
    case Condition::unlabelled:
      return {Exit::error, fmt::format("{} on {} has no label {}", ip, presence->link.name, s->label)};
    case Condition::good:
      break;
  }
  // Refreshing the neighbours is a courtesy: that it failed does not make the address fail.
  if (s->arp_count_refresh > 0 && !call.is_probe()) (void)announce_burst(*s, presence->link, s->arp_count_refresh);
  return {};
}

Answer validate(const Call& call) {
  const auto s = read_settings(call);
  if (!s) return s.error();
  if (const auto entered = enter_namespace(*s); !entered) return {Exit::not_installed, entered.error().message};
  const auto place = net::find_interface(s->ip, s->nic, s->prefix);
  if (!place) return {Exit::not_installed, place.error().message};
  return {};
}

Answer stop(const Call& call) {
  if (!call.parameter("ip")) return {};
  const auto s = read_settings(bare(call));
  // What cannot be read was never started by this agent either.
  if (!s) return {};
  if (::geteuid() != 0) return {Exit::no_permission, "removing an address needs root"};
  if (const auto entered = enter_namespace(*s); !entered) return {};
  stop_announcing(*s);
  // First the record: whoever renews the lease must not take the removal for a loss.
  net::remove_lease(s->state_folder, s->resource);
  const auto found = copies(*s);
  if (!found) return {Exit::error, found.error().message};
  for (const auto& address : *found) {
    const auto removed = net::remove_address(address, "interface " + std::to_string(address.interface));
    if (!removed && removed.error().kind != ErrorKind::not_found) return {Exit::error, removed.error().message};
  }
  return {};
}

}  // namespace relevo::agents::ipaddr2
