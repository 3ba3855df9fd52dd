// Streams of frames under TLS 1.3, for two ends that prove themselves by what the stream exports (RFC 9266) and not by
// certificates: the certificate is made at the start and says nothing. A frame is a u32 length (little-endian) and that
// many bytes.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "common/base/address.hpp"
#include "common/base/bytes.hpp"
#include "common/base/result.hpp"
#include "common/io/loop.hpp"

namespace relevo::io {

/// What TLS derived for one connection; equal on both ends and different on every other connection.
using TlsBinding = std::array<std::uint8_t, 32>;

struct TlsLimits {
  std::size_t max_frame = 4096;         ///< a longer one ends the connection; see TlsConnection::allow_frames
  std::size_t max_queued = 1U << 20;    ///< bytes for a peer that does not read, after which the connection ends
  Duration handshake = 5s;              ///< from the TCP connection to the end of the handshake
  Duration frame = 5s;                  ///< from the first to the last byte of a frame
};

/// One end. Handlers may destroy the connection; none is called afterwards.
class TlsConnection {
 public:
  ~TlsConnection();
  TlsConnection(const TlsConnection&) = delete;
  TlsConnection& operator=(const TlsConnection&) = delete;

  struct Handlers {
    std::function<void(const TlsBinding&)> on_ready;          ///< the handshake is done, once
    std::function<void(BytesView)> on_frame;                  ///< the bytes live until it returns
    std::function<void(const std::string& reason)> on_closed; ///< at most once, and nothing after it
  };
  /// Begins the handshake.
  void start(Handlers handlers);
  void send(BytesView frame);
  /// Longer frames from now on: the peer has proven itself.
  void allow_frames(std::size_t max_frame);
  /// Sends what is queued, then ends; on_closed is not called.
  void close();
  /// Of the peer; family none before the connection stands.
  [[nodiscard]] Address peer() const;

  struct Impl;
  explicit TlsConnection(std::shared_ptr<Impl> impl);

 private:
  std::shared_ptr<Impl> impl_;
};

/// Connects to a name or an address; the name is looked up on the helper thread. Failures come as on_closed.
[[nodiscard]] Result<std::unique_ptr<TlsConnection>> connect_tls(Loop& loop, const std::string& host, std::uint16_t port,
                                                                 const TlsLimits& limits);

/// Listens on every address of this host, IPv6 and IPv4, or on the one given.
class TlsServer {
 public:
  /// Errors: the port is taken; the message names it. `on_client` gets connections whose start() it must call.
  /// More than `max_connections` at one time wait in the kernel's queue.
  static Result<std::unique_ptr<TlsServer>> listen(Loop& loop, const Address& local, const TlsLimits& limits,
                                                   std::size_t max_connections,
                                                   std::function<void(std::unique_ptr<TlsConnection>)> on_client);
  ~TlsServer();
  [[nodiscard]] std::uint16_t port() const;

 private:
  TlsServer();
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace relevo::io
