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
#include "membership/daemon/access.hpp"
#include "membership/stack/stack.hpp"

namespace relevo::membership {

/// Answers a command, now or later, once.
using Reply = std::function<void(Result<std::string>)>;

/// What the sessions need from the daemon.
struct SessionHooks {
  /// Steps the core and performs the output.
  std::function<void(const stack::Input&)> step;
  /// Whether the node has a ring now: what a pong proves.
  std::function<bool()> has_ring;
  std::function<Result<std::string>(const std::string& what)> report;
  std::function<void(const std::string& command, const Reply& reply)> control;
};

/// One connected program, as the reports show it.
struct SessionFacts {
  stack::ClientId client = 0;
  pid_t pid = 0;
  uid_t uid = 0;
  std::uint64_t requests = 0;  ///< frames it sent
  std::uint64_t events = 0;    ///< frames sent to it
  std::uint64_t refusals = 0;  ///< requests that had to wait for the ring
  std::size_t unread = 0;      ///< bytes that wait until it reads
  std::size_t held = 0;        ///< requests that wait for the ring now
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
  /// Who may connect from now on; who is connected stays.
  void set_access(Access access);
  /// The node list has changed: tells all, and those who come later.
  void set_nodes(const Welcome& welcome);
  /// Ends all connections with a reason. New ones are taken.
  void disconnect_all(const std::string& reason);
  /// How long the daemon should stand still so that programs which read too slowly can catch up: the more waits for
  /// one of them, the longer, at most 4 ms. It is what slows a ring down to its slowest reader.
  [[nodiscard]] Duration breath();
  /// While it stands still, nothing is taken from programs either.
  void stand_still(bool still) { still_ = still; }
  /// Sends what is queued and closes all.
  void close();
  [[nodiscard]] std::size_t count() const { return sessions_.size(); }
  /// What each connected program did and what waits for it, for reports; sorted by client.
  [[nodiscard]] std::vector<SessionFacts> facts() const;
  /// Programs whose connection has ended since the start.
  [[nodiscard]] std::uint64_t ended() const { return ended_; }

  /// Bytes of events that may wait for one program that does not read, and for all of them together. Whoever goes
  /// beyond (of all: who lets most wait) is disconnected with a reason: nobody else waits for it.
  static constexpr std::size_t max_unread = std::size_t{32} << 20;
  static constexpr std::size_t max_unread_of_all = std::size_t{128} << 20;

 private:
  struct Session;
  using Id = stack::ClientId;

  void on_client(std::unique_ptr<io::Connection> connection);
  void on_frame(Id id, const io::Frame& frame);
  void on_gone(Id id, const std::string& reason);
  void end(Id id, const std::string& reason);
  void forget(Id id);
  Status take(Id id, const io::Frame& frame);
  void request(Id id, stack::Input input);
  bool offer(Id id, const stack::Input& input);
  bool retry_one(Id id, Session& session);
  void watch_unread(Id id, Session& session);
  void end_slow();
  void on_ping(Id id, std::uint32_t number);
  void on_flush(Id id, std::uint32_t number);
  void send(Id id, ipc::MembershipFrame type, const Bytes& payload);
  bool is_refusal_of_offer(const stack::ClientEvent& event);

  [[nodiscard]] std::string refusal(const io::PeerCredentials& peer) const;

  Welcome welcome_;
  SessionHooks hooks_;
  Access access_;
  std::string path_;  ///< of the socket, once it listens
  std::unique_ptr<io::UnixServer> server_;
  io::Loop* loop_ = nullptr;  ///< set by listen
  std::map<Id, std::unique_ptr<Session>> sessions_;
  bool still_ = false;
  std::map<Id, std::size_t> unread_;  ///< of those for whom much waits
  std::map<Id, std::string> slow_;    ///< to be ended before long, and why
  Id served_last_ = 0;                ///< the turn of whose requests it was
  std::uint64_t ended_ = 0;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  ///< for what is posted
  Id next_ = 1;
  const stack::Input* offered_ = nullptr;  ///< the request that the core is looking at now
  bool refused_ = false;                   ///< and it said: try again
};

}  // namespace relevo::membership
