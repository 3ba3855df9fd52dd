// A few real stacks in one process under virtual time, with everything that was ever sent on tape. No faults here.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "membership/stack/stack.hpp"
#include "tests/support/secrets.hpp"

namespace relevo::hostile {

struct Taped {
  std::uint32_t from = 0, to = 0;
  LinkId link;
  Bytes bytes;
};

class Cluster {
 public:
  Cluster(std::string name, std::uint32_t nodes, std::uint8_t links, std::uint64_t seed);

  /// Starts the node, or starts it anew.
  void boot(std::uint32_t node);
  void run(Duration time);
  [[nodiscard]] stack::Stack& node(std::uint32_t n) { return *stacks_.at(n); }
  [[nodiscard]] const Address& address(std::uint32_t node, LinkId link) const { return addresses_.at(NodeId{node})[link.value]; }
  [[nodiscard]] bool is_one_ring() const;
  void perform(std::uint32_t node, stack::Output output);

  Instant now{1s};
  std::vector<Taped> tape;
  bool taping = true;

 private:
  void deliver();

  std::string name_;
  std::uint32_t nodes_;
  std::uint64_t boots_;
  config::ClusterConfig config_;
  std::map<NodeId, std::vector<Address>> addresses_;
  std::map<std::uint32_t, std::unique_ptr<test::SeededRandom>> randoms_;
  std::map<std::uint32_t, std::unique_ptr<stack::Stack>> stacks_;
  std::map<std::uint32_t, std::uint64_t> stored_;
  std::deque<std::pair<Instant, Taped>> wire_;
};

}  // namespace relevo::hostile
