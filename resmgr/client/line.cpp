// Frames over a blocking local socket: poll decides when, the socket itself never waits.
#include "resmgr/client/line.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>

#include "common/io/unix_path.hpp"
#include "common/io/unix_socket.hpp"

namespace relevo::resmgr {
namespace {

constexpr std::size_t header_size = 6;

using Clock = std::chrono::steady_clock;

/// Waits for `events` until the deadline. Errors: timeout.
Status wait_for(int fd, short events, Clock::time_point deadline) {
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left < 0) return fail(ErrorKind::timeout, "no answer in time");
    pollfd one{fd, events, 0};
    const int n = ::poll(&one, 1, static_cast<int>(std::min<std::int64_t>(left + 1, 60'000)));
    if (n > 0) return {};
    if (n < 0 && errno != EINTR) return fail("waiting for the daemon: {}", io::errno_text(errno));
  }
}

}  // namespace

Result<Line> Line::connect(const std::string& path) {
  const auto address = io::unix_path(path);
  if (!address) return pass(address.error());
  io::Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket.valid()) return fail("socket: {}", io::errno_text(errno));
  if (::connect(socket.get(), address->get(), sizeof address->address) != 0) {
    const auto kind = errno == EACCES || errno == EPERM ? ErrorKind::permission : ErrorKind::not_connected;
    return fail(kind, "{}: {}", path, io::errno_text(errno));
  }
  return Line(std::move(socket));
}

Status Line::send(std::uint16_t type, std::string_view payload, std::chrono::milliseconds limit) {
  if (payload.size() > io::max_frame) return fail(ErrorKind::invalid, "a request of {} bytes is too long", payload.size());
  Writer out;
  out.u32(static_cast<std::uint32_t>(payload.size()));
  out.u16(type);
  out.raw(as_bytes(payload));
  const auto bytes = out.take();
  const auto deadline = Clock::now() + limit;
  for (std::size_t at = 0; at < bytes.size();) {
    const auto n = ::send(socket_.get(), bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
    if (n >= 0) {
      at += static_cast<std::size_t>(n);
    } else if (errno == EAGAIN) {
      if (auto ready = wait_for(socket_.get(), POLLOUT, deadline); !ready) return ready;
    } else if (errno != EINTR) {
      return fail(ErrorKind::not_connected, "the daemon is gone: {}", io::errno_text(errno));
    }
  }
  return {};
}

std::optional<LineFrame> Line::take() {
  if (in_.size() < header_size) return std::nullopt;
  Reader header(as_bytes(std::string_view(in_).substr(0, header_size)));
  const std::size_t length = header.u32();
  const auto type = header.u16();
  if (in_.size() < header_size + length) return std::nullopt;
  LineFrame frame{type, in_.substr(header_size, length)};
  in_.erase(0, header_size + length);
  return frame;
}

Status Line::read_more() {
  std::array<char, 65536> piece{};
  const auto n = ::recv(socket_.get(), piece.data(), piece.size(), 0);
  if (n > 0) {
    in_.append(piece.data(), static_cast<std::size_t>(n));
    if (in_.size() >= header_size && Reader(as_bytes(in_)).u32() > io::max_frame)
      return fail(ErrorKind::invalid, "the daemon sent a frame that is too long");
    return {};
  }
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return {};
  return fail(ErrorKind::not_connected, "the daemon closed the connection");
}

Result<LineFrame> Line::receive(std::chrono::milliseconds limit) {
  const auto deadline = Clock::now() + limit;
  for (;;) {
    if (auto frame = take()) return std::move(*frame);
    if (auto ready = wait_for(socket_.get(), POLLIN, deadline); !ready) return pass(ready.error());
    if (auto read = read_more(); !read) return pass(read.error());
  }
}

Result<std::optional<LineFrame>> Line::receive_or(int other_fd) {
  for (;;) {
    if (auto frame = take()) return frame;
    std::array<pollfd, 2> both{pollfd{socket_.get(), POLLIN, 0}, pollfd{other_fd, POLLIN, 0}};
    const int n = ::poll(both.data(), other_fd < 0 ? 1 : 2, -1);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail("waiting for the daemon: {}", io::errno_text(errno));
    if (other_fd >= 0 && both[1].revents != 0) return std::optional<LineFrame>();
    if (both[0].revents == 0) continue;
    if (auto read = read_more(); !read) return pass(read.error());
  }
}

}  // namespace relevo::resmgr
