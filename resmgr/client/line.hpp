// A blocking local socket with frames, for programs without an event loop. It knows nothing of what the frames say.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/bytes.hpp"
#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "common/io/fd.hpp"

namespace relevo::resmgr {

struct LineFrame {
  std::uint16_t type = 0;
  std::string payload;
};

class Line {
 public:
  /// Errors: not_connected, permission.
  static Result<Line> connect(const std::string& path);

  /// Errors: not_connected, timeout (nothing or a part was sent: the line is of no use any more).
  Status send(std::uint16_t type, std::string_view payload, std::chrono::milliseconds limit);
  /// One frame. Errors: not_connected, timeout, invalid (a frame that is too long).
  Result<LineFrame> receive(std::chrono::milliseconds limit);
  /// Waits for a frame or for `other_fd` to become readable: nothing = the other one.
  Result<std::optional<LineFrame>> receive_or(int other_fd);

 private:
  explicit Line(io::Fd socket) : socket_(std::move(socket)) {}
  [[nodiscard]] std::optional<LineFrame> take();
  Status read_more();

  io::Fd socket_;
  std::string in_;
};

}  // namespace relevo::resmgr
