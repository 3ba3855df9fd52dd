// The arbiter's shell: TLS connections, the clock and the disk around the pure server. Decides nothing.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "common/io/loop.hpp"
#include "common/io/tls.hpp"
#include "common/io/unix_socket.hpp"
#include "membership/arbiter/server.hpp"
#include "membership/arbiterd/files.hpp"

namespace relevo::arbiterd {

struct Settings {
  Paths paths;
  Address listen{Address::Family::none, {}, 5403, 0};
  Duration lease = arbiter::default_lease;
  std::size_t max_connections = 512;
  std::size_t max_strangers = 64;  ///< connections that have not proven themselves; the oldest must go for a new one
};

/// Type of the frames on the local socket: a request (empty) and its answer (the report as JSON).
constexpr std::uint16_t status_request = 1, status_answer = 2;

class Arbiter {
 public:
  /// Errors: the port or the local socket is taken, a folder cannot be made.
  static Result<std::unique_ptr<Arbiter>> create(io::Loop& loop, Settings settings);
  ~Arbiter();
  /// Reads the tokens again: new clusters may come, removed ones must go.
  void reload();
  [[nodiscard]] std::uint16_t port() const { return server_->port(); }

 private:
  Arbiter(io::Loop& loop, Settings settings);
  struct Peer;
  void on_client(std::unique_ptr<io::TlsConnection> connection);
  void on_local(std::unique_ptr<io::Connection> connection);
  void on_frame(arbiter::ConnectionId id, BytesView frame);
  void on_closed(arbiter::ConnectionId id, const std::string& reason);
  void drop(arbiter::ConnectionId id);
  void make_room();
  void perform(arbiter::ServerOutput output);
  void store(const arbiter::StoreOut& what);
  void arm();

  io::Loop& loop_;
  Settings settings_;
  arbiter::Server core_;
  std::unique_ptr<io::TlsServer> server_;
  std::unique_ptr<io::UnixServer> local_;
  std::map<arbiter::ConnectionId, std::unique_ptr<Peer>> peers_;
  std::map<std::uint64_t, std::unique_ptr<io::Connection>> locals_;
  std::uint64_t last_id_ = 0;
  io::Timer timer_;
};

/// The report of `relevo-arbiter status --json`.
[[nodiscard]] std::string status_json(const std::vector<arbiter::ClusterStatus>& clusters);
/// For people, in the order of corosync-qnetd-tool -l. Errors: not one of our reports.
Result<std::string> status_text(std::string_view json);

}  // namespace relevo::arbiterd
