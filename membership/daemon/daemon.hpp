// The membership daemon's shell: wait, read the clock once, make the input, step, perform the output. Decides nothing.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "common/io/loop.hpp"
#include "common/io/udp.hpp"
#include "membership/daemon/cmap.hpp"
#include "membership/daemon/report.hpp"
#include "membership/daemon/reload.hpp"
#include "membership/daemon/outbox.hpp"
#include "membership/daemon/arbiter_link.hpp"
#include "membership/daemon/ring_store.hpp"
#include "membership/daemon/sessions.hpp"
#include "membership/daemon/setup.hpp"
#include "membership/stack/stack.hpp"

namespace relevo::membership {

/// One run of the daemon.
class Daemon {
 public:
  /// Errors: an address or the local socket is taken, the state folder cannot be made, the core refuses the
  /// configuration.
  static Result<std::unique_ptr<Daemon>> create(io::Loop& loop, Setup setup, stack::Random& random);
  ~Daemon();

  /// The first step: from now on packets leave. Errors: the ring number cannot be stored.
  Status start();
  /// Leaves the ring, tells the others, ends the loop.
  void stop(const std::string& why);
  /// Reads the configuration again and asks the whole cluster to run by it: all nodes or none. `reply` is called once,
  /// now or later, with what came of it.
  void reload(Reply reply);
  /// The disk failed where nothing else than an end was safe.
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  Daemon(io::Loop& loop, Setup setup);
  Status open_sockets();
  Welcome welcome() const;
  /// What the operator's request was refused for, if it was.
  std::optional<Error> step(const stack::Input& input);
  void perform(stack::Output& output);
  void after_steps();
  void send_later();
  void breathe();
  void arm_timer();
  void on_packets(LinkId link, const std::vector<io::Datagram>& batch);
  bool has_ring() const;
  void watch_path(LinkId link, io::UdpSocket& socket);
  [[nodiscard]] std::unique_ptr<io::UdpSocket> listen_on(LinkId link, std::unique_ptr<io::UdpSocket> socket);
  void load_access();
  // reload.cpp
  [[nodiscard]] stack::SettingsPtr settings() const;
  void propose(stack::Propose wanted, Reply reply);
  void on_reload_event(const stack::ReloadEvent& event);
  void look(const std::string& text, std::optional<reload::Id> attempt, std::function<stack::Input(const Looked&)> make);
  void on_check(const reload::Check& check);
  void on_take_over(const reload::TakeOver& newer);
  void on_applied(const stack::Applied& applied);
  void answer(const reload::Id& id, Result<std::string> words);
  void stand_aside(const std::string& words);
  // keys.cpp
  void perform_keys(const stack::Output& output);
  bool control_keys(const std::string& command, const Reply& reply);
  [[nodiscard]] std::string keys_report() const;
  Result<std::string> report(const std::string& what) const;
  // tools.cpp: what only the tools ask for
  [[nodiscard]] ShellFacts shell_facts() const;
  Result<std::string> reopen_logs();
  Result<std::string> clear_statistics(const std::string& which);
  void control(const std::string& command, const Reply& reply);
  [[nodiscard]] bool refuse_aside(const std::string& command, const Reply& reply) const;
  Result<std::string> control_now(const std::string& command);

  io::Loop& loop_;
  Setup setup_;
  RingStore store_;
  std::unique_ptr<stack::Stack> stack_;
  Sockets sockets_;
  Sockets opened_;                      ///< for a configuration that is not in force yet
  std::optional<reload::Id> opened_for_;  ///< the attempt that wants them; none when they are for a take-over
  std::map<reload::Id, Reply> replies_; ///< to those who asked for a change here
  std::vector<std::string> restart_;    ///< of the configuration looked at last: keys that need a new start
  std::string file_trouble_;            ///< why the configuration in force is not in its file
  std::string aside_;                   ///< why this node left the cluster and does not come back
  Outbox outbox_;
  bool in_turn_ = false;      ///< after_steps() comes, and sends what waits
  bool send_posted_ = false;
  bool still_ = false;        ///< standing still for local programs that read too slowly
  std::unique_ptr<Sessions> sessions_;
  ArbiterLink arbiter_;
  io::Timer breath_;
  io::Timer timer_;
  std::optional<Instant> armed_;
  Cmap cleared_;  ///< the statistics when they were cleared last
  std::map<std::uint64_t, Reply> key_replies_;  ///< to those who asked for another key here
  std::uint64_t key_requests_ = 0;
  bool stopping_ = false;
  bool failed_ = false;
};

}  // namespace relevo::membership
