// A cluster of whole stacks under virtual time over a seeded network: encrypted frames, heartbeats, disks, clocks.
// It judges nothing and chooses no fault; what the nodes say goes to an observer.
#pragma once

#include <fmt/format.h>

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
#include "tests/sim_stack/arbiter_host.hpp"
#include "tests/sim_stack/clock.hpp"
#include "tests/sim_stack/net.hpp"
#include "tests/sim_stack/setup.hpp"

namespace relevo::sim {

struct WorldOptions {
  std::uint32_t nodes = 3;
  std::uint64_t seed = 1;
  std::uint8_t links = 1;
  bool ipv6 = false;
  Network network;
  std::string totem;   ///< lines for the totem section
  std::string quorum;  ///< lines for the quorum section, e.g. "two_node: 1\n"
  std::map<std::uint32_t, std::string> quorum_of;  ///< for one node instead of `quorum`
  std::map<std::uint32_t, std::uint32_t> votes;
  std::map<std::uint32_t, std::uint8_t> key_of;    ///< nodes with another key file
  bool arbiter = false;              ///< there is one; `quorum` must name it
  std::uint64_t first_ring_seq = 0;  ///< on every disk at the beginning
  bool forget_disk = false;          ///< a planted bug: each start knows nothing of ring numbers
  std::int64_t clock_ppm = 0;        ///< hosts' clocks differ by up to so much
};

/// A packet as an eavesdropper keeps it.
struct Recording {
  std::uint32_t from = 0, to = 0;
  std::uint32_t from_boot = 0, to_boot = 0;
  std::uint8_t link = 0;
  std::shared_ptr<const Bytes> bytes;
};

/// Sees everything that a node tells its clients. `boot` counts the starts of the node.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void on_event(std::uint32_t node, std::uint32_t boot, const stack::ClientEvent& event, Instant now) = 0;
  virtual void after_step(std::uint32_t node) = 0;
  virtual void on_boot(std::uint32_t, Instant) {}
  virtual void on_end(std::uint32_t, const stack::Status&) {}  ///< of one start: its last status
  virtual void on_note(std::uint32_t, const Note&) {}
  virtual void on_key_answer(std::uint32_t, bool) {}
  /// How a change of the configuration went on a node: applied, taken over, aborted, must leave.
  virtual void on_reload(std::uint32_t, std::string_view) {}
};

class World : private seal::Random {
 public:
  explicit World(WorldOptions options);
  ~World() override;

  void observe(Observer* observer) { observer_ = observer; }
  /// Told of every line of the run, when set.
  std::function<void(const std::string&)> trace;

  // Hosts.
  void start(std::uint32_t node);
  void crash(std::uint32_t node);
  /// The power goes while the node performs its next output: after the disk, before all packets are out.
  void crash_while_sending(std::uint32_t node, bool on = true) { hosts_.at(node).doomed = on; }
  /// A clean stop: the others are told.
  void leave(std::uint32_t node);
  /// The process does not run; its clock does.
  void pause(std::uint32_t node, bool on);
  /// The whole machine stands still, its clock too (a virtual machine that is moved).
  void freeze(std::uint32_t node, Duration time);
  void lose_disk(std::uint32_t node) { hosts_.at(node).stored = 0; }
  /// Writes take so long; the daemon waits for them.
  void slow_disk(std::uint32_t node, Duration time) { hosts_.at(node).write_time = time; }
  /// Writes fail: the daemon stops at the first, before anything leaves it.
  void fill_disk(std::uint32_t node, bool full) { hosts_.at(node).disk_full = full; }
  void input(std::uint32_t node, const stack::Input& input);
  /// The output of a step that the caller wants to look at; it is performed, too.
  stack::Output ask(std::uint32_t node, const stack::Input& input);
  /// Proposes another configuration file. False when it is refused at once.
  bool propose(std::uint32_t node, const std::string& text);
  /// The host says no to whatever is proposed.
  void refuse_changes(std::uint32_t node, bool on) { hosts_.at(node).refuses = on; }
  /// As an operator would copy it by hand.
  void copy_file(std::uint32_t from, std::uint32_t to);
  [[nodiscard]] Setup& setup() { return setup_; }
  [[nodiscard]] ArbiterHost* arbiter() { return arbiter_.get(); }
  [[nodiscard]] const ArbiterHost* arbiter() const { return arbiter_.get(); }
  /// Connects a client and gives its number.
  stack::ClientId connect(std::uint32_t node);

  // The network.
  [[nodiscard]] Net& net() { return net_; }
  [[nodiscard]] const Net& net() const { return net_; }
  void partition(const std::vector<std::set<std::uint32_t>>& groups) { net_.partition(groups); }
  void heal() { net_.heal(); }
  void cut(std::uint32_t from, std::uint32_t to) { net_.cut(from, to); }
  void network(const Network& n) { net_.weather = n; }
  /// A packet of somebody else arrives at once. True when the node took it: it counted a good frame or told anything.
  bool inject(std::uint32_t to, std::uint8_t link, const Address& from, const Bytes& bytes);
  [[nodiscard]] const std::vector<Recording>& recordings() const { return recordings_; }
  [[nodiscard]] const Address& address(std::uint32_t node, std::uint8_t link) const { return hosts_.at(node).addresses.at(link); }

  // Time.
  void run(Duration time);
  /// Runs until `done` or for `limit`; true when done; it is asked after whatever
  /// clients are told, and every 10 ms.
  bool run_until(const std::function<bool()>& done, Duration limit);
  void at(Instant when, std::function<void()> task);
  void stop() { stopped_ = true; }  ///< ends the present run() early

  [[nodiscard]] bool is_running(std::uint32_t node) const { return hosts_.at(node).stack != nullptr; }
  [[nodiscard]] bool is_paused(std::uint32_t node) const { return hosts_.at(node).paused; }
  /// Paused, frozen, or waiting for its disk.
  [[nodiscard]] bool is_asleep(std::uint32_t node) const { return is_asleep(hosts_.at(node)); }
  [[nodiscard]] std::uint32_t boot(std::uint32_t node) const { return hosts_.at(node).boot; }
  [[nodiscard]] stack::Status status(std::uint32_t node) const { return hosts_.at(node).stack->status(); }
  [[nodiscard]] const std::vector<Note>& notes(std::uint32_t node) const { return hosts_.at(node).notes; }
  [[nodiscard]] const config::ClusterConfig& config(std::uint32_t node) const { return hosts_.at(node).config; }
  [[nodiscard]] std::uint32_t nodes() const { return options_.nodes; }
  [[nodiscard]] const WorldOptions& options() const { return options_; }
  [[nodiscard]] Instant now() const { return now_; }
  /// All running nodes are in one complete ring of exactly `members`.
  [[nodiscard]] bool is_one_ring(const std::set<std::uint32_t>& members) const;
  [[nodiscard]] std::uint64_t packets() const { return packets_; }
  [[nodiscard]] std::uint64_t steps() const { return steps_; }
  /// A number that depends on everything every node sent and told.
  [[nodiscard]] std::uint64_t digest() const { return digest_; }
  /// What no world may see, e.g. time that does not move.
  [[nodiscard]] const std::optional<std::string>& broken() const { return broken_; }
  template <class... Args>
  void tell(fmt::format_string<Args...> format, Args&&... args) {
    if (trace) trace(fmt::format("{:.6f} {}", std::chrono::duration<double>(now_.time_since_epoch()).count(),
                                 fmt::format(format, std::forward<Args>(args)...)));
  }

 private:
  struct Host {
    std::unique_ptr<stack::Stack> stack;
    config::ClusterConfig config;
    std::string file;                ///< the configuration as written
    Bytes key_file;
    std::vector<Address> addresses;  ///< by link
    bool refuses = false, must_leave = false;
    HostClock clock;
    std::uint32_t boot = 0;
    bool paused = false, doomed = false, writing = false;
    Instant frozen_until{};
    std::uint64_t stored = 0;
    Duration write_time{};
    bool disk_full = false;
    stack::ClientId last_client = 0;
    std::uint64_t wake = 0;  ///< the version of the deadline that counts
    std::vector<Note> notes;
  };
  struct Timed {
    Instant when;
    std::uint64_t order = 0;
    std::uint32_t to = 0;
    std::uint32_t from = 0;
    std::uint8_t link = 0;
    std::uint64_t version = 0;           ///< of a wake
    std::shared_ptr<const Bytes> bytes;  ///< none: a wake
    std::shared_ptr<std::function<void()>> task;
    bool operator>(const Timed& o) const { return std::tie(when, order) > std::tie(o.when, o.order); }
  };

  void fill(std::span<std::uint8_t> out) override;
  [[nodiscard]] bool is_asleep(const Host& host) const { return host.paused || host.writing || now_ < host.frozen_until; }
  void perform(std::uint32_t node, stack::Output output);
  void emit(std::uint32_t node, const stack::Output& output);
  void send(std::uint32_t node, const links::Send& send);
  void hold_for_disk(std::uint32_t node, stack::Output output);
  void wake_up(std::uint32_t node);
  void schedule_wake(std::uint32_t node);
  void deliver(Timed packet);
  void handle(Timed& next);
  // shell.cpp
  void in_this_start(std::uint32_t node, Duration after, std::function<void()> task);
  void perform_shell(std::uint32_t node, const stack::Output& output);
  void write_keys(std::uint32_t node, const stack::StoreKeyring& write);
  [[nodiscard]] std::pair<std::string, stack::SettingsPtr> look_at(std::uint32_t node, const std::string& text);
  void on_reload(std::uint32_t node, const reload::Check& check);
  void on_reload(std::uint32_t node, const reload::TakeOver& take);
  void on_reload(std::uint32_t node, const reload::Aborted& aborted);
  void on_reload(std::uint32_t node, const stack::Applied& applied);
  void on_reload(std::uint32_t node, const stack::MustLeave& leave);
  void use_arbiter();
  void mix(std::uint64_t value) { digest_ = (digest_ ^ value) * 0x100000001b3ULL; }
  void mix_event(const stack::ClientEvent& event);

  WorldOptions options_;
  Rng rng_, nonces_;
  Net net_;
  Instant now_{1s};
  Setup setup_;  ///< the newest file that anybody has written
  std::unique_ptr<ArbiterHost> arbiter_;
  std::map<std::uint32_t, Host> hosts_;
  std::map<Address, std::pair<std::uint32_t, std::uint8_t>> places_;  ///< who listens where
  std::map<std::uint32_t, std::vector<Timed>> asleep_;  ///< packets in the socket of a host that does not run
  std::priority_queue<Timed, std::vector<Timed>, std::greater<>> queue_;
  std::vector<Recording> recordings_;
  std::uint64_t order_ = 0, packets_ = 0, steps_ = 0, digest_ = 0xcbf29ce484222325ULL;
  std::uint32_t steps_here_ = 0;  ///< steps since time last moved
  bool stopped_ = false;
  bool told_ = false;  ///< some node told its clients something since run_until looked
  std::optional<std::string> broken_;
  Observer* observer_ = nullptr;
};

}  // namespace relevo::sim
