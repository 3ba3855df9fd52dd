// The kinds that the seeds of `make test` must meet.
#include "tests/sim_stack/coverage.hpp"
#include "tests/sim_stack/faults.hpp"

namespace relevo::sim {

namespace {

/// What is no fault: notes by the beginning of their text (numbers are #), the rest by its whole name.
constexpr std::string_view others[] = {
    "cast: 1 node", "cast: 2 to 5 nodes", "cast: 6 to 9 nodes", "cast: 10 to 16 nodes", "cast: 17 to 64 nodes",
    "cast: 1 link", "cast: 2 links", "cast: 3 links", "cast: link_mode passive", "cast: link_mode active", "cast: link_mode rr",
    "cast: IPv4", "cast: IPv6", "cast: profile default", "cast: profile fast", "cast: profile wan",
    "cast: two_node", "cast: wait_for_all", "cast: last_man_standing", "cast: auto_tie_breaker", "cast: allow_downscale",
    "cast: arbiter, ffsplit", "cast: arbiter, lms", "cast: nodes with several votes", "cast: clocks of different rates",
    "cast: ring numbers near a limit", "cast: a node with another key",
    "packet: lost", "packet: copied", "packet: corrupted", "packet: late", "packet: into a cut", "packet: too large for the path",
    "view: first ring of a start", "view: smaller ring", "view: the same members again", "view: one joined",
    "view: several joined or sides merged",
    "counter: ring.gathers_by.start", "counter: ring.gathers_by.token-lost", "counter: ring.gathers_by.peer-down",
    "counter: ring.gathers_by.peer-left", "counter: ring.gathers_by.member-gathers", "counter: ring.gathers_by.stranger",
    "counter: ring.gathers_by.fail-to-receive", "note: gathering: the token was lost in operational",
    "note: gathering: the token was lost in commit", "note: no agreement after", "note: committing to ring",
    "counter: ring.commit_entered", "counter: ring.recovery_entered", "counter: ring.quarantines",
    "note: ring # installed", "note: left ring", "note: not scheduled for",
    "ring: seen in gather", "ring: seen in commit", "ring: seen in recovery", "ring: seen in operational",
    "counter: ring.recovered", "counter: ring.retransmit_requests", "counter: ring.consensus_timeouts", "counter: ring.token_losses",
    "note: link # to node # is up", "note: link # to node # is down", "note: node # was restarted", "note: this process was not scheduled",
    "counter: links.path_downs", "counter: links.peer_restarts", "counter: links.unreachable_hints", "counter: links.stalls", "counter: links.mtu_changes",
    "counter: links.fragments_received", "counter: links.duplicates", "counter: links.path_switches", "counter: seal.dropped.retired_key",
    "counter: seal.dropped.replay", "counter: seal.dropped.bad_tag", "counter: seal.dropped.other_incarnation",
    "counter: seal.dropped.bad_source", "counter: seal.dropped.unknown_sender", "counter: seal.dropped.bad_key_id",
    "counter: seal.dropped.too_short", "counter: seal.dropped.not_ours",
    "quorum: granted", "quorum: withdrawn", "quorum: withdrawn while the ring broke up", "quorum: waits for all",
    "quorum: wait for all is over", "quorum: one of two is enough", "quorum: other expected votes refused",
    "keys: a rotation was done", "keys: a rotation failed", "keys: seen settled", "note: key # (#) seals from now on",
    "note: node # lacks key #", "note: key # was made but never used",
    "change: applied", "change: taken over", "change: aborted", "change: must leave",
    "note: arbiter says: cluster sim: node # is connected", "note: arbiter says: cluster sim: the vote goes to ring", "note: the arbiter is connected",
    "note: the arbiter is lost", "note: the arbiter's vote is over",
    "client: leaves a group", "client: its connection ends", "memory: messages wait in the ring",
};

std::vector<std::string_view> all_kinds() {
  static std::vector<std::string> faults;
  std::vector<std::string_view> kinds;
  for (std::size_t i = 0; i < fault_kinds; ++i) faults.push_back("fault: " + std::string(name(static_cast<FaultKind>(i))));
  for (const auto& fault : faults) kinds.emplace_back(fault);
  kinds.insert(kinds.end(), std::begin(others), std::end(others));
  return kinds;
}

}  // namespace

const std::vector<std::string_view>& required_kinds() {
  static const std::vector<std::string_view> kinds = all_kinds();
  return kinds;
}

}  // namespace relevo::sim
