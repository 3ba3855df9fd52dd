// How packets leave a UDP socket: runs of equal size to one receiver as one call (UDP_SEGMENT), the rest in batches.
#pragma once

#include <sys/socket.h>
#include <sys/uio.h>

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "common/io/sockaddr.hpp"
#include "common/io/udp.hpp"

namespace relevo::io {

/// The sending half of one socket. Remembers what the kernel refused to cut, and tries it again now and then.
class UdpSender {
 public:
  /// Sends now without blocking, in order for each receiver. Gives how many packets the kernel did not take.
  std::uint64_t send(int fd, std::span<const Outgoing> packets);
  /// What was refused since the last call, at most 64.
  [[nodiscard]] std::vector<Refused> take_refused() { return std::exchange(refused_, {}); }
  [[nodiscard]] bool has_refused() const { return !refused_.empty(); }

 private:
  /// Consecutive packets to one receiver that leave in one message.
  struct Run {
    std::size_t receiver = 0;  // in receivers_
    std::size_t begin = 0;     // of its packets in pieces_
    std::size_t count = 0;
    std::size_t segment = 0;   // bytes of each packet but the last
    std::size_t bytes = 0;
    bool closed = false;       // its last packet is shorter
  };
  struct Receiver {
    Address address;
    SocketAddress name;
    std::vector<std::size_t> packets;  // in order
  };
  struct alignas(cmsghdr) Control {
    std::uint8_t bytes[CMSG_SPACE(sizeof(std::uint16_t))];
  };

  void sort_by_receiver(std::span<const Outgoing> packets);
  void make_runs(std::span<const Outgoing> packets);
  [[nodiscard]] bool fits(const Run& run, std::size_t size) const;
  void fill_headers();
  std::uint64_t send_runs(int fd);
  std::uint64_t send_singly(int fd, const Run& run);
  bool send_one(int fd, const Address& to, const SocketAddress& name, iovec piece);
  void note_refusal(const Address& to, std::size_t size, int error);

  std::vector<Receiver> receivers_;
  std::size_t used_ = 0;  // of receivers_: the rest is memory kept from earlier batches
  std::vector<iovec> pieces_;
  std::vector<Run> runs_;
  std::vector<mmsghdr> headers_;
  std::vector<Control> controls_;
  std::size_t refused_segment_ = SIZE_MAX;  // packets of this size or more the kernel does not cut
  std::uint32_t batches_ = 0;
  std::vector<Refused> refused_;
};

}  // namespace relevo::io
