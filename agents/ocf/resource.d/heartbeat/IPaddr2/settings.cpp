// See settings.hpp.
#include "agents/ocf/resource.d/heartbeat/IPaddr2/settings.hpp"

#include <array>

#include "common/base/text.hpp"

namespace relevo::agents::ipaddr2 {
namespace {

using Failure = tl::unexpected<Answer>;

constexpr std::size_t longest_label = 15;  // IFNAMSIZ - 1

/// The prefix length of `24` or `255.255.255.0`.
std::optional<std::uint8_t> read_netmask(const std::string& text, Address::Family family) {
  const std::uint64_t longest = family == Address::Family::v6 ? 128 : 32;
  if (const auto number = parse_uint(text)) {
    return *number <= longest ? std::optional(static_cast<std::uint8_t>(*number)) : std::nullopt;
  }
  const auto mask = parse_ip(text);
  if (family != Address::Family::v4 || !mask || mask->family != Address::Family::v4) return std::nullopt;
  std::uint8_t ones = 0;
  bool ended = false;
  for (std::size_t bit = 0; bit < 32; ++bit) {
    const bool one = (mask->bytes[bit / 8] & (0x80U >> (bit % 8))) != 0;
    if (one && ended) return std::nullopt;
    ended = !one;
    if (one) ++ones;
  }
  return ones;
}

struct Unsupported {
  const char* name;
  const char* accepted;  ///< the value that asks for nothing
};

/// Accepted at their defaults, so that configurations made for other versions of this agent load unchanged.
constexpr std::array unsupported{
    Unsupported{"lvs_support", "false"},
    Unsupported{"run_arping", "false"},
    Unsupported{"clusterip_hash", "sourceip-sourceport"},
    Unsupported{"clusterip_mac_mangle", "false"},
    Unsupported{"clusterip_hash_seed", ""},
    Unsupported{"clusterip_firewall", "auto"},
    Unsupported{"clusterip_table", "mangle"},
    Unsupported{"clusterip_chain", "PREROUTING"},
    Unsupported{"mac", ""},
    Unsupported{"proto", ""},
};

bool same_value(const std::string& a, const std::string& b) {
  const auto x = parse_bool(a);
  const auto y = parse_bool(b);
  return a == b || (x && y && *x == *y);
}

std::optional<Answer> find_unsupported(const Call& call) {
  for (const auto& [name, accepted] : unsupported) {
    const auto value = call.parameter(name);
    if (value && !same_value(*value, accepted)) {
      return Answer{Exit::not_configured,
                    fmt::format("parameter {}={} is not supported by this IPaddr2", name, *value)};
    }
  }
  const auto copies = parse_int(call.meta("clone_max").value_or("1")).value_or(1);
  const bool own_address = call.boolean("unique_clone_address", false).value_or(false);
  if (copies > 1 && !own_address) {
    return Answer{Exit::not_configured,
                  "one address shared by several clone instances is not supported by this IPaddr2"};
  }
  const auto sender = call.parameter_or("arp_sender", "");
  for (const auto* known : {"", "send_arp", "iputils_arping", "libnet_arping", "ipoibarping"}) {
    if (sender == known) return std::nullopt;  // whatever is named, ours sends
  }
  return Answer{Exit::bad_argument, fmt::format("parameter arp_sender: '{}' is not known", sender)};
}

std::optional<Answer> read_ip(const Call& call, Settings& s) {
  const auto text = call.parameter("ip");
  if (!text) return Answer{Exit::not_configured, "parameter ip is required"};
  const auto ip = parse_ip(*text);
  if (!ip) return Answer{Exit::not_configured, fmt::format("parameter ip: '{}' is not an IPv4 or IPv6 address", *text)};
  s.ip = *ip;
  if (call.boolean("unique_clone_address", false).value_or(false)) {
    const auto number = parse_uint(s.resource.substr(s.resource.find(':') + 1)).value_or(0);
    auto& last = s.ip.bytes[s.ip.family == Address::Family::v6 ? 15 : 3];
    if (last + number > 255)
      return Answer{Exit::not_configured, "unique_clone_address: no address left in the last octet"};
    last = static_cast<std::uint8_t>(last + number);
  }
  if (const auto mask = call.parameter("cidr_netmask")) {
    s.prefix = read_netmask(*mask, s.ip.family);
    if (!s.prefix)
      return Answer{Exit::not_configured,
                    fmt::format("parameter cidr_netmask: '{}' is no prefix length for {}", *mask, *text)};
  }
  if (const auto broadcast = call.parameter("broadcast"); broadcast && s.ip.family == Address::Family::v4) {
    s.broadcast = parse_ip(*broadcast);
    if (!s.broadcast || s.broadcast->family != Address::Family::v4) {
      return Answer{Exit::not_configured, fmt::format("parameter broadcast: '{}' is not an IPv4 address", *broadcast)};
    }
  }
  return std::nullopt;
}

std::optional<Answer> read_interface(const Call& call, Settings& s) {
  s.nic = call.parameter_or("nic", "");
  s.label = call.parameter_or("iflabel", "");
  if (const auto colon = s.nic.find(':'); colon != std::string::npos) {
    if (s.label.empty()) s.label = s.nic.substr(colon + 1);
    s.nic.resize(colon);
  }
  s.network_namespace = call.parameter_or("network_namespace", "");
  if (s.network_namespace.find('/') != std::string::npos || s.network_namespace.starts_with('.')) {
    return Answer{Exit::bad_argument,
                  fmt::format("parameter network_namespace: '{}' is not a name", s.network_namespace)};
  }
  if (!s.nic.empty() && !s.label.empty() && s.nic.size() + 1 + s.label.size() > longest_label) {
    return Answer{Exit::bad_argument,
                  fmt::format("label {}:{} is longer than {} characters", s.nic, s.label, longest_label)};
  }
  return std::nullopt;
}

std::optional<Answer> read_lifetimes(const Call& call, Settings& s) {
  const auto text = call.parameter_or("preferred_lft", "forever");
  if (text != "forever") {
    const auto seconds = parse_uint(text);
    if (!seconds || *seconds > 0xfffffffe) {
      return Answer{Exit::bad_argument,
                    fmt::format("parameter preferred_lft: '{}' is neither seconds nor forever", text)};
    }
    s.preferred_lft = static_cast<std::uint32_t>(*seconds);
  }
  const auto lease = parse_uint(call.variable("RELEVO_LEASE_SECONDS").value_or("0")).value_or(0);
  // Whoever renews looks at its own network namespace only.
  if (lease > 0 && lease <= 3600 && s.network_namespace.empty()) s.lease = static_cast<std::uint32_t>(lease);
  return std::nullopt;
}

template <class T, class U>
void take(const Result<T>& value, U& into, std::optional<Answer>& failure) {
  if (value) {
    into = U(*value);
  } else if (!failure) {
    failure = Answer{Exit::bad_argument, value.error().message};
  }
}

}  // namespace

tl::expected<Settings, Answer> read_settings(const Call& call) {
  Settings s;
  s.resource = call.instance();
  s.state_folder = call.state_folder();
  std::optional<Answer> failure = read_ip(call, s);
  if (!failure) failure = read_interface(call, s);
  if (!failure) failure = read_lifetimes(call, s);
  bool ignored = false;
  take(call.number("arp_interval", 200, 1, 60000), s.arp_interval, failure);
  take(call.number("arp_count", 5, 0, 1000), s.arp_count, failure);
  take(call.number("arp_count_refresh", 0, 0, 1000), s.arp_count_refresh, failure);
  take(call.boolean("nodad", false), s.nodad, failure);
  take(call.boolean("noprefixroute", false), s.noprefixroute, failure);
  take(call.boolean("check_link_status", true), s.check_link_status, failure);
  for (const auto* name : {"unique_clone_address", "arp_bg", "flush_routes", "lvs_ipv6_addrlabel"}) {
    take(call.boolean(name, false), ignored, failure);
  }
  take(call.number("lvs_ipv6_addrlabel_value", 99, 0, 0xffffffffL), ignored, failure);
  // A stop removes what is there, whatever else is asked for.
  if (!failure && call.action() != "stop") failure = find_unsupported(call);
  if (failure) return Failure(*failure);
  return s;
}

}  // namespace relevo::agents::ipaddr2
