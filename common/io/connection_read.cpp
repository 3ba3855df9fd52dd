// A local socket's way in: bytes to frames, in turns, with room for what is still to come.
#include <algorithm>
#include <cerrno>

#include "common/io/connection_impl.hpp"

namespace relevo::io {
namespace {
using Stream = boost::asio::posix::stream_descriptor;
constexpr int reads_a_turn = 8;                // then others get their turn
constexpr std::size_t keep_buffer = 1U << 20;  // a larger one is given back once it is empty
}  // namespace

void Connection::Impl::wait_read() {
  if (reading || paused || !open || !started) return;
  reading = true;
  socket.async_wait(Stream::wait_read, [self = shared_from_this()](const boost::system::error_code& error) {
    self->reading = false;
    if (!error && self->open) self->read();
  });
}

void Connection::Impl::read() {
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

void Connection::Impl::take_frames() {
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

void Connection::Impl::make_room(std::size_t wanted) {
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

}  // namespace relevo::io
