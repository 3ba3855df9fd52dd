// The host of the arbiter: its core, its connections as ordered streams with delay, and its disk.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "common/base/rng.hpp"
#include "membership/arbiter/server.hpp"

namespace relevo::sim {

/// What the world does for it.
struct ArbiterPort {
  std::function<void(Duration after, std::function<void()>)> later;
  std::function<void(std::uint32_t node, arbiter::Binding)> connected;
  std::function<void(std::uint32_t node, const Bytes&)> frame;
  std::function<void(std::uint32_t node, const std::string& why)> lost;
  std::function<Instant()> now;
  std::function<void(const std::string&)> tell;
};

class ArbiterHost {
 public:
  ArbiterHost(ArbiterPort port, std::uint64_t seed) : port_(std::move(port)), rng_(seed) {}

  void start();
  void crash();
  [[nodiscard]] bool is_running() const { return server_ != nullptr; }
  void lose_record() { record_.reset(); }
  void break_record() { readable_ = false; }
  void fill_disk(bool full) { disk_full_ = full; }
  /// Nobody reaches it from that node any more; what is connected hangs until it is noticed.
  void cut(std::uint32_t node) { cut_.insert(node); }
  void mend() { cut_.clear(); }
  [[nodiscard]] bool is_cut(std::uint32_t node) const { return cut_.contains(node); }

  // From the nodes.
  void connect(std::uint32_t node);
  void frame(std::uint32_t node, const Bytes& bytes);
  void disconnect(std::uint32_t node);
  [[nodiscard]] static arbiter::Token token();

 private:
  struct Line {
    arbiter::ConnectionId id = 0;
    Instant free_up{}, free_down{};  ///< a stream keeps its order
  };
  void perform(arbiter::ServerOutput output);
  void drop(std::uint32_t node, const std::string& why);
  void schedule();
  [[nodiscard]] std::optional<std::uint32_t> node_of(arbiter::ConnectionId id) const;
  Duration in_turn(Instant& free);

  ArbiterPort port_;
  Rng rng_;
  std::unique_ptr<arbiter::Server> server_;
  std::uint64_t start_ = 0, wake_ = 0;
  arbiter::ConnectionId last_ = 0;
  std::map<std::uint32_t, Line> lines_;
  std::set<std::uint32_t> cut_;
  std::optional<arbiter::Record> record_;
  bool readable_ = true, disk_full_ = false;
};

}  // namespace relevo::sim
