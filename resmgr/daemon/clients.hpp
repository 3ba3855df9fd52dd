// The local socket of relevo-resmgrd: frames in, requests out; answers and events back. It decides nothing.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "common/io/loop.hpp"
#include "common/io/unix_socket.hpp"
#include "resmgr/controller/types.hpp"

namespace relevo::resmgr {

class Clients {
 public:
  using OnInput = std::function<void(controller::Input)>;
  using TakeSnapshot = std::function<controller::Snapshot()>;

  Clients(io::Loop& loop, OnInput on_input, TakeSnapshot take_snapshot);
  /// Errors: another daemon listens there, or the folder is not usable.
  Status listen(const std::string& path);
  void answer(const controller::Reply& reply);
  /// A fresh snapshot to each of them; to one that has not read the last yet, when it has.
  void push(const std::vector<controller::ConnectionId>& to);
  /// Sends what is queued and closes.
  void close();

 private:
  void accept(std::unique_ptr<io::Connection> connection);
  void take(controller::ConnectionId id, const io::Frame& frame);
  void push_late();

  io::Loop& loop_;
  OnInput on_input_;
  TakeSnapshot take_snapshot_;
  std::unique_ptr<io::UnixServer> server_;
  std::map<controller::ConnectionId, std::unique_ptr<io::Connection>> connections_;
  std::set<controller::ConnectionId> late_;
  io::Timer late_timer_;
  std::uint64_t last_id_ = 0;
};

}  // namespace relevo::resmgr
