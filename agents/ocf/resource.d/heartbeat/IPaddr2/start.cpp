// The start action: find the place, add the address, wait until it is usable, tell the neighbours.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>

#include "agents/ocf/resource.d/heartbeat/IPaddr2/actions.hpp"
#include "agents/ocf/resource.d/heartbeat/IPaddr2/announcer.hpp"
#include "agents/ocf/resource.d/heartbeat/IPaddr2/presence.hpp"
#include "common/net/lease.hpp"

namespace relevo::agents::ipaddr2 {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds carrier_wait{1000};
constexpr milliseconds dad_wait{10000};  // what the agent's users know: ten looks, a second apart

void pause(milliseconds time) {
  const timespec t{time.count() / 1000, time.count() % 1000 * 1'000'000};
  ::nanosleep(&t, nullptr);
}

Exit code_of(const Error& error) { return error.kind == ErrorKind::permission ? Exit::no_permission : Exit::error; }

void set_lifetimes(const Settings& s, net::InterfaceAddress& address) {
  address.valid_lft = s.lease.value_or(net::forever);
  address.preferred_lft = std::min(s.preferred_lft.value_or(net::forever), address.valid_lft);
}

net::InterfaceAddress wanted_address(const Settings& s, const net::Place& place) {
  net::InterfaceAddress address;
  address.ip = s.ip;
  address.prefix = place.prefix;
  address.interface = place.link.index;
  if (!s.label.empty()) address.label = place.link.name + ":" + s.label;
  address.broadcast = s.broadcast;
  if (!s.broadcast && s.ip.family == Address::Family::v4 && place.prefix <= 30) {
    address.broadcast = net::broadcast_of(s.ip, place.prefix);
  }
  address.no_dad = s.nodad;
  address.no_prefix_route = s.noprefixroute;
  address.metric = place.metric;
  set_lifetimes(s, address);
  return address;
}

/// A link that was just brought up takes a moment to find its carrier, and one that just found it sends nothing
/// until the kernel has noticed.
Status wait_for_carrier(const net::Link& link, bool just_up) {
  for (milliseconds waited{0};; waited += milliseconds(5)) {
    const auto now = net::find_link(link.name);
    if (!now) return pass(now.error());
    if (now->lower_up && (now->operational || waited >= carrier_wait)) return {};
    if (!now->lower_up && (!just_up || waited >= carrier_wait)) return fail("the link of {} is down", link.name);
    pause(milliseconds(5));
  }
}

/// IPv6: until duplicate address detection has spoken. Still tentative at the end is let pass, as users know it.
Status wait_for_dad(const Settings& s, const net::InterfaceAddress& wanted, const net::Link& link) {
  if (s.ip.family != Address::Family::v6 || link.loopback) return {};
  for (milliseconds waited{0}; waited < dad_wait; waited += milliseconds(10)) {
    const auto list = net::addresses();
    if (!list) return pass(list.error());
    const auto it = std::find_if(list->begin(), list->end(), [&](const net::InterfaceAddress& address) {
      return address.ip == wanted.ip && address.interface == wanted.interface;
    });
    if (it == list->end()) return fail("{} vanished from {} while it was being checked", ip_text(s.ip), link.name);
    if (it->dad_failed) return fail("another host on {} has {}", link.name, ip_text(s.ip));
    if (!it->tentative) return {};
    // The lease runs while nobody renews it yet.
    if (s.lease && waited.count() % 500 == 0) (void)net::extend_address(wanted, link.name);
    pause(milliseconds(10));
  }
  return {};
}

/// After the address: a record without its address would look like a loss.
Answer record_lease(const Settings& s, const net::InterfaceAddress& address, const std::string& interface_name) {
  if (!s.lease) {
    net::remove_lease(s.state_folder, s.resource);
    return {};
  }
  ::mkdir(s.state_folder.c_str(), 0755);
  const auto written = net::write_lease(s.state_folder, s.resource,
                                        {address.ip, address.prefix, interface_name, std::chrono::seconds(*s.lease)});
  if (!written) return {Exit::error, written.error().message};
  return {};
}

Answer tell_neighbours(const Settings& s, const net::Link& link) {
  ::mkdir(s.state_folder.c_str(), 0755);
  const auto told = announce_burst(s, link, s.arp_count);
  // The address is up and further announcements follow: a lost first one is no reason to move it elsewhere.
  return {Exit::ok, told ? std::string() : told.error().message};
}

Answer add(const Settings& s, const net::Place& place) {
  const auto& link = place.link;
  if (!link.up) {
    if (const auto up = net::set_link_up(link); !up) return {code_of(up.error()), up.error().message};
  }
  const auto address = wanted_address(s, place);
  const auto added = net::add_address(address, link.name);
  if (!added && added.error().kind != ErrorKind::exists) return {code_of(added.error()), added.error().message};
  const auto give_up = [&](Exit code, const Error& why) {
    (void)net::remove_address(address, link.name);
    return Answer{code, why.message};
  };
  if (s.check_link_status) {
    if (const auto carrier = wait_for_carrier(link, !link.up); !carrier)
      return give_up(Exit::not_installed, carrier.error());
  }
  if (const auto usable = wait_for_dad(s, address, link); !usable) return give_up(Exit::error, usable.error());
  if (auto recorded = record_lease(s, address, link.name); recorded.code != Exit::ok) {
    return give_up(recorded.code, Error{recorded.reason});
  }
  return tell_neighbours(s, link);
}

/// It is here already: its lifetime becomes what was asked for now.
Answer keep(const Settings& s, const Presence& presence) {
  auto address = presence.address;
  set_lifetimes(s, address);
  if (address.valid_lft != presence.address.valid_lft || address.preferred_lft != presence.address.preferred_lft) {
    const auto set = net::extend_address(address, presence.link.name);
    if (!set) return {code_of(set.error()), set.error().message};
  }
  return record_lease(s, address, presence.link.name);
}

}  // namespace

Answer start(const Call& call) {
  const auto s = read_settings(call);
  if (!s) return s.error();
  if (::geteuid() != 0) return {Exit::no_permission, "adding an address needs root"};
  if (const auto entered = enter_namespace(*s); !entered) return {Exit::not_installed, entered.error().message};
  const auto presence = find_presence(*s);
  if (!presence) return {Exit::error, presence.error().message};
  if (presence->condition == Condition::good) return keep(*s, *presence);
  if (presence->condition == Condition::link_down) {
    return {Exit::not_installed,
            fmt::format("{} is there, but the link of {} is down", ip_text(s->ip), presence->link.name)};
  }
  const auto place = net::find_interface(s->ip, s->nic, s->prefix);
  if (!place) return {Exit::not_installed, place.error().message};
  if (presence->condition != Condition::absent) (void)net::remove_address(presence->address, presence->link.name);
  return add(*s, *place);
}

}  // namespace relevo::agents::ipaddr2
