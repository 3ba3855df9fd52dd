// UDP sockets: recvmmsg batches after a wait for readability, sends that never block, the kernel's error queue.
#include "common/io/udp.hpp"

#include <linux/errqueue.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <cstring>
#include <optional>

#include "common/io/fd.hpp"
#include "common/io/sockaddr.hpp"
#include "common/io/udp_sender.hpp"

namespace relevo::io {
namespace asio = boost::asio;

namespace {

constexpr std::size_t batch = 32;          // packets a recvmmsg call
constexpr std::size_t packet_max = 65536;  // any UDP payload fits
constexpr int batches_a_turn = 4;          // then timers and clients get their turn
constexpr int buffer_bytes = 8 << 20;

void set_option(int fd, int level, int name, int value) { ::setsockopt(fd, level, name, &value, sizeof value); }

/// Asks for the buffer past the system's limit, which needs CAP_NET_ADMIN, else for what the limit allows.
void set_buffer(int fd, int force, int plain) {
  const int bytes = buffer_bytes;
  if (::setsockopt(fd, SOL_SOCKET, force, &bytes, sizeof bytes) != 0) set_option(fd, SOL_SOCKET, plain, bytes);
}

void set_options(int fd, bool v6) {
  set_buffer(fd, SO_RCVBUFFORCE, SO_RCVBUF);
  set_buffer(fd, SO_SNDBUFFORCE, SO_SNDBUF);
  set_option(fd, SOL_UDP, UDP_GRO, 1);  // a kernel without it gives packets one by one
  if (v6) {
    set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
    set_option(fd, IPPROTO_IPV6, IPV6_FREEBIND, 1);
    set_option(fd, IPPROTO_IPV6, IPV6_RECVERR, 1);
    set_option(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_PROBE);
  } else {
    set_option(fd, IPPROTO_IP, IP_FREEBIND, 1);
    set_option(fd, IPPROTO_IP, IP_RECVERR, 1);
    set_option(fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_PROBE);
  }
}

/// Whether an error-queue entry says that the peer or its program is not there, and not, say, a path MTU.
bool says_unreachable(const sock_extended_err& error) {
  if (error.ee_origin != SO_EE_ORIGIN_ICMP && error.ee_origin != SO_EE_ORIGIN_ICMP6 &&
      error.ee_origin != SO_EE_ORIGIN_LOCAL) {
    return false;
  }
  return error.ee_errno == ECONNREFUSED || error.ee_errno == EHOSTUNREACH || error.ee_errno == ENETUNREACH ||
         error.ee_errno == EHOSTDOWN;
}

/// Whether it says that a packet was larger than what the interface or the path takes; `ee_info` is that MTU then.
bool says_too_large(const sock_extended_err& error) {
  return error.ee_errno == EMSGSIZE && error.ee_info != 0 &&
         (error.ee_origin == SO_EE_ORIGIN_LOCAL || error.ee_origin == SO_EE_ORIGIN_ICMP || error.ee_origin == SO_EE_ORIGIN_ICMP6);
}

/// What the kernel's error queue says in this message.
std::optional<sock_extended_err> error_in(msghdr& message) {
  for (cmsghdr* c = CMSG_FIRSTHDR(&message); c != nullptr; c = CMSG_NXTHDR(&message, c)) {
    const bool v4 = c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR;
    const bool v6 = c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR;
    if (!v4 && !v6) continue;
    sock_extended_err error{};
    std::memcpy(&error, CMSG_DATA(c), sizeof error);
    return error;
  }
  return std::nullopt;
}

/// The size of the packets that the kernel has put together into one message, or that of the one packet (UDP_GRO).
std::size_t segment_of(msghdr& message, std::size_t length) {
  for (cmsghdr* c = CMSG_FIRSTHDR(&message); c != nullptr; c = CMSG_NXTHDR(&message, c)) {
    if (c->cmsg_level != SOL_UDP || c->cmsg_type != UDP_GRO) continue;
    int size = 0;
    std::memcpy(&size, CMSG_DATA(c), sizeof size);
    if (size > 0) return static_cast<std::size_t>(size);
  }
  return length;
}

/// The buffers of one recvmmsg call. Large, so they are shared by all turns of the socket.
struct Buffers {
  std::array<mmsghdr, batch> headers{};
  std::array<iovec, batch> pieces{};
  std::array<sockaddr_storage, batch> names{};
  struct alignas(cmsghdr) Control {
    std::array<std::uint8_t, CMSG_SPACE(sizeof(int))> bytes;
  };
  std::array<Control, batch> controls{};
  std::vector<std::uint8_t> bytes = std::vector<std::uint8_t>(batch * packet_max);

  Buffers() {
    for (std::size_t i = 0; i < batch; ++i) {
      pieces[i] = {bytes.data() + i * packet_max, packet_max};
      headers[i].msg_hdr.msg_iov = &pieces[i];
      headers[i].msg_hdr.msg_iovlen = 1;
      headers[i].msg_hdr.msg_name = &names[i];
    }
  }
  int read(int fd) {
    for (std::size_t i = 0; i < batch; ++i) {
      headers[i].msg_hdr.msg_namelen = sizeof(sockaddr_storage);
      headers[i].msg_hdr.msg_control = controls[i].bytes.data();
      headers[i].msg_hdr.msg_controllen = controls[i].bytes.size();
    }
    return ::recvmmsg(fd, headers.data(), batch, MSG_DONTWAIT, nullptr);
  }
};

}  // namespace

struct UdpSocket::Impl : std::enable_shared_from_this<UdpSocket::Impl> {
  explicit Impl(asio::io_context& context) : descriptor(context) {}

  asio::posix::stream_descriptor descriptor;
  std::function<void(const std::vector<Datagram>&)> on_batch;
  std::function<void(const Address&)> on_error;
  std::function<void(const TooLarge&)> on_too_large;
  std::function<void(const Refused&)> on_refused;
  std::uint64_t dropped = 0;
  bool waiting = false;
  bool closed = false;
  bool held = false;
  Buffers buffers;
  UdpSender sender;
  std::vector<Datagram> datagrams;
  unsigned turns = 0;

  void wait() {
    if (waiting || closed || held) return;
    waiting = true;
    descriptor.async_wait(asio::posix::stream_descriptor::wait_read,
                          [self = shared_from_this()](const boost::system::error_code& error) {
                            self->waiting = false;
                            if (error || self->closed || self->held) return;
                            // An error wakes us without a packet, so the error queue costs a call only then; in heavy
                            // traffic it is looked at now and then.
                            if (!self->read_packets() || ++self->turns % 16 == 0) self->read_errors();
                            self->wait();
                          });
  }

  /// Later, because the caller is in the middle of performing an output.
  void tell_refused() {
    auto refused = sender.take_refused();
    if (!on_refused) return;
    asio::post(descriptor.get_executor(), [self = shared_from_this(), refused = std::move(refused)] {
      self->read_errors();  // the kernel may have said which size it takes: that comes first
      for (const auto& r : refused) {
        if (!self->closed) self->on_refused(r);
      }
    });
  }

  /// Whether there were packets and no errors.
  bool read_packets() {
    bool only_packets = true;
    for (int turn = 0; turn < batches_a_turn && !closed; ++turn) {
      const int n = buffers.read(descriptor.native_handle());
      if (n <= 0) {
        only_packets = only_packets && turn > 0;
        if (n < 0 && errno != EAGAIN && errno != EINTR) {
          only_packets = false;  // a pending ICMP error, now consumed
          continue;
        }
        return only_packets;
      }
      deliver(static_cast<std::size_t>(n));
      if (static_cast<std::size_t>(n) < batch) return only_packets;
    }
    return only_packets;
  }

  void deliver(std::size_t n) {
    datagrams.clear();
    for (std::size_t i = 0; i < n; ++i) {
      auto& h = buffers.headers[i];
      if ((h.msg_hdr.msg_flags & MSG_TRUNC) != 0) continue;
      const auto from = from_sockaddr(reinterpret_cast<const sockaddr*>(&buffers.names[i]));
      BytesView rest(buffers.bytes.data() + i * packet_max, h.msg_len);
      const auto segment = segment_of(h.msg_hdr, rest.size());
      do {
        const auto size = std::min(segment, rest.size());
        datagrams.push_back({from, rest.first(size)});
        rest = rest.subspan(size);
      } while (!rest.empty());
    }
    if (on_batch && !datagrams.empty()) on_batch(datagrams);
  }

  void read_errors() {
    for (std::size_t i = 0; i < batch && !closed; ++i) {
      sockaddr_storage name{};
      std::array<std::uint8_t, 1> ignored{};
      iovec piece{ignored.data(), ignored.size()};
      alignas(cmsghdr) std::array<std::uint8_t, 512> control{};
      msghdr message{};
      message.msg_name = &name;
      message.msg_namelen = sizeof name;
      message.msg_iov = &piece;
      message.msg_iovlen = 1;
      message.msg_control = control.data();
      message.msg_controllen = control.size();
      if (::recvmsg(descriptor.native_handle(), &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) return;
      if (const auto error = error_in(message)) on_queued(*error, from_sockaddr(reinterpret_cast<const sockaddr*>(&name)));
    }
  }

  void on_queued(const sock_extended_err& error, const Address& to) {
    if (on_error && says_unreachable(error)) return on_error(to);
    if (!on_too_large || !says_too_large(error)) return;
    const std::size_t headers = to.family == Address::Family::v6 ? 48 : 28;
    if (error.ee_info > headers) on_too_large({to, error.ee_info - headers, error.ee_origin == SO_EE_ORIGIN_LOCAL});
  }
};

UdpSocket::UdpSocket() = default;

UdpSocket::~UdpSocket() {
  if (!impl_) return;
  impl_->closed = true;
  boost::system::error_code ignored;
  impl_->descriptor.close(ignored);
}

Result<std::unique_ptr<UdpSocket>> UdpSocket::bind(Loop& loop, const Address& local) {
  const bool v6 = local.family == Address::Family::v6;
  if (!v6 && local.family != Address::Family::v4) return fail(ErrorKind::invalid, "no address to bind a UDP socket to");
  Fd fd(::socket(v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return fail("no UDP socket for {}: {}", to_string(local), errno_text(errno));
  set_options(fd.get(), v6);
  const auto name = to_sockaddr(local);
  if (::bind(fd.get(), name.get(), name.length) != 0) {
    const int error = errno;
    return fail(error == EADDRINUSE ? ErrorKind::exists : ErrorKind::failed, "cannot use UDP address {}: {}{}",
                to_string(local), errno_text(error), error == EADDRINUSE ? " (is another daemon running?)" : "");
  }
  std::unique_ptr<UdpSocket> socket(new UdpSocket);
  socket->impl_ = std::make_shared<Impl>(loop.context());
  boost::system::error_code error;
  socket->impl_->descriptor.assign(fd.get(), error);
  if (error) return fail("cannot watch the UDP socket of {}: {}", to_string(local), error.message());
  (void)fd.release();
  return socket;
}

void UdpSocket::receive(std::function<void(const std::vector<Datagram>&)> on_batch) {
  impl_->on_batch = std::move(on_batch);
  impl_->wait();
}

void UdpSocket::on_unreachable(std::function<void(const Address&)> on_error) {
  impl_->on_error = std::move(on_error);
  impl_->wait();
}

void UdpSocket::on_too_large(std::function<void(const TooLarge&)> handler) {
  impl_->on_too_large = std::move(handler);
  impl_->wait();
}

void UdpSocket::hold(bool held) {
  impl_->held = held;
  impl_->wait();
}

void UdpSocket::send(const Address& to, BytesView bytes) {
  const Outgoing one{to, bytes};
  send({&one, 1});
}

void UdpSocket::send(std::span<const Outgoing> packets) {
  if (packets.empty()) return;
  impl_->dropped += impl_->sender.send(impl_->descriptor.native_handle(), packets);
  if (impl_->sender.has_refused()) impl_->tell_refused();
}

void UdpSocket::on_refused(std::function<void(const Refused&)> handler) { impl_->on_refused = std::move(handler); }

std::uint64_t UdpSocket::dropped() const { return impl_->dropped; }

}  // namespace relevo::io
