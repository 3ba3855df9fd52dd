// A cluster of rings in one thread under virtual time: nodes with disks, a network with faults, and links that judge.
// Deterministic: the same options, seed and calls give the same run. It decides nothing about which faults come.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "common/base/rng.hpp"
#include "membership/totem/ring.hpp"
#include "tests/sim/checker.hpp"
#include "tests/sim/plants.hpp"

namespace relevo::sim {

struct Range {
  Duration low{};
  Duration high{};
};

struct WorldOptions {
  std::size_t nodes = 3;
  totem::Options ring;
  Range delay{100us, 400us};    ///< of each packet
  Range detect_down{5ms, 60ms};  ///< from a cut to the links' verdict
  Range detect_up{5ms, 40ms};
  std::uint64_t loss_permille = 0;
  std::uint64_t duplicate_permille = 0;
  std::uint64_t straggle_permille = 0;  ///< packets that come much later than those sent after them
};

class World {
 public:
  World(const WorldOptions& options, std::uint64_t seed, Plant plant = Plant::none);

  // What people, fate and the network do.
  void boot(NodeId node, bool with_disk);
  void crash(NodeId node);
  /// The power goes while the node performs its next output: after the disk, before all packets are out.
  void crash_while_sending(NodeId node);
  void leave(NodeId node);
  void pause(NodeId node);
  void resume(NodeId node);
  void cut(NodeId from, NodeId to, bool is_noticed);  ///< one way
  void mend(NodeId from, NodeId to);
  /// Frames from one node to the other are lost, all other packets pass, for a while: the links cannot see it.
  void deafen(NodeId from, NodeId to, Duration for_how_long);
  void mend_all();
  void suspect(NodeId who, NodeId whom, Duration for_how_long);
  /// False when the ring refused the message.
  bool submit(NodeId node, std::size_t size, groups::Guarantee guarantee);
  void at(Duration after, std::function<void()> task);

  /// Runs until `time` or the first violation.
  void run_until(Instant time);
  void run_for(Duration time) { run_until(now_ + time); }

  [[nodiscard]] Instant now() const { return now_; }
  [[nodiscard]] bool is_alive(NodeId node) const { return nodes_.at(node).ring.has_value(); }
  [[nodiscard]] bool is_paused(NodeId node) const { return nodes_.at(node).paused; }
  [[nodiscard]] const totem::Ring& ring(NodeId node) const { return *nodes_.at(node).ring; }
  [[nodiscard]] std::vector<NodeId> node_ids() const;
  /// All living nodes are operational on one ring of exactly them, with nothing left to send.
  [[nodiscard]] bool is_whole() const;
  [[nodiscard]] std::optional<std::string> violation() const { return checker_.violation() ? checker_.violation() : broken_; }
  [[nodiscard]] Checker& checker() { return checker_; }
  [[nodiscard]] std::uint64_t steps() const { return steps_; }
  [[nodiscard]] WorldOptions& options() { return options_; }

  /// Told of every line of the run, when set: `12.345678 n2 < mcast from n1`.
  std::function<void(const std::string&)> trace;
  /// Told of every event and note of every node, when set.
  std::function<void(NodeId, const totem::Event&)> on_event;
  std::function<void(NodeId, const Note&)> on_note;

 private:
  struct Node {
    std::optional<totem::Ring> ring;
    unsigned boot = 0;
    std::uint64_t disk = 0;
    bool paused = false;
    bool doomed = false;
    std::uint64_t wake = 0;  // the version of the deadline that counts
    std::vector<std::function<void()>> backlog;  // what came while it was paused
  };
  struct Path {  // one direction
    bool cut = false;
    bool noticed = true;
    Instant deaf_until{};
    bool verdict = false;       // what the first of the pair was last told of the second
    bool target = false;        // what it will have been told when all that is under way has come
    std::uint64_t version = 0;  // of what is under way: older ones are void
  };
  struct Timed {
    Instant at;
    std::uint64_t serial;
    std::function<void()> run;
    bool operator>(const Timed& other) const { return std::tie(at, serial) > std::tie(other.at, other.serial); }
  };

  void step(NodeId id, const totem::Input& input);
  void perform(NodeId id, totem::Output output);
  void transmit(NodeId from, NodeId to, std::shared_ptr<const wire::Packet> packet);
  void arrive(NodeId from, NodeId to, unsigned boot, const wire::Packet& packet);
  void schedule_wake(NodeId id);
  void judge();
  void schedule_verdict(NodeId who, NodeId whom, bool up, Duration after);
  [[nodiscard]] bool is_connected(NodeId a, NodeId b) const;
  [[nodiscard]] Duration pick(Range range);
  [[nodiscard]] Process process(NodeId id) const { return {id, nodes_.at(id).boot}; }
  void deliver_or_keep(NodeId id, std::function<void()> action);
  template <class... Args>
  void tell(fmt::format_string<Args...> format, Args&&... args) {
    if (trace) trace(fmt::format("{:.6f} {}", std::chrono::duration<double>(now_.time_since_epoch()).count(),
                                 fmt::format(format, std::forward<Args>(args)...)));
  }

  WorldOptions options_;
  Rng rng_;
  PlantedBug plant_;
  Checker checker_;
  Instant now_{};
  std::uint64_t serial_ = 0;
  std::uint64_t steps_ = 0;
  std::uint64_t next_message_ = 1;
  bool was_refused_ = false;  // what the last output said of its Submit
  std::optional<std::string> broken_;
  std::map<NodeId, Node> nodes_;
  std::map<std::pair<NodeId, NodeId>, Path> paths_;  // (who, whom): packets from whom reach who; who's verdict on whom
  std::priority_queue<Timed, std::vector<Timed>, std::greater<>> queue_;
};

/// One line about a packet.
[[nodiscard]] std::string describe(const wire::Packet& packet);
[[nodiscard]] std::string describe_event(const totem::Event& event);

}  // namespace relevo::sim
