// The links' inner state, shared by the files of this folder only.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "membership/links/detector.hpp"
#include "membership/links/links.hpp"
#include "membership/links/messages.hpp"
#include "membership/links/note_limit.hpp"
#include "membership/seal/window.hpp"

namespace relevo::links {

/// One of the 1 to 8 ways to a peer.
struct Path {
  explicit Path(const Detector& detector) : hearing(detector), confirmed(detector) {}

  LinkId link;
  Address local, remote;
  bool up = false;
  int good = 0;         ///< round trips proven since the path was last down; 2 close together bring it up
  Instant last_good{};  ///< when the last of them was
  Challenge challenge{};
  std::optional<Instant> challenge_made;  ///< none: the next HELLO makes a fresh one
  Instant next_hello{};
  std::size_t hellos = 0;  ///< sent since the path was last up; they try one usable key after the other
  Instant last_answer{};
  Instant next_heartbeat{};
  std::uint64_t peer_sent_ns = 0;  ///< of the peer's last heartbeat
  Instant peer_sent_at{};          ///< when that came
  std::uint64_t last_echo_ns = 0;  ///< newest of our own heartbeats that the peer has echoed
  Duration latency{};
  Detector hearing;    ///< signs of the peer that reach us
  Detector confirmed;  ///< signs that ours reach the peer
};

/// What was proven of a peer under a fresh challenge.
struct Session {
  Incarnation incarnation;
  seal::SenderKeys keys;
  seal::ReplayWindow window;
  std::uint8_t newest_key = 0;  ///< of the peer's ring, as its last frame says
};

struct Peer {
  NodeId node;
  std::optional<Session> session;
  std::vector<Path> paths;
  bool up = false;
  std::optional<Instant> strange_key_since;  ///< its frames bear a key that this node does not have
};

struct Links::Impl {
  Options options;
  Incarnation incarnation;
  seal::Random* random;
  seal::Sealer sealer;
  std::map<NodeId, Peer> peers;
  std::map<Address, NodeId> known_addresses;  ///< to tell a stranger's packet from a wrong key
  Counters counters;
  seal::DropCounters drops{};
  NoteLimit limit;
  Instant last_step{};
  bool started = false;
  Output out;  ///< of the step that runs

  Impl(Options o, const seal::ClusterKeys& k, Incarnation i, seal::Random& r);

  // links.cpp
  Output finish();
  void notice_stall(Instant now);
  [[nodiscard]] std::optional<Instant> next_deadline() const;
  Path* path_of(NodeId node, LinkId link);
  void emit(const Path& path, Bytes frame);

  // contact.cpp: HELLO, proof, heartbeats out
  void send_hello(Path& path, Instant now, std::uint8_t key_id = 0);
  void send_heartbeat(const Peer& peer, Path& path, Instant now);
  void prove(Peer& peer, Path& path, const seal::Header& header, Instant now);
  void good_round_trip(Peer& peer, Path& path, Instant now);
  void path_down(Peer& peer, Path& path, Instant now);
  void tick_path(Peer& peer, Path& path, Instant now);

  // keys.cpp: which key to seal with, and what to say of keys that open nothing
  [[nodiscard]] const seal::ClusterKeys& keys() const { return sealer.keys(); }
  [[nodiscard]] std::uint8_t key_for(const Session& session) const { return keys().for_holder_of(session.newest_key); }
  [[nodiscard]] std::optional<Bytes> open(Peer& peer, const seal::Header& header, BytesView frame);
  void set_keys(const seal::ClusterKeys& keys);
  void on_unusable_key(Peer& peer, const Address& from, const seal::Header& header, Instant now);

  // on_datagram.cpp
  void on_datagram(LinkId link, const Address& from, BytesView bytes, Instant now);
  void drop(seal::Drop reason) { ++drops[static_cast<std::size_t>(reason)]; }
  void note_unauthentic(const Address& from, Instant now);
  void on_hello(Peer& peer, Path& path, const seal::Header& header, BytesView frame, Instant now);
  void on_answer(Peer& peer, Path& path, const seal::Header& header, BytesView frame, Instant now);
  void on_session_frame(Peer& peer, Path& path, const seal::Header& header, BytesView frame, Instant now);
  void on_heartbeat(Peer& peer, Path& path, const Heartbeat& heartbeat, Instant now);
};

/// Never 0, for 0 stands for "none" on the wire.
[[nodiscard]] inline std::uint64_t clock_ns(Instant now) {
  return static_cast<std::uint64_t>(now.time_since_epoch().count()) + 1;
}

}  // namespace relevo::links
