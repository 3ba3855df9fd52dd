// The arbiter's core: connections that must prove themselves, one court for each cluster, pings answered. It does no
// I/O: the shell (membership/arbiterd) carries frames, keeps records and knows the tokens.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "membership/arbiter/court.hpp"
#include "membership/arbiter/proof.hpp"

namespace relevo::arbiter {

/// A connection, numbered by the shell, never twice.
using ConnectionId = std::uint64_t;

/// One frame to send on a connection.
struct FrameOut {
  ConnectionId connection = 0;
  Bytes bytes;
};
/// A connection to end once what was sent before has left.
struct CloseOut {
  ConnectionId connection = 0;
  std::string why;
};
/// To make durable; then call Server::on_stored with both.
struct StoreOut {
  std::string cluster;
  std::uint64_t number = 0;
  Bytes bytes;
};
struct ServerOutput {
  std::vector<FrameOut> frames;
  std::vector<CloseOut> closes;
  std::vector<StoreOut> stores;
  Notes notes;
};

/// What the shell knows of a cluster.
struct ClusterFiles {
  Token token{};
  std::optional<Record> record;
  bool readable = true;  ///< false: there is a record, but it cannot be read
};

/// What status shows.
struct NodeStatus {
  NodeId node;
  std::string address;
  bool reported = false;
  Report report;
  Settings settings;
  bool has_vote = false;
};
struct ClusterStatus {
  std::string name;
  std::string state;
  std::optional<Granted> granted;
  std::vector<NodeStatus> nodes;
};

class Server {
 public:
  static constexpr std::size_t max_clusters = 256;

  explicit Server(Duration lease) : lease_(lease) {}

  /// A cluster that may come: its token (a changed one counts for new connections), and what the disk has of its votes.
  void add_cluster(const std::string& name, ClusterFiles files, Instant now);
  void remove_cluster(const std::string& name, Instant now, ServerOutput& out);
  [[nodiscard]] bool knows(const std::string& name) const { return clusters_.count(name) != 0; }

  /// TLS stands; nothing is known of the other end but its address.
  void on_connection(ConnectionId connection, const Binding& binding, std::string address);
  [[nodiscard]] ServerOutput on_frame(ConnectionId connection, BytesView bytes, Instant now);
  [[nodiscard]] ServerOutput on_closed(ConnectionId connection, Instant now);
  [[nodiscard]] ServerOutput on_stored(const std::string& cluster, std::uint64_t number, Instant now);
  /// The disk did not take it: the cluster's nodes are sent away and begin anew, so that nobody waits in vain.
  [[nodiscard]] ServerOutput on_store_failed(const std::string& cluster, const std::string& why, Instant now);
  [[nodiscard]] ServerOutput on_tick(Instant now);
  [[nodiscard]] std::optional<Instant> next_deadline() const;

  /// Whether the node on it has proven itself: until then its frames are short and its time is measured.
  [[nodiscard]] bool is_proven(ConnectionId connection) const;
  [[nodiscard]] std::vector<ClusterStatus> status() const;

 private:
  struct Cluster {
    Token token{};
    Court court;
    std::map<NodeId, ConnectionId> nodes;
  };
  struct Connection {
    Binding binding{};
    std::string address;
    std::string cluster;  ///< empty until proven
    NodeId node;
    Settings settings;
    Instant heard;
  };
  void on_hello(ConnectionId id, Connection& connection, const Hello& hello, Instant now, ServerOutput& out);
  void on_message(ConnectionId id, Connection& connection, Message message, Instant now, ServerOutput& out);
  void drop(ConnectionId id, const std::string& why, Instant now, ServerOutput& out);
  void refuse(ConnectionId id, const std::string& why, ServerOutput& out);
  void forget(ConnectionId id, Instant now, ServerOutput& out);
  void take(const std::string& name, Cluster& cluster, CourtOutput output, ServerOutput& out);

  Duration lease_;
  std::map<std::string, Cluster> clusters_;
  std::map<ConnectionId, Connection> connections_;
};

}  // namespace relevo::arbiter
