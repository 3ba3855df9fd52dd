// A cluster of whole stacks under virtual time over a seeded network: encrypted frames, heartbeats, faults.
// It judges nothing; what the nodes say goes to an observer.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <set>
#include <string>
#include <vector>

#include "common/base/rng.hpp"
#include "membership/stack/stack.hpp"

namespace relevo::sim {

struct Network {
  Duration delay_min = 100us, delay_max = 300us;
  std::uint64_t loss_permille = 0, duplicate_permille = 0, corrupt_permille = 0;
};

struct WorldOptions {
  std::uint32_t nodes = 3;
  std::uint64_t seed = 1;
  Network network;
  std::string quorum;  ///< lines for the quorum section, e.g. "two_node: 1\n"
  std::map<std::uint32_t, std::string> quorum_of;  ///< for one node instead of `quorum`
  std::map<std::uint32_t, std::uint8_t> key_of;    ///< nodes with another key file
};

/// Sees everything that a node tells its clients. `boot` counts the starts of the node.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void on_event(std::uint32_t node, std::uint32_t boot, const stack::ClientEvent& event, Instant now) = 0;
  virtual void after_step(std::uint32_t node) = 0;
};

class World : private seal::Random {
 public:
  explicit World(WorldOptions options);
  ~World() override;

  void observe(Observer* observer) { observer_ = observer; }

  void start(std::uint32_t node);
  void crash(std::uint32_t node);
  /// A clean stop: the others are told.
  void leave(std::uint32_t node);
  void pause(std::uint32_t node, bool on);
  /// Nodes of different groups do not hear each other; who is not named is alone.
  void partition(const std::vector<std::set<std::uint32_t>>& groups);
  void heal();
  void cut(std::uint32_t from, std::uint32_t to) { cuts_.insert({from, to}); }
  void network(const Network& n) { options_.network = n; }
  void run(Duration time);
  /// Runs until `done` or for `limit`; true when done.
  bool run_until(const std::function<bool()>& done, Duration limit);

  void input(std::uint32_t node, const stack::Input& input);
  /// Connects a client and gives its number.
  stack::ClientId connect(std::uint32_t node);

  [[nodiscard]] bool is_running(std::uint32_t node) const { return hosts_.at(node).stack != nullptr; }
  [[nodiscard]] bool is_paused(std::uint32_t node) const { return hosts_.at(node).paused; }
  [[nodiscard]] std::uint32_t boot(std::uint32_t node) const { return hosts_.at(node).boot; }
  [[nodiscard]] stack::Status status(std::uint32_t node) const { return hosts_.at(node).stack->status(); }
  [[nodiscard]] const std::vector<Note>& notes(std::uint32_t node) const { return hosts_.at(node).notes; }
  [[nodiscard]] std::uint32_t nodes() const { return options_.nodes; }
  [[nodiscard]] Instant now() const { return now_; }
  /// All running nodes are in one complete ring of exactly `members`.
  [[nodiscard]] bool is_one_ring(const std::set<std::uint32_t>& members) const;
  [[nodiscard]] std::uint64_t packets() const { return order_; }

 private:
  struct Host {
    std::unique_ptr<stack::Stack> stack;
    std::uint32_t boot = 0;
    bool paused = false;
    std::uint64_t stored = 0;
    stack::ClientId last_client = 0;
    Address address;
    std::vector<Note> notes;
  };
  struct Packet {
    Instant when;
    std::uint64_t order = 0;
    std::uint32_t to = 0;
    Address from;
    std::shared_ptr<const Bytes> bytes;
    bool operator>(const Packet& o) const { return std::tie(when, order) > std::tie(o.when, o.order); }
  };

  void fill(std::span<std::uint8_t> out) override;
  void perform(std::uint32_t node, stack::Output output);
  void carry(std::uint32_t from, const Address& to, const std::shared_ptr<const Bytes>& bytes);
  void deliver(const Packet& packet);
  [[nodiscard]] Instant next_event(Instant end) const;
  void step_at(Instant when);

  WorldOptions options_;
  Rng rng_, nonces_;
  Instant now_{1s};
  std::map<std::uint32_t, Host> hosts_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> cuts_;
  std::map<std::uint32_t, std::vector<Packet>> asleep_;  ///< packets in the socket of a paused node
  std::priority_queue<Packet, std::vector<Packet>, std::greater<>> queue_;
  std::uint64_t order_ = 0;
  std::uint32_t steps_here_ = 0;  ///< steps since time last moved
  Observer* observer_ = nullptr;
};

}  // namespace relevo::sim
