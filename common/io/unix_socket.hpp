// Local sockets that carry frames: u32 length (little-endian), u16 type, payload. Used by every daemon.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

#include "common/base/bytes.hpp"
#include "common/base/result.hpp"
#include "common/io/loop.hpp"

namespace relevo::io {

/// Longest payload of one frame; a longer one ends the connection with a clear reason.
constexpr std::size_t max_frame = 64U << 20;
/// Bytes queued for a peer that does not read, after which the connection is closed (no unbounded queue).
constexpr std::size_t max_queued = 128U << 20;

struct Frame {
  std::uint16_t type = 0;
  BytesView payload;  ///< lives until the handler returns
};

/// Who is at the other end (SO_PEERCRED, SO_PEERGROUPS).
struct PeerCredentials {
  pid_t pid = 0;
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups;  ///< its supplementary ones, as they were when it connected
};

/// One connected end. Handlers may destroy the connection.
class Connection {
 public:
  ~Connection();
  /// Starts reading. `on_closed(reason)` is called once, also for errors; never after the object is destroyed.
  void start(std::function<void(const Frame&)> on_frame, std::function<void(const std::string& reason)> on_closed);
  /// Small frames leave together at the end of the loop's turn; destroying the connection sends what still waits.
  void send(std::uint16_t type, BytesView payload);
  /// Stops and restarts reading, so that a sender who is too fast waits in its own queue. Frames that were read
  /// already (at most a few reads' worth) still come.
  void pause_reading(bool pause);
  /// Bytes not yet taken by the kernel.
  [[nodiscard]] std::size_t queued() const;
  [[nodiscard]] PeerCredentials peer() const;
  /// Sends what is queued, then closes; on_closed is not called.
  void close();
  /// The same with a last frame, for a peer that may have stopped reading: whole frames that wait are dropped.
  void close_with(std::uint16_t type, BytesView payload);
  /// Calls `handler` once, from the loop, when no more than `low` bytes are queued. Replaces an earlier one.
  void on_drained(std::size_t low, std::function<void()> handler);

  struct Impl;
  explicit Connection(std::shared_ptr<Impl> impl);

 private:
  std::shared_ptr<Impl> impl_;
};

/// Listens at `path` (mode as given; a stale socket file is replaced, a live one is an error).
class UnixServer {
 public:
  static Result<std::unique_ptr<UnixServer>> listen(Loop& loop, const std::string& path, mode_t mode,
                                                    std::function<void(std::unique_ptr<Connection>)> on_client);
  ~UnixServer();

 private:
  UnixServer();
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

/// Connects now. Errors: not_connected (nobody listens, message names the path), permission.
Result<std::unique_ptr<Connection>> connect_unix(Loop& loop, const std::string& path);

}  // namespace relevo::io
