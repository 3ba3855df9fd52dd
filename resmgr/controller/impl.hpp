// The inside of Controller: the parts it is made of and the handlers of its inputs, one file a concern.
// Nothing outside this folder includes it.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "resmgr/controller/controller.hpp"
#include "resmgr/controller/disks.hpp"
#include "resmgr/controller/leader.hpp"
#include "resmgr/controller/local.hpp"
#include "resmgr/controller/packets.hpp"
#include "resmgr/controller/replica.hpp"
#include "resmgr/controller/requests.hpp"
#include "resmgr/controller/sync.hpp"

namespace relevo::controller {

/// One step: its time and its output.
struct Turn {
  Instant now;
  WallTime wall;
  Output out;
  template <class... Args>
  void say(Level level, fmt::format_string<Args...> format, Args&&... args) {
    out.notes.push_back(note(level, format, std::forward<Args>(args)...));
  }
};

struct Controller::Impl {
  explicit Impl(Settings s) : settings(s) {}

  // ---- inputs: on_membership.cpp, on_message.cpp, on_client.cpp, on_local.cpp
  void on(Tick&&, Turn&) {}
  void on(Started&&, Turn&);
  void on(Connected&&, Turn&);
  void on(MembershipLost&&, Turn&);
  void on(Configuration&&, Turn&);
  void on(QuorumView&&, Turn&);
  void on(groups::GroupView&&, Turn&);
  void on(groups::GroupMessage&&, Turn&);
  void on(PingAnswered&&, Turn&);
  void on(executor::OperationResult&&, Turn&);
  void on(Stored&&, Turn&);
  void on(ClientRequest&&, Turn&);
  void on(ClientGone&&, Turn&);
  void on(ShutdownRequested&&, Turn&);

  // ---- messages, in the agreed order
  void heard(const groups::Member& from, Hello&& m, Turn&);
  void heard(const groups::Member& from, Image&& m, Turn&);
  void heard(const groups::Member& from, GiveUp&& m, Turn&);
  void heard(const groups::Member& from, Command&& m, Turn&);
  void heard(const groups::Member& from, OnDisk&& m, Turn&);
  void heard(const groups::Member& from, OpRequest&& m, Turn&);
  void heard(const groups::Member& from, OpResult&& m, Turn&);
  void heard(const groups::Member& from, NodeShutdown&& m, Turn&);
  void heard(const groups::Member& from, Idle&& m, Turn&);
  void heard(const groups::Member& from, NodeLost&& m, Turn&);
  void heard(const groups::Member& from, Resync&& m, Turn&);

  // ---- joining (joining.cpp)
  void begin_round(Turn&);
  void continue_round(Turn&);
  void end_round(bool newcomer, Turn&);
  void depart(const groups::Departure& departure, Turn&);

  // ---- the end of each step (settle.cpp)
  void settle(Turn&);
  void notice_pause(Turn&);
  void join_when_ready(Turn&);
  void watch_round(Turn&);
  void send_commands(Turn&);
  void lead(Turn&);
  void watch_cut(Turn&);
  void advance_shutdown(Turn&);
  void answer_waiting(Turn&);
  void push_changes(Turn&);
  [[nodiscard]] std::optional<Instant> next_deadline() const;

  // ---- small things
  void send(const Message& message, Turn&, groups::Guarantee guarantee = groups::Guarantee::agreed);
  void execute(executor::Operation operation, Turn&);
  /// At once by the executor; what is still there later, each by a stop of its own.
  void stop_everything(const std::string& why, Turn&);
  void configuration_changed();
  void confirm_stored(Turn&);
  void reply(ConnectionId connection, std::uint64_t id, Answer answer, Turn& turn) {
    turn.out.replies.push_back({connection, id, std::move(answer)});
  }
  [[nodiscard]] groups::Member me() const { return {self, client}; }
  [[nodiscard]] bool leads() const { return synced && replica.leader() == me(); }
  /// This node may not run anything: no membership daemon, or no quorum where quorum is asked for.
  [[nodiscard]] bool is_cut_off(Instant now) const;
  /// Until when a fresh process gives what it found the benefit of the doubt.
  [[nodiscard]] Instant patience_ends() const;
  [[nodiscard]] Snapshot snapshot() const;
  /// What a subscriber would see change, in short.
  [[nodiscard]] std::string view_mark() const;

  Settings settings;
  Replica replica;
  SyncRound round;
  LocalHistory local;
  PendingCommands commands;
  Disks disks;
  Leader leader;
  Assembler assembler;

  // ---- this process
  bool started = false;
  Instant started_at, last_step;
  std::uint64_t instance = 0;
  bool paused = false;          ///< it was not scheduled, and the membership daemon has not answered since
  std::optional<Instant> without_quorum_since;
  bool has_acted = false;       ///< it was in a synced partition that may act, at least once

  // ---- the connection to the membership daemon
  bool connected = false, joined = false, spoken = false;
  NodeId self;
  std::uint32_t client = 0;
  std::string name;
  std::vector<NodeName> configured;
  std::vector<groups::Member> members;  ///< of the group, by the last view

  // ---- the sync
  bool synced = false, was_synced = false, image_sent = false;
  std::optional<Instant> last_resync;

  // ---- cut off, shutting down
  std::optional<Instant> stopping_since;  ///< the last StopEverything of this cut
  std::optional<Instant> shutdown_since;
  bool shutdown_announced = false, left = false;

  // ---- clients
  std::vector<std::pair<ConnectionId, std::uint64_t>> idle_waiters;
  std::set<ConnectionId> subscribers;
  std::string pushed_mark;
  Instant next_push;
};

}  // namespace relevo::controller
