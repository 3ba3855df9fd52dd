// The order in which a transition graph is carried out when every action answers at once. Knows nothing of what actions do.
// Internal to resmgr/policy/simulate.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include <pugixml.hpp>

namespace relevo::policy {

/// Synapses in the order of the document. One fires when all its inputs are confirmed; what becomes ready behind the one that was
/// fired last is fired in the same round, what becomes ready before it in the next. After a failure only what has the highest
/// priority, or does nothing, is fired, and a failed action confirms only such inputs. Source: resmgr spec 2(b), transition engine.
class GraphWalk {
 public:
  explicit GraphWalk(pugi::xml_node graph);

  /// The next action; an empty node when nothing can be fired any more.
  pugi::xml_node next();
  /// The action that next() gave last has its result.
  void done(bool failed);
  /// Something is left that waits for what never comes, and no failure is to blame.
  [[nodiscard]] bool is_stuck() const { return !failed_ && fired_ < synapses_.size(); }

 private:
  struct Synapse {
    std::vector<pugi::xml_node> actions;
    std::vector<std::string> inputs;  ///< ids not confirmed yet
    int priority = 0;
    bool fired = false;
    std::size_t next_action = 0;
  };
  void read_synapse(pugi::xml_node xml);
  void confirm(std::size_t synapse, const std::string& id);
  [[nodiscard]] bool may_fire(const Synapse& synapse) const;
  bool fire_next();

  std::vector<Synapse> synapses_;
  std::unordered_map<std::string, std::vector<std::size_t>> waiting_;  ///< action id to the synapses that wait for it
  std::set<std::size_t> this_round_, next_round_;
  std::size_t current_ = 0, fired_ = 0;
  bool is_firing_ = false, failed_ = false;
};

}  // namespace relevo::policy
