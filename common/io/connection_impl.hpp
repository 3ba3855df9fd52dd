// The inside of Connection: its state, and what its files do with it. Only connection*.cpp include it.
#pragma once

#include <sys/socket.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "common/io/connection.hpp"
#include "common/io/frame_queue.hpp"

namespace relevo::io {

constexpr std::size_t header_size = 6;
constexpr std::size_t read_piece = 64U << 10;

struct Connection::Impl : std::enable_shared_from_this<Connection::Impl> {
  Impl(Loop& l) : loop(l), socket(l.context()) {}

  Loop& loop;
  boost::asio::posix::stream_descriptor socket;
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

  // connection_read.cpp
  void wait_read();
  void read();
  void take_frames();
  /// Room for the rest of a frame. The buffer grows with what has come, not with what a header claims.
  void make_room(std::size_t wanted);

  // connection_write.cpp
  void send(std::uint16_t type, BytesView payload);
  /// A large frame mostly fits the kernel's buffer, and then nothing is copied. False when the connection is broken.
  bool send_now(std::array<std::uint8_t, header_size>& header, BytesView payload, std::size_t& sent);
  ssize_t send_pieces(std::span<iovec> pieces);
  /// At the end of this turn of the loop, with what else comes until then.
  void flush_later();
  /// Hands over what the kernel takes. From inside a call of the owner.
  void flush();
  /// What does not fit waits for room. Gives the errno of a broken connection.
  int push();
  void wait_write();
  void write();
  /// Last in its caller: the handler may destroy the Connection.
  void tell_drained();

  // connection.cpp
  void shut();
  /// Ends the connection from a handler of the loop. Its handlers are gone afterwards, and with them what they hold.
  void fail_with(const std::string& reason);
  /// The same from inside a call of the owner, who must not be called back there.
  void fail_later(std::string reason);
  void report(const std::string& reason);
};

}  // namespace relevo::io
