// The replicated state: the CIB, who is how old, and what was applied. Only ordered messages, views and quorum change it,
// so all members of one synced view hold the same. It sends nothing and knows no time.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "resmgr/controller/messages.hpp"
#include "resmgr/controller/status.hpp"

namespace relevo::controller {

/// What a client's command did.
struct CommandOutcome {
  bool repeated = false;  ///< it had been applied before: a resent one
  bool configuration_changed = false;
  Answer answer;
};

class Replica {
 public:
  /// What the disk had.
  void start(cib::Document cib, std::uint64_t lineage);

  // ---- ordered events

  /// A regular configuration. Gives the nodes that count as lost by it.
  std::vector<NodeId> set_ring(const Configuration& ring);
  /// True when the partition's right to act changed.
  bool set_quorum(const QuorumView& quorum);
  /// A synced member left: how its node stands now.
  Standing depart(const groups::Departure& departure);
  /// The outcome of a sync: `image` from the chosen member, the others' own histories.
  Status load(const Image& image, const std::map<groups::Member, Hello>& hellos);
  CommandOutcome apply(const Command& command, NodeId from);
  /// False: refused, because the node may not start anything now.
  bool apply(const OpRequest& request);
  /// True when it was a failure or something nobody asked for.
  bool apply(const OpResult& result);
  void apply(const NodeShutdown& shutdown);
  /// True when the node's standing changed by it.
  bool apply(const NodeLost& lost);
  void apply(const Idle& idle);

  // ---- questions

  [[nodiscard]] Image image() const;
  [[nodiscard]] const cib::Document& cib() const { return cib_; }
  [[nodiscard]] std::uint64_t lineage() const { return lineage_; }
  [[nodiscard]] const Configuration& ring() const { return ring_; }
  [[nodiscard]] const QuorumView& quorum() const { return quorum_; }
  /// Synced members, oldest first.
  [[nodiscard]] const std::vector<groups::Member>& seniority() const { return seniority_; }
  [[nodiscard]] std::optional<groups::Member> leader() const;
  [[nodiscard]] std::string name_of(NodeId node) const;
  [[nodiscard]] std::optional<NodeId> node_of(const std::string& name) const;
  [[nodiscard]] std::string uuid_of(NodeId node) const;
  [[nodiscard]] const std::map<NodeId, std::string>& names() const { return names_; }
  /// Enough of the votes are resource managers in sync: a change may be accepted.
  [[nodiscard]] bool may_change() const;
  /// The partition has quorum and its state is the cluster's.
  [[nodiscard]] bool may_act() const { return quorum_.quorate && established_; }
  /// Nodes that are members, not asked to shut down, and have nothing pending, count as quiet.
  [[nodiscard]] bool has_pending() const;
  [[nodiscard]] bool is_in_ring(NodeId node) const;
  /// Nobody on the host can have stopped what it ran: its leases have to end.
  [[nodiscard]] bool is_orphaned(NodeId node) const { return orphaned_.contains(node) || is_in_ring(node); }
  [[nodiscard]] bool is_shutting_down(NodeId node) const;
  [[nodiscard]] bool is_idle() const { return idle_; }
  /// Counts everything that may need a plan.
  [[nodiscard]] std::uint64_t position() const { return position_; }
  [[nodiscard]] std::string digest() const;
  /// What belongs on disk, and its fingerprint.
  [[nodiscard]] std::string disk_text() const { return cib_.disk_text(); }

  /// Names of the configuration file, before anyone said hello.
  void add_names(const std::vector<NodeName>& names);
  void set_members_unsynced();

 private:
  void touch();
  bool refresh_rights();
  void refresh_attributes();
  bool ensure_nodes();
  void take_in(const groups::Member& member, const Hello& hello, bool joined);
  void refresh_absent();
  void mark(NodeId node, Standing standing);
  Answer run(const cib::Change& change, bool& configuration_changed);
  Answer run(const CleanupRequest& cleanup);
  Answer run(const AttributeRequest& attribute);
  /// What an accepted request leaves in the CIB.
  void write_down(const OpRequest& request, const std::string& uuid);
  void clean(NodeId node, const CleanupRequest& cleanup, Cleaned& cleaned);

  cib::Document cib_;
  std::uint64_t lineage_ = 0;
  bool established_ = false;
  std::vector<groups::Member> seniority_;
  std::map<NodeId, std::string> names_;
  std::map<NodeId, LastCommand> commands_;
  std::set<NodeId> orphaned_;
  std::uint64_t position_ = 0;
  bool idle_ = false;
  Configuration ring_;
  QuorumView quorum_;
};

}  // namespace relevo::controller
