// A node's side: connects, proves itself, reports where the node is, and knows whether the arbiter's vote counts now.
// It does no I/O and counts no votes.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "common/base/note.hpp"
#include "membership/arbiter/messages.hpp"
#include "membership/arbiter/proof.hpp"

namespace relevo::arbiter {

struct ClientOptions {
  std::string cluster;
  NodeId node;
  Incarnation incarnation;
  Settings settings;
  Token token{};
  Duration longest_lease = 10s;  ///< `quorum.device.timeout`: a vote is never good for longer than that
  Duration connect_timeout = 5s;
};

struct Connect {};
struct SendFrame {
  Bytes bytes;
};
struct Disconnect {};
using ClientAction = std::variant<Connect, SendFrame, Disconnect>;

struct ClientOutput {
  std::vector<ClientAction> actions;  ///< in order
  Notes notes;
};

class Client {
 public:
  explicit Client(ClientOptions options) : options_(std::move(options)) {}

  [[nodiscard]] ClientOutput start(Instant now);
  [[nodiscard]] ClientOutput on_connected(const Binding& binding, Instant now);
  [[nodiscard]] ClientOutput on_frame(BytesView bytes, Instant now);
  [[nodiscard]] ClientOutput on_lost(const std::string& why, Instant now);
  [[nodiscard]] ClientOutput on_tick(Instant now);
  /// The node is on this ring now; votes for another one are void from here on.
  [[nodiscard]] ClientOutput report(Report report, Instant now);
  /// The node has withdrawn the vote that the arbiter took back: all members of its ring know.
  [[nodiscard]] ClientOutput vote_withdrawn(Instant now);
  [[nodiscard]] std::optional<Instant> next_deadline() const;

  /// The arbiter has proven itself and answers.
  [[nodiscard]] bool is_alive() const { return state_ == State::up; }
  /// It has given its vote for `ring`, has not taken it back, and was heard of in time.
  [[nodiscard]] bool has_vote(const RingId& ring) const { return good_ && yes_ && yes_->ring == ring; }
  /// It has refused the vote for `ring`.
  [[nodiscard]] bool is_refused(const RingId& ring) const { return no_ && no_->ring == ring; }

 private:
  enum class State { idle, connecting, proving, up };
  void begin(Instant now, ClientOutput& out);
  void end(const std::string& why, Instant now, ClientOutput& out);
  void on_welcome(const Welcome& welcome, Instant now, ClientOutput& out);
  void on_vote(const Vote& vote, ClientOutput& out);
  void send(const Message& message, ClientOutput& out) const;
  void send_report(ClientOutput& out);
  void ping(Instant now, ClientOutput& out);
  void look_at_lease(Instant now, ClientOutput& out);

  ClientOptions options_;
  State state_ = State::idle;
  Instant next_;  ///< idle: connect again; connecting and proving: give up; up: the next ping
  Duration wait_{};
  Hello hello_;
  Binding binding_{};
  Duration lease_{};
  std::optional<Instant> good_until_;  ///< of the vote, whatever becomes of the connection
  bool good_ = false;                  ///< it was not over at the last step
  std::uint64_t pings_ = 0;
  std::vector<std::pair<std::uint64_t, Instant>> unanswered_;
  std::optional<Report> report_;
  std::optional<Vote> yes_, no_;
  std::optional<std::uint64_t> to_acknowledge_;
  std::string last_refusal_;
};

}  // namespace relevo::arbiter
