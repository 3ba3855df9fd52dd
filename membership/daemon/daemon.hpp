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
#include "membership/daemon/outbox.hpp"
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
  /// Reads the configuration again: what can change while running does, and what cannot is named.
  Result<std::string> reload();
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
  void arm_timer();
  void on_packets(LinkId link, const std::vector<io::Datagram>& batch);
  bool has_ring() const;
  Result<std::string> report(const std::string& what) const;
  // tools.cpp: what only the tools ask for
  [[nodiscard]] ShellFacts shell_facts() const;
  Result<std::string> reopen_logs();
  Result<std::string> clear_statistics(const std::string& which);
  Result<std::string> control(const std::string& command);

  io::Loop& loop_;
  Setup setup_;
  RingStore store_;
  std::unique_ptr<stack::Stack> stack_;
  std::map<LinkId, std::unique_ptr<io::UdpSocket>> sockets_;
  Outbox outbox_;
  bool in_turn_ = false;      ///< after_steps() comes, and sends what waits
  bool send_posted_ = false;
  std::unique_ptr<Sessions> sessions_;
  io::Timer timer_;
  std::optional<Instant> armed_;
  Cmap cleared_;  ///< the statistics when they were cleared last
  bool stopping_ = false;
  bool failed_ = false;
};

}  // namespace relevo::membership
