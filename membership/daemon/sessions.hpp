// The local programs: their connections, what they ask for as inputs of the core, what it says to them as frames.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/io/unix_socket.hpp"
#include "common/ipc/membership.hpp"
#include "membership/client/client.hpp"
#include "membership/stack/stack.hpp"

namespace relevo::membership {

/// What the sessions need from the daemon.
struct SessionHooks {
  /// Steps the core and performs the output.
  std::function<void(const stack::Input&)> step;
  /// Whether the node has a ring now: what a pong proves.
  std::function<bool()> has_ring;
  std::function<Result<std::string>(const std::string& what)> report;
  std::function<Result<std::string>(const std::string& command)> control;
};

/// All connected programs.
class Sessions {
 public:
  Sessions(Welcome welcome, SessionHooks hooks);
  ~Sessions();
  /// Listens. Errors: the socket cannot be made, another daemon listens.
  Status listen(io::Loop& loop, const std::string& path);
  /// Hands an event of the core to those it is for.
  void deliver(const stack::ClientEvent& event);
  /// After the ring has moved: offers what it could not take before, answers the pings that waited for a ring.
  void retry();
  /// Sends what is queued and closes all.
  void close();
  [[nodiscard]] std::size_t count() const { return sessions_.size(); }

 private:
  struct Session;
  using Id = stack::ClientId;

  void on_client(std::unique_ptr<io::Connection> connection);
  void on_frame(Id id, const io::Frame& frame);
  void on_gone(Id id, const std::string& reason);
  void end(Id id, const std::string& reason);
  Status take(Id id, const io::Frame& frame);
  void request(Id id, stack::Input input);
  bool offer(Id id, const stack::Input& input);
  void on_ping(Id id, std::uint32_t number);
  void send(Id id, ipc::MembershipFrame type, const Bytes& payload);
  bool is_refusal_of_offer(const stack::ClientEvent& event);

  Welcome welcome_;
  SessionHooks hooks_;
  std::unique_ptr<io::UnixServer> server_;
  std::map<Id, std::unique_ptr<Session>> sessions_;
  Id next_ = 1;
  const stack::Input* offered_ = nullptr;  ///< the request that the core is looking at now
  bool refused_ = false;                   ///< and it said: try again
};

}  // namespace relevo::membership
