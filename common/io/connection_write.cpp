// A local socket's way out: a bounded queue, handed over at the end of a turn or, when much waits, at once.
#include <cerrno>

#include "common/io/connection_impl.hpp"

namespace relevo::io {
namespace {
using Stream = boost::asio::posix::stream_descriptor;
constexpr std::size_t small_frame = 16U << 10;  // up to here a frame waits for the end of the turn, to go with others
constexpr std::size_t enough = 256U << 10;      // so much does not wait for the end of the turn
}  // namespace

void Connection::Impl::send(std::uint16_t type, BytesView payload) {
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

bool Connection::Impl::send_now(std::array<std::uint8_t, header_size>& header, BytesView payload, std::size_t& sent) {
  std::array<iovec, 2> pieces{iovec{header.data(), header.size()},
                              iovec{const_cast<std::uint8_t*>(payload.data()), payload.size()}};
  const auto n = send_pieces(pieces);
  if (n >= 0) sent = static_cast<std::size_t>(n);
  if (n >= 0 || errno == EAGAIN || errno == EINTR) return true;
  fail_later(errno_text(errno));
  return false;
}

ssize_t Connection::Impl::send_pieces(std::span<iovec> pieces) {
  msghdr message{};
  message.msg_iov = pieces.data();
  message.msg_iovlen = pieces.size();
  return ::sendmsg(socket.native_handle(), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

void Connection::Impl::flush_later() {
  if (flush_posted) return;
  flush_posted = true;
  loop.post([self = shared_from_this()] {
    self->flush_posted = false;
    if (self->open && !self->writing) self->write();
  });
}

void Connection::Impl::flush() {
  if (const int error = push(); error != 0) fail_later(errno_text(error));
}

int Connection::Impl::push() {
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

void Connection::Impl::wait_write() {
  if (writing) return;
  writing = true;
  socket.async_wait(Stream::wait_write, [self = shared_from_this()](const boost::system::error_code& error) {
    self->writing = false;
    if (!error && self->open) self->write();
  });
}

void Connection::Impl::write() {
  if (const int error = push(); error != 0) return fail_with(errno_text(error));
  if (draining && out.empty()) shut();
  tell_drained();
}

void Connection::Impl::tell_drained() {
  if (!open || !owned || !on_drained || out.bytes() > drained_low) return;
  const auto tell = std::exchange(on_drained, nullptr);
  tell();
}

}  // namespace relevo::io
