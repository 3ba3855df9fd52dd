// What a lab consists of, as values: hosts, addresses, names. Nothing here touches the system.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "cli/support/process.hpp"
#include "common/base/result.hpp"

namespace relevo::cli::lab {

constexpr std::uint32_t max_nodes = 64;
constexpr std::uint32_t max_lab_links = 8;

/// One host of a lab: a cluster node, the client, or the DNS server.
struct Host {
  enum class Role { node, client, dns };
  std::string name;  ///< nodo1, client, dns
  Role role = Role::node;
  std::uint32_t number = 0;  ///< nodes: 1.. = the node id
  std::uint32_t octet = 0;   ///< last number of its addresses
};

/// A lab as it was asked for. Kept in its state folder, so that every later verb knows it.
struct Lab {
  std::string name = "lab";
  std::uint32_t nodes = 3;
  std::uint32_t links = 1;
  std::string vip;  ///< ADDR/PREFIX, or empty: no resource is made
  bool bare = false;
  bool dns = false;
  bool ready = false;  ///< `up` came to its end
  ProcessId owner;     ///< the lab dies with this process (demo); pid 0 = nobody
};

/// Lower-case letters, digits and dashes, at most 40: it becomes part of namespace and file names.
Status check_lab_name(const std::string& name);
/// `A.B.C.D/N` inside 172.31.0.0/16 and no host's own address. Empty is right.
Status check_vip(const Lab& lab);

[[nodiscard]] std::vector<Host> hosts_of(const Lab& lab);
/// Finds `nodo2`, `2`, `client`, `dns`, or a full name. Errors: not_found, naming the hosts there are.
Result<Host> find_host(const Lab& lab, const std::string& word);

[[nodiscard]] std::string full_name(const Host& host);                       ///< nodo1.example.com
[[nodiscard]] std::string namespace_of(const Lab& lab, const Host& host);    ///< lab-nodo1
[[nodiscard]] std::string switch_namespace(const Lab& lab);                  ///< lab-net
[[nodiscard]] std::string port_of(const Host& host, std::uint32_t link);     ///< nodo1-0, in the switch
[[nodiscard]] std::string bridge_of(std::uint32_t link);                     ///< link0
[[nodiscard]] std::string interface_of(std::uint32_t link);                  ///< eth0
[[nodiscard]] std::string address_of(const Host& host, std::uint32_t link);  ///< 172.31.0.11
[[nodiscard]] std::string mac_of(const Host& host, std::uint32_t link);      ///< 02:00:ac:1f:00:0b
/// 16 when there is one network, 24 when each link has its own.
[[nodiscard]] std::uint32_t prefix_of(const Lab& lab);
/// The virtual IP without its prefix: the lab's own, or the tutorial's.
[[nodiscard]] std::string vip_address(const Lab& lab);

[[nodiscard]] nlohmann::json to_json(const Lab& lab);
Result<Lab> lab_from_json(const std::string& text);

}  // namespace relevo::cli::lab
