// One connected end of a local socket: frames in, a bounded queue out.
#include "common/io/connection.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>

#include "common/io/frame_queue.hpp"

namespace relevo::io {
namespace asio = boost::asio;
using Stream = asio::posix::stream_descriptor;

namespace {
constexpr std::size_t header_size = 6;
constexpr std::size_t read_piece = 64U << 10;
constexpr int reads_a_turn = 8;               // then others get their turn
constexpr std::size_t keep_buffer = 1U << 20;  // a larger one is given back once it is empty
constexpr std::size_t small_frame = 16U << 10; // up to here a frame waits for the end of the turn, to go with others
constexpr std::size_t enough = 256U << 10;     // so much does not wait for the end of the turn
}  // namespace

struct Connection::Impl : std::enable_shared_from_this<Connection::Impl> {
  Impl(Loop& l) : loop(l), socket(l.context()) {}

  Loop& loop;
  Stream socket;
  PeerCredentials credentials;
  std::function<void(const Frame&)> on_frame;
  std::function<void(const std::string&)> on_closed;
  bool open = true;      // frames may still be delivered and sent
  bool owned = true;     // the Connection object lives
  bool draining = false;  // close() was called: only the queue is still written
  bool writing = false;
  bool started = false;
  bool reading = false;
  bool paused = false;

  Bytes in = Bytes(read_piece);
  std::size_t begin = 0, end = 0;  // what of `in` is not yet consumed

  FrameQueue out;
  bool flush_posted = false;
  std::size_t drained_low = 0;  // at which `on_drained` is called, once
  std::function<void()> on_drained;

  void wait_read() {
    if (reading || paused || !open || !started) return;
    reading = true;
    socket.async_wait(Stream::wait_read, [self = shared_from_this()](const boost::system::error_code& error) {
      self->reading = false;
      if (!error && self->open) self->read();
    });
  }

  void read() {
    for (int turn = 0; turn < reads_a_turn && !paused; ++turn) {
      const auto n = ::recv(socket.native_handle(), in.data() + end, in.size() - end, MSG_DONTWAIT);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0 && errno == EAGAIN) break;
      if (n < 0) return fail_with(errno_text(errno));
      if (n == 0) return fail_with(begin == end ? "closed by the other side" : "closed in the middle of a frame");
      end += static_cast<std::size_t>(n);
      take_frames();
      if (!open) return;
    }
    wait_read();
  }

  void take_frames() {
    std::size_t wanted = header_size;
    while (open && !draining && end - begin >= header_size) {
      Reader header(BytesView(in).subspan(begin, header_size));
      const std::size_t length = header.u32();
      const auto type = header.u16();
      if (length > max_frame) {
        return fail_with(fmt::format("a frame of {} bytes is longer than the {} allowed", length, max_frame));
      }
      wanted = header_size + length;
      if (end - begin < wanted) break;
      const Frame frame{type, BytesView(in).subspan(begin + header_size, length)};
      begin += wanted;
      wanted = header_size;
      on_frame(frame);
    }
    if (draining) begin = end;  // whatever still comes is of no interest
    if (open) make_room(wanted);
  }

  /// Room for the rest of a frame. The buffer grows with what has come, not with what a header claims.
  void make_room(std::size_t wanted) {
    if (begin == end) {
      begin = end = 0;
      if (in.size() > keep_buffer) in = Bytes(read_piece);
      return;
    }
    if (begin + wanted <= in.size() && in.size() - end >= read_piece / 2) return;
    std::copy(in.begin() + static_cast<std::ptrdiff_t>(begin), in.begin() + static_cast<std::ptrdiff_t>(end), in.begin());
    end -= begin;
    begin = 0;
    if (in.size() - end < read_piece) in.resize(std::max(in.size() * 2, end + read_piece));
  }

  void send(std::uint16_t type, BytesView payload) {
    if (!open || draining) return;
    if (payload.size() > max_frame) return fail_later(fmt::format("a frame of {} bytes cannot be sent", payload.size()));
    std::array<std::uint8_t, header_size> header{};
    for (std::size_t i = 0; i < 4; ++i) header[i] = static_cast<std::uint8_t>(payload.size() >> (8 * i));
    header[4] = static_cast<std::uint8_t>(type);
    header[5] = static_cast<std::uint8_t>(type >> 8);
    if (out.bytes() + header_size + payload.size() > max_queued) {
      return fail_later(fmt::format("the other side does not read: {} bytes are waiting for it", out.bytes()));
    }
    std::size_t sent = 0;
    const bool at_once = out.empty() && payload.size() > small_frame;
    if (at_once && !send_now(header, payload, sent)) return;
    out.add(header, payload, sent);
    if (out.empty() || writing) return;
    if (at_once) return wait_write();
    if (out.bytes() >= enough) return flush();
    flush_later();
  }

  /// A large frame mostly fits the kernel's buffer, and then nothing is copied. False when the connection is broken.
  bool send_now(std::array<std::uint8_t, header_size>& header, BytesView payload, std::size_t& sent) {
    std::array<iovec, 2> pieces{iovec{header.data(), header.size()},
                                iovec{const_cast<std::uint8_t*>(payload.data()), payload.size()}};
    const auto n = send_pieces(pieces);
    if (n >= 0) sent = static_cast<std::size_t>(n);
    if (n >= 0 || errno == EAGAIN || errno == EINTR) return true;
    fail_later(errno_text(errno));
    return false;
  }

  ssize_t send_pieces(std::span<iovec> pieces) {
    msghdr message{};
    message.msg_iov = pieces.data();
    message.msg_iovlen = pieces.size();
    return ::sendmsg(socket.native_handle(), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  }

  /// At the end of this turn of the loop, with what else comes until then.
  void flush_later() {
    if (flush_posted) return;
    flush_posted = true;
    loop.post([self = shared_from_this()] {
      self->flush_posted = false;
      if (self->open && !self->writing) self->write();
    });
  }

  /// Hands over what the kernel takes. From inside a call of the owner.
  void flush() {
    if (const int error = push(); error != 0) fail_later(errno_text(error));
  }

  /// What does not fit waits for room. Gives the errno of a broken connection.
  int push() {
    std::array<iovec, 16> pieces{};
    while (!out.empty()) {
      const auto n = send_pieces(std::span(pieces).first(out.pieces(pieces)));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0 && errno != EAGAIN) return errno;
      if (n < 0) {
        wait_write();
        return 0;
      }
      out.taken(static_cast<std::size_t>(n));
    }
    return 0;
  }

  void wait_write() {
    if (writing) return;
    writing = true;
    socket.async_wait(Stream::wait_write, [self = shared_from_this()](const boost::system::error_code& error) {
      self->writing = false;
      if (!error && self->open) self->write();
    });
  }

  void write() {
    if (const int error = push(); error != 0) return fail_with(errno_text(error));
    if (draining && out.empty()) shut();
    tell_drained();
  }

  /// Last in its caller: the handler may destroy the Connection.
  void tell_drained() {
    if (!open || !owned || !on_drained || out.bytes() > drained_low) return;
    const auto tell = std::exchange(on_drained, nullptr);
    tell();
  }

  void shut() {
    open = false;
    boost::system::error_code ignored;
    socket.close(ignored);
    out.clear();
  }

  /// Ends the connection from a handler of the loop. Its handlers are gone afterwards, and with them what they hold.
  void fail_with(const std::string& reason) {
    if (open) shut();
    report(reason);
  }

  /// The same from inside a call of the owner, who must not be called back there.
  void fail_later(std::string reason) {
    if (!open) return;
    shut();
    loop.post([self = shared_from_this(), reason = std::move(reason)] { self->report(reason); });
  }

  void report(const std::string& reason) {
    const auto tell = std::exchange(on_closed, nullptr);
    if (tell && owned && !draining) tell(reason);
  }
};

namespace {
/// A sender fills the buffer, then sleeps until the other side has read: the larger it is, the less often both must be
/// scheduled. Past the system's limit only with CAP_NET_ADMIN, else what the limit allows. Memory is used when it is full.
void widen(int fd) {
  const int bytes = 1 << 20;
  if (::setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof bytes) != 0) {
    ::setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
  }
}

/// None where the kernel does not tell them.
std::vector<gid_t> groups_of(int socket) {
  std::vector<gid_t> groups(64);
  socklen_t size = static_cast<socklen_t>(groups.size() * sizeof(gid_t));
  int error = ::getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size);
  if (error != 0 && errno == ERANGE) {  // the kernel has said how many there are
    groups.resize(size / sizeof(gid_t));
    error = ::getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size);
  }
  groups.resize(error == 0 ? size / sizeof(gid_t) : 0);
  return groups;
}
}  // namespace

Result<std::unique_ptr<Connection>> adopt(Loop& loop, Fd socket) {
  ucred who{};
  socklen_t size = sizeof who;
  if (::getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &who, &size) != 0) {
    return fail("the peer of a local socket is not known: {}", errno_text(errno));
  }
  widen(socket.get());
  auto impl = std::make_shared<Connection::Impl>(loop);
  boost::system::error_code error;
  impl->socket.assign(socket.get(), error);
  if (error) return fail("cannot watch a local socket: {}", error.message());
  (void)socket.release();
  impl->credentials = PeerCredentials{who.pid, who.uid, who.gid, groups_of(impl->socket.native_handle())};
  return std::make_unique<Connection>(std::move(impl));
}

Connection::Connection(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

Connection::~Connection() {
  impl_->owned = false;
  if (impl_->draining || !impl_->open) return;
  (void)impl_->push();  // what was sent in this turn still goes, as far as it fits
  impl_->shut();
}

void Connection::start(std::function<void(const Frame&)> on_frame,
                       std::function<void(const std::string& reason)> on_closed) {
  impl_->on_frame = std::move(on_frame);
  impl_->on_closed = std::move(on_closed);
  impl_->started = true;
  impl_->wait_read();
}

void Connection::pause_reading(bool pause) {
  impl_->paused = pause;
  impl_->wait_read();
}

void Connection::send(std::uint16_t type, BytesView payload) { impl_->send(type, payload); }
std::size_t Connection::queued() const { return impl_->out.bytes(); }
PeerCredentials Connection::peer() const { return impl_->credentials; }

void Connection::close_with(std::uint16_t type, BytesView payload) {
  impl_->out.drop_waiting();
  impl_->send(type, payload);
  close();
}

void Connection::on_drained(std::size_t low, std::function<void()> handler) {
  impl_->drained_low = low;
  impl_->on_drained = std::move(handler);
  if (impl_->out.bytes() > low) return;
  impl_->loop.post([self = impl_] { self->tell_drained(); });
}

void Connection::close() {
  if (!impl_->open || impl_->draining) return;
  impl_->draining = true;
  if (!impl_->writing && impl_->push() != 0) return impl_->shut();
  if (impl_->out.empty()) impl_->shut();
}

}  // namespace relevo::io
