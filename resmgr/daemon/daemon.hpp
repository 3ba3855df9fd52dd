// relevo-resmgrd: binds the controller to the membership daemon, the executor, the disk and the local socket.
// Wait, read the clock once, step, perform the output top to bottom. It decides nothing.
#pragma once

#include <deque>
#include <memory>
#include <string>

#include "common/io/loop.hpp"
#include "common/io/root.hpp"
#include "membership/client/client.hpp"
#include "resmgr/controller/controller.hpp"
#include "resmgr/daemon/agent_runner.hpp"
#include "resmgr/daemon/cib_store.hpp"
#include "resmgr/daemon/clients.hpp"
#include "resmgr/daemon/lease_keeper.hpp"

namespace relevo::resmgr {

class Daemon {
 public:
  Daemon(io::Loop& loop, io::Root root);
  ~Daemon();

  /// Loads what the disk has, listens, and begins to look for the membership daemon.
  /// Errors: the CIB cannot be used, the socket is taken, folders cannot be made.
  Status start();
  /// Hands over and ends the loop when done.
  void stop();

 private:
  void feed(controller::Input input);
  void drain();
  void perform(controller::Output& output);
  void perform(const controller::ExecutorCommand& command);
  void arm_timer();

  void connect();
  void connect_later();
  void on_welcome(const membership::Welcome& welcome);
  membership::Handlers handlers();
  void send_waiting();
  void persist(controller::Persist what);
  void remember(const std::vector<executor::Operation>& actives);
  void make_executor(const std::string& node_name, const std::string& node_id);
  void finish();

  [[nodiscard]] std::string actives_path() const { return root_.state_dir() + "/executor-state"; }

  io::Loop& loop_;
  io::Root root_;
  CibStore store_;
  controller::Controller controller_;
  Clients clients_;
  std::unique_ptr<membership::Client> membership_;
  std::unique_ptr<AgentRunner> runner_;
  std::unique_ptr<LeaseKeeper> leases_;
  std::string node_name_;

  std::deque<controller::Input> inputs_;
  bool draining_ = false;
  std::deque<controller::Multicast> waiting_;  ///< not yet taken by the membership daemon
  io::Timer step_timer_, connect_timer_, send_timer_, end_timer_;
  bool told_unreachable_ = false, ending_ = false;
};

}  // namespace relevo::resmgr
