// How a cluster's keys change while it runs: every configuration compares the members' rings and brings them together;
// an operator's request adds a new key to that. Make before break: a key seals only when every member has it on disk,
// and stops opening only when nobody seals with it. Pure: the ring's order, results of writes and requests come in.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/base/note.hpp"
#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "membership/keys/rules.hpp"
#include "membership/seal/random.hpp"

namespace relevo::keys {

struct Options {
  NodeId self;
  std::set<NodeId> configured;  ///< all nodes of the node list
  /// How long former keys still open after all nodes seal with the new one.
  Duration grace = 60s;
};

/// Replace the key file by this; answered by stored() with the same ticket. In the order of the tickets.
struct Store {
  std::uint64_t ticket = 0;
  seal::Secret content;
};
/// To the operator's request of that number.
struct Answer {
  std::uint64_t request = 0;
  Result<std::string> result;
};

/// Performed top to bottom.
struct Output {
  std::optional<seal::Keyring> use;  ///< links seal and open with this from now on
  std::vector<Store> stores;
  std::vector<Bytes> controls;  ///< for all members, in the total order
  std::vector<Answer> answers;
  Notes notes;
};

/// Ask for a new key.
struct RotateRequest {
  std::uint64_t request = 0;  ///< the caller's number, not 0
  bool force = false;         ///< also when configured nodes are away
  std::int64_t wall = 0;      ///< seconds since 1970 UTC: the key's date of birth
};
struct RetireRequest {
  std::uint64_t request = 0;
  std::uint8_t id = 0;
  bool force = false;
};

/// A key as reports show it.
struct KeyStatus {
  Meta key;
  std::set<NodeId> holders;  ///< members known to have it; none of a retired one
};
struct Status {
  std::vector<KeyStatus> keys;  ///< oldest first
  std::string state;            ///< alone, comparing, giving, settling, settled, failed
  std::string problem;          ///< of the last round; empty when there is none
  std::optional<NodeId> asked_by;
};

/// One node's share.
class Rotation {
 public:
  /// `ring` must have ids (seal::assign_ids). Lifetime: `random` must outlive the object.
  Rotation(Options options, seal::Keyring ring, seal::Random& random);

  /// The groups of a new regular configuration are complete: the comparison begins.
  [[nodiscard]] Output synced(const RingId& ring, std::set<NodeId> members, bool quorate);
  void set_quorate(bool quorate) { quorate_ = quorate; }
  void set_configured(std::set<NodeId> nodes) { options_.configured = std::move(nodes); }
  /// A control payload of this room in its place of the order.
  [[nodiscard]] Output control(NodeId from, BytesView payload, Instant now);
  [[nodiscard]] Output stored(std::uint64_t ticket, const ::relevo::Status& result, Instant now);
  [[nodiscard]] Output rotate(const RotateRequest& request);
  [[nodiscard]] Output retire(const RetireRequest& request);
  [[nodiscard]] Output tick(Instant now);
  [[nodiscard]] std::optional<Instant> next_deadline() const { return retire_at_; }

  [[nodiscard]] const seal::Keyring& ring() const { return ring_; }
  [[nodiscard]] Status status() const;

 private:
  enum class Phase : std::uint8_t { comparing, giving, settling, settled, failed };
  /// The comparison that runs, or the last one.
  struct Run {
    Round round;
    std::set<NodeId> members;
    std::optional<NodeId> asked_by;  ///< who wants a new key
    Phase phase = Phase::comparing;
    bool have_sent = false;
    EphemeralPair pair;
    std::map<NodeId, Have> haves;
    Union all;
    std::optional<Fingerprint> fresh;                   ///< the new key, once it was given
    std::set<std::pair<NodeId, Fingerprint>> awaited;   ///< who has not yet confirmed which key
    std::set<NodeId> done;
    bool durable = true;
    std::string problem;
  };
  /// What a write was for.
  struct Pending {
    Round round;
    std::optional<Fingerprint> held;  ///< confirm this key
    bool done = false;                ///< confirm the settling
  };

  // rotation.cpp: rounds
  void open_round(Round round, std::set<NodeId> members, std::optional<NodeId> asked_by);
  void on(NodeId from, const Begin& m, Instant now);
  void on(NodeId from, Have m, Instant now);
  void on(NodeId from, const Held& m, Instant now);
  void on(NodeId from, const Failed& m, Instant now);
  void on(NodeId from, const Settle& m, Instant now);
  void on(NodeId from, const Done& m, Instant now);
  void on(NodeId from, const Retire& m, Instant now);
  void send_have();
  void compared(Instant now);
  void advance(Instant now);
  void complete(Instant now);
  // give.cpp: keys on their way
  void give(const Meta& key, const seal::Secret& secret, bool fresh, const std::set<NodeId>& to);
  void give_missing();
  [[nodiscard]] std::uint8_t fresh_id() const;
  void give_fresh();
  void on(NodeId from, const Give& m, Instant now);
  void take(const Give& m, BytesView box);
  void withdraw_fresh();
  // request.cpp: the operator
  void answer_request(Result<std::string> result);
  [[nodiscard]] Settle settlement() const;
  // helpers
  void send(Message message) { out_.controls.push_back(encode(message)); }
  void store(Pending pending);
  void say(Level level, std::string text) { out_.notes.push_back({level, std::move(text)}); }
  [[nodiscard]] bool leads() const { return run_ && *run_->members.begin() == options_.self; }
  [[nodiscard]] bool is_complete() const;
  [[nodiscard]] std::string absent() const;
  [[nodiscard]] Output finish();

  struct Wanted {
    std::uint64_t request = 0;
    std::int64_t wall = 0;
    std::optional<Fingerprint> fresh;  ///< once made
  };

  Options options_;
  seal::Keyring ring_;
  seal::Random* random_;
  bool quorate_ = false;
  std::optional<Run> run_;
  std::map<std::uint64_t, Pending> writes_;
  bool file_is_current_ = true;
  std::uint64_t tickets_ = 0;
  std::optional<Wanted> wanted_;           ///< the rotation that was asked for here
  std::uint64_t retire_request_ = 0;       ///< the retirement that was asked for here; 0 = none
  std::optional<Instant> retire_at_;
  Output out_;  ///< of the step that runs
};

}  // namespace relevo::keys
