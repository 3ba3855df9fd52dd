// See announce.hpp. Source: RFC 826, RFC 5227 section 3 (ARP); RFC 4861 section 7.2.6 (advertisements).
#include "common/net/announce.hpp"

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if_arp.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "common/base/bytes.hpp"
#include "common/net/netlink.hpp"

namespace relevo::net {
namespace {

class Socket {
 public:
  Socket(int domain, int type, int protocol) : fd_(::socket(domain, type | SOCK_CLOEXEC, protocol)) {}
  ~Socket() {
    if (fd_ >= 0) ::close(fd_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  [[nodiscard]] int fd() const { return fd_; }

 private:
  int fd_;
};

tl::unexpected<Error> failed(int error, const Link& link, const Address& ip) {
  return fail(error == EPERM ? ErrorKind::permission : ErrorKind::failed, "announcing {} on {}: {}", ip_text(ip),
              link.name, errno_text(error));
}

void put_big_endian(Bytes& out, std::uint16_t v) {
  out.push_back(static_cast<std::uint8_t>(v >> 8));
  out.push_back(static_cast<std::uint8_t>(v & 0xff));
}

/// Sender and target are both the address: that is what makes it gratuitous.
Bytes arp_packet(const Link& link, const Address& ip, std::uint16_t operation) {
  Bytes out;
  put_big_endian(out, link.hardware);
  put_big_endian(out, ETH_P_IP);
  out.push_back(static_cast<std::uint8_t>(link.mac.size()));
  out.push_back(4);
  put_big_endian(out, operation);
  const auto put_ip = [&] { out.insert(out.end(), ip.bytes.begin(), ip.bytes.begin() + 4); };
  out.insert(out.end(), link.mac.begin(), link.mac.end());
  put_ip();
  out.insert(out.end(), link.broadcast.begin(), link.broadcast.end());
  put_ip();
  return out;
}

Status announce_v4(const Link& link, const Address& ip) {
  const Socket socket(AF_PACKET, SOCK_DGRAM, 0);
  if (socket.fd() < 0) return failed(errno, link, ip);
  sockaddr_ll to{};
  to.sll_family = AF_PACKET;
  to.sll_protocol = htons(ETH_P_ARP);
  to.sll_ifindex = link.index;
  to.sll_hatype = link.hardware;
  to.sll_halen = static_cast<std::uint8_t>(std::min(link.broadcast.size(), sizeof(to.sll_addr)));
  std::memcpy(to.sll_addr, link.broadcast.data(), to.sll_halen);
  for (const auto operation : {std::uint16_t{ARPOP_REQUEST}, std::uint16_t{ARPOP_REPLY}}) {
    const auto packet = arp_packet(link, ip, operation);
    if (::sendto(socket.fd(), packet.data(), packet.size(), MSG_DONTWAIT, reinterpret_cast<const sockaddr*>(&to),
                 sizeof(to)) < 0) {
      return failed(errno, link, ip);
    }
  }
  return {};
}

Bytes advertisement(const Link& link, const Address& ip) {
  nd_neighbor_advert head{};
  head.nd_na_type = ND_NEIGHBOR_ADVERT;
  head.nd_na_flags_reserved = ND_NA_FLAG_OVERRIDE;
  std::memcpy(&head.nd_na_target, ip.bytes.data(), 16);
  Bytes out(sizeof(head));
  std::memcpy(out.data(), &head, sizeof(head));
  const std::size_t option = (2 + link.mac.size() + 7) / 8 * 8;
  out.push_back(ND_OPT_TARGET_LINKADDR);
  out.push_back(static_cast<std::uint8_t>(option / 8));
  out.insert(out.end(), link.mac.begin(), link.mac.end());
  out.resize(sizeof(head) + option);
  return out;
}

Status announce_v6(const Link& link, const Address& ip) {
  const Socket socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6);
  if (socket.fd() < 0) return failed(errno, link, ip);
  const int hops = 255;  // receivers drop anything that could have crossed a router
  const int interface = link.index;
  sockaddr_in6 from{};
  from.sin6_family = AF_INET6;
  from.sin6_scope_id = static_cast<std::uint32_t>(link.index);
  std::memcpy(&from.sin6_addr, ip.bytes.data(), 16);
  auto to = from;
  to.sin6_addr = in6_addr{};
  to.sin6_addr.s6_addr[0] = 0xff;  // ff02::1, all nodes
  to.sin6_addr.s6_addr[1] = 0x02;
  to.sin6_addr.s6_addr[15] = 0x01;
  const auto packet = advertisement(link, ip);
  if (::setsockopt(socket.fd(), IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &hops, sizeof(hops)) < 0 ||
      ::setsockopt(socket.fd(), IPPROTO_IPV6, IPV6_MULTICAST_IF, &interface, sizeof(interface)) < 0 ||
      ::bind(socket.fd(), reinterpret_cast<const sockaddr*>(&from), sizeof(from)) < 0 ||
      ::sendto(socket.fd(), packet.data(), packet.size(), MSG_DONTWAIT, reinterpret_cast<const sockaddr*>(&to),
               sizeof(to)) < 0) {
    return failed(errno, link, ip);
  }
  return {};
}

}  // namespace

Status announce(const Link& link, const Address& ip) {
  if (link.loopback || !link.arp || link.mac.empty()) return {};
  return ip.family == Address::Family::v6 ? announce_v6(link, ip) : announce_v4(link, ip);
}

}  // namespace relevo::net
