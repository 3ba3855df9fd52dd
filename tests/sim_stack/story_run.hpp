// A story while it runs: the world, its clients, its checkers, and what each fault does to them.
#pragma once

#include "tests/sim_stack/cast.hpp"
#include "tests/sim_stack/story.hpp"

namespace relevo::sim {

class Story {
 public:
  Story(std::uint64_t seed, Coverage& coverage, const RunOptions& options);
  [[nodiscard]] Outcome run();

 private:
  struct Talker {
    stack::ClientId client = 0;
    std::string group;
  };

  // story.cpp: the course of a run
  void open();
  void schedule(const std::vector<Fault>& faults);
  void schedule_chatter();
  void schedule_look();
  void make_peace();
  [[nodiscard]] std::optional<std::string> settle();
  [[nodiscard]] std::optional<std::string> not_whole() const;
  void count_what_happened();
  [[nodiscard]] std::set<std::uint32_t> everyone() const;
  /// Who must be in the ring at the end, by the newest configuration that any host has.
  [[nodiscard]] std::set<std::uint32_t> insiders() const;
  [[nodiscard]] std::uint32_t newest_file() const;
  void tend();
  [[nodiscard]] std::int64_t wall() const;

  // clients.cpp: what programs do
  void boot(std::uint32_t node);
  void talker(std::uint32_t node, const std::string& group);
  void chatter();
  void say(std::uint32_t node, std::size_t talker, std::size_t size, groups::Guarantee guarantee);
  void churn(std::uint32_t node, std::size_t talker);

  // apply.cpp, adversary.cpp: what each fault does
  void apply(const Fault& fault);
  [[nodiscard]] bool apply_to_host(const Fault& fault);
  [[nodiscard]] bool apply_to_network(const Fault& fault);
  [[nodiscard]] bool apply_to_people(const Fault& fault);
  [[nodiscard]] bool apply_to_operators(const Fault& fault);
  [[nodiscard]] bool apply_to_arbiter(const Fault& fault);
  [[nodiscard]] bool rotate(const Fault& fault, bool force);
  [[nodiscard]] bool change(const Fault& fault);
  [[nodiscard]] bool remove(const Fault& fault);
  [[nodiscard]] bool command_votes(const Fault& fault);
  [[nodiscard]] bool attack(const Fault& fault);
  struct Shot {
    std::uint32_t to = 0;
    std::uint8_t link = 0;
    Address from;
    Bytes bytes;
    bool may_come_first = false;  ///< only the second copy is judged
  };
  [[nodiscard]] std::optional<Shot> aim(const Fault& fault, const Recording& recording) const;
  [[nodiscard]] static std::optional<Shot> spoil(const Fault& fault, Shot shot);
  [[nodiscard]] bool forge_hints(const Fault& fault);
  void shut(std::uint32_t node, Duration back_after);
  void split(const Fault& fault, std::uint64_t sides);
  void condition(const Fault& fault, const std::function<void(Condition&)>& change);
  void burst(const Fault& fault, std::uint64_t Network::*what, std::uint64_t permille);
  void later(Duration after, std::function<void()> task);

  Coverage& coverage_;
  const RunOptions& options_;
  std::uint64_t seed_;
  Rng rng_;       ///< of the cast and the faults
  Rng chat_rng_;  ///< of the clients, so that a fault less does not change what they say
  Cast cast_;
  World world_;
  Checker checker_;
  std::map<std::uint32_t, std::vector<Talker>> talkers_;
  MessageId said_ = 0;
  Instant begin_{};
  std::uint64_t keys_asked_ = 0;
  bool at_peace_ = false;
};

}  // namespace relevo::sim
