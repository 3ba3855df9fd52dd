// UDP sockets of the links: addresses, batches out, packets in.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "common/base/bytes.hpp"
#include "common/base/result.hpp"
#include "common/base/address.hpp"
#include "common/io/loop.hpp"

namespace relevo::io {

/// A packet that came in. The bytes live until the handler returns.
struct Datagram {
  Address from;
  BytesView bytes;
};

/// A packet to send. The bytes must live until the call returns.
struct Outgoing {
  Address to;
  BytesView bytes;
};

/// A packet that this host's own kernel would not send.
struct Refused {
  Address to;
  std::size_t size = 0;    ///< its payload
  bool too_large = false;  ///< for the interface or the path as far as the kernel knows it (EMSGSIZE)
  int error = 0;           ///< errno
};

/// The kernel's error queue names the size that an interface or a path takes.
struct TooLarge {
  Address to;               ///< may lack the port
  std::size_t payload = 0;  ///< largest UDP payload
  bool local = true;        ///< this host's own interface; else an ICMP message says so, which anybody can forge
};

/// A bound UDP socket: 8 MiB buffers where allowed, IP_FREEBIND so that it starts before its address is up. IP cuts
/// nothing on the way (don't fragment), and ICMP does not change what the kernel sends (PMTUDISC_PROBE).
class UdpSocket {
 public:
  /// Errors: the address is not usable or the port is taken; the message names both.
  static Result<std::unique_ptr<UdpSocket>> bind(Loop& loop, const Address& local);
  ~UdpSocket();

  /// `on_batch` is called with all packets read in one turn (recvmmsg), in arrival order.
  void receive(std::function<void(const std::vector<Datagram>&)> on_batch);
  /// `on_error` is called with the peer when the kernel reports one unreachable (IP_RECVERR): a hint only.
  void on_unreachable(std::function<void(const Address&)> on_error);
  /// `handler` is called when the kernel names the size that a path takes, after a packet was too large for it.
  void on_too_large(std::function<void(const TooLarge&)> handler);
  /// `handler` is called from a later turn of the loop for packets that were refused; of many only the first 64 are told.
  void on_refused(std::function<void(const Refused&)> handler);
  /// Leaves packets in the kernel's buffer until told otherwise. What was read already (one turn's worth) still comes.
  void hold(bool held);
  /// Sends now without blocking; what the kernel will not take is dropped and counted.
  void send(const Address& to, BytesView bytes);
  /// The same for many: in order for each receiver, with few system calls. Packets of equal size that follow each other
  /// to one receiver leave as one, where the kernel can cut them (UDP_SEGMENT).
  void send(std::span<const Outgoing> packets);
  [[nodiscard]] std::uint64_t dropped() const;

 private:
  UdpSocket();
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace relevo::io
