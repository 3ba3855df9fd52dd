// The parts of common/net that need no interface of their own: subnets, lease records, the list of what is there.
#include <catch2/catch.hpp>

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "common/net/addresses.hpp"
#include "common/net/find_interface.hpp"
#include "common/net/lease.hpp"
#include "common/net/links.hpp"

using namespace relevo;
using namespace relevo::net;

TEST_CASE("net: an address is in a network when the prefix bits agree", "[net]") {
  const auto in = [](const char* a, const char* n, std::uint8_t p) {
    return in_network(*parse_ip(a), *parse_ip(n), p);
  };
  CHECK(in("172.31.0.10", "172.31.0.0", 16));
  CHECK(in("10.0.0.127", "10.0.0.126", 31));
  CHECK_FALSE(in("10.0.0.128", "10.0.0.127", 31));
  CHECK(in("1.2.3.4", "9.9.9.9", 0));
  CHECK(in("fd00::1", "fd00::ffff", 64));
  CHECK_FALSE(in("fd00:0:0:1::1", "fd00::1", 64));
  CHECK_FALSE(in("10.0.0.1", "fd00::1", 0));
}

TEST_CASE("net: the broadcast address has all host bits set", "[net]") {
  CHECK(ip_text(broadcast_of(*parse_ip("172.31.0.10"), 16)) == "172.31.255.255");
  CHECK(ip_text(broadcast_of(*parse_ip("10.0.0.5"), 30)) == "10.0.0.7");
}

TEST_CASE("net: a lease record reads back as written, a damaged one as none", "[net]") {
  char folder[] = "/tmp/relevo-net-XXXXXX";
  REQUIRE(::mkdtemp(folder) != nullptr);
  const LeaseRecord record{*parse_ip("fd00::5"), 64, "eth0", std::chrono::seconds(2)};
  REQUIRE(write_lease(folder, "a/b", record));
  const auto back = read_lease(folder, "a/b");
  REQUIRE(back);
  CHECK(back->ip == record.ip);
  CHECK(back->prefix == 64);
  CHECK(back->interface_name == "eth0");
  CHECK(back->lease == record.lease);
  for (const auto* text : {"", "10.0.0.1 24 eth0", "10.0.0.1 33 eth0 2", "x 24 eth0 2", "10.0.0.1 24 eth0 0"}) {
    std::ofstream(lease_path(folder, "a/b")) << text;
    CHECK_FALSE(read_lease(folder, "a/b"));
  }
  remove_lease(folder, "a/b");
  CHECK_FALSE(read_lease(folder, "a/b"));
  ::rmdir(folder);
}

TEST_CASE("net: the loopback interface is listed and found, an unknown one is named in the error", "[net]") {
  const auto list = links();
  REQUIRE(list);
  CHECK(std::any_of(list->begin(), list->end(), [](const Link& link) { return link.loopback && link.name == "lo"; }));
  const auto none = find_link("nowhere0");
  REQUIRE_FALSE(none);
  CHECK(none.error().kind == ErrorKind::not_found);
  CHECK(none.error().message == "interface nowhere0 does not exist");
}

TEST_CASE("net: an address that belongs nowhere asks for what is missing", "[net]") {
  const auto place = find_interface(*parse_ip("203.0.113.77"), "lo", {});
  REQUIRE_FALSE(place);
  CHECK(place.error().message == "lo has no network that contains 203.0.113.77: give cidr_netmask");
  CHECK(find_interface(*parse_ip("203.0.113.77"), "lo", 32));
}
