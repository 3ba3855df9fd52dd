// The links' inner state, shared by the files of this folder only.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <vector>

#include "membership/links/budget.hpp"
#include "membership/links/damping.hpp"
#include "membership/links/detector.hpp"
#include "membership/links/links.hpp"
#include "membership/links/messages.hpp"
#include "membership/links/meter.hpp"
#include "membership/links/mtu_search.hpp"
#include "membership/links/note_limit.hpp"
#include "membership/links/reassembly.hpp"
#include "membership/seal/window.hpp"

namespace relevo::links {

/// In a frame's header: sealed for no link in particular, because copies go over several (active mode).
constexpr LinkId any_link{0xff};
/// An unanswered challenge is kept so long, so that answers slower than the HELLO pace still count.
constexpr Duration challenge_life = 2s;

/// When heartbeats cross, every second one may echo nothing new: an echo has an interval to spare.
[[nodiscard]] inline Pace echo_pace(const Pace& pace) {
  return {pace.interval, pace.floor + pace.interval, pace.ceiling + pace.interval};
}

/// One of the 1 to 8 ways to a peer. Up: signs pass both ways. Usable: up, and any probation served.
struct Path {
  Path(LinkId l, const Address& here, const Address& there, const Pace& p, const MtuSearch::Limits& limits)
      : link(l), local(here), remote(there), pace(p), hearing(p), confirmed(echo_pace(p)), mtu(limits) {}

  LinkId link;
  Address local, remote;
  Pace pace;
  std::uint8_t priority = 1;
  bool up = false;
  bool usable = false;
  bool shaky = false;  ///< signs are overdue or the kernel would not send: traffic goes elsewhere if it can
  std::uint64_t shaky_ns = 0;  ///< since when; over when the peer has echoed a later heartbeat
  bool carries = false;  ///< is among the peer's routes now
  int good = 0;         ///< round trips proven since the path was last down; 2 close together bring it up
  Instant last_good{};  ///< when the last of them was
  Challenge challenge{};
  std::optional<Instant> challenge_made;  ///< none: the next HELLO makes a fresh one
  Instant next_hello{};
  std::size_t hellos = 0;  ///< sent since the path was last up; they try one usable key after the other
  Instant last_answer{};
  Instant next_heartbeat{};
  bool pressing = false;           ///< in doubt: heartbeats go at four times the pace
  Instant regular_due{};           ///< a heartbeat before that is out of turn
  std::uint32_t heartbeats = 0;    ///< sent in this session
  std::uint64_t peer_sent_ns = 0;  ///< of the peer's last heartbeat
  Instant peer_sent_at{};          ///< when that came
  std::uint64_t last_echo_ns = 0;  ///< newest of our own heartbeats that the peer has echoed
  Detector hearing;    ///< signs of the peer that reach us
  Detector confirmed;  ///< signs that ours reach the peer
  Damping damping;
  Duration peer_probation{};  ///< as the peer's last answer says
  std::optional<Instant> usable_at;  ///< end of a probation that runs
  MtuSearch mtu;
  Meter meter;
  Budget strangers{100, 50};            ///< frames a second of starts that are not proven (HELLO, answer)
  Budget refusals{64 << 20, 16 << 20};  ///< bytes a second whose tag was wrong, 600 more for each frame
};

/// What was proven of a peer under a fresh challenge.
struct Session {
  Session(NodeId node, Incarnation i, std::uint64_t base) : incarnation(i), keys(node, i) {
    windows.fill(seal::ReplayWindow(base));
  }
  /// One window a link, because a slow link must not look old beside a fast one; the last is for frames of any link.
  [[nodiscard]] seal::ReplayWindow& window(LinkId link) { return windows[link == any_link ? max_links : link.value]; }

  Incarnation incarnation;
  seal::SenderKeys keys;
  std::array<seal::ReplayWindow, max_links + 1> windows;
  std::vector<seal::KeyTag> theirs;  ///< what opens frames at the peer, as its last list says and its frames since show
  std::uint8_t newest_key = 0;       ///< of the peer's ring, as its last frame says
};

struct Peer {
  NodeId node;
  std::optional<Session> session;
  std::vector<Path> paths;  ///< by link number, those that exist
  bool up = false;
  bool lost_route = false;    ///< a path that carried is down or gone, and the ring was not told yet
  std::vector<Path*> routes;  ///< paths that carry its traffic now, in the mode's order
  std::optional<Instant> strange_key_since;  ///< its frames bear a key that this node does not have
};

/// The body of an authentic frame, and the key that opened it.
struct Opened {
  Bytes body;
  seal::KeyTag key;
};

/// Where frames for several peers go over one link: one frame, one key, many addresses.
struct Route {
  LinkId link;
  seal::KeyTag key;
  std::size_t mtu = 0;  ///< the smallest of the paths
  std::vector<Path*> paths;
  std::vector<Address> to;
};

struct Links::Impl {
  Options options;
  Incarnation incarnation;
  seal::Random* random;
  seal::Sealer sealer;
  std::map<NodeId, Peer> peers;
  std::vector<std::vector<Route>> routes_all;  ///< one set; in round-robin mode one for each turn
  std::uint32_t turn_to_one = 0, turn_to_all = 0;  ///< round-robin, each in its own circle
  bool routes_stale = true;
  std::size_t room = 0;
  Reassembly reassembly;
  std::uint64_t last_body = 0;  ///< number of the last body that was sent in parts
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
  /// The path on `link` to that address (of any port if it has none), and its peer; nulls when there is none.
  std::pair<Peer*, Path*> path_to(LinkId link, const Address& remote);
  void emit(Path& path, Bytes frame);
  void tick(Instant now);

  // reconfigure.cpp
  void reconfigure(Options fresh, Instant now);
  void fit_paths(Peer& peer, Instant now);
  [[nodiscard]] Pace pace_of(LinkId link) const;
  [[nodiscard]] MtuSearch::Limits mtu_limits(const Address& remote) const;

  // contact.cpp: HELLO, proof, up and down
  void send_hello(Path& path, Instant now, std::optional<seal::KeyTag> key = std::nullopt);
  void prove(Peer& peer, Path& path, const seal::Header& header, std::vector<seal::KeyTag> theirs, seal::KeyTag shown, Instant now);
  void good_round_trip(Peer& peer, Path& path, Instant now);
  void open_path(Peer& peer, Path& path);
  void path_down(Peer& peer, Path& path, Instant now, bool damped);

  // heartbeat.cpp: signs of life and the verdict of silence
  void send_heartbeat(Peer& peer, Path& path, Instant now, bool wants_echo = false);
  void fall_into_step(Instant now);
  void on_heartbeat(Peer& peer, Path& path, const Heartbeat& heartbeat, Instant now);
  void tick_path(Peer& peer, Path& path, Instant now);
  void set_shaky(Path& path, bool shaky);

  // probes.cpp: path MTU
  void probe(Peer& peer, Path& path, Instant now);
  void on_probe(Peer& peer, Path& path, const Probe& probe, std::size_t frame_size, Instant now);
  void note_mtu(const Peer& peer, Path& path, std::size_t before);

  // routes.cpp: which paths carry
  void refresh_routes();
  void choose(Peer& peer) const;
  void group_routes();

  // carry.cpp: ring traffic out
  std::vector<Send> send_to(NodeId to, BytesView body);
  std::vector<Send> send_all(BytesView body);
  std::vector<Bytes> frames(bool pairwise, LinkId link, Incarnation receiver, BytesView body, std::size_t mtu, seal::KeyTag key);

  // keys.cpp: which key to seal with, and what to say of keys that open nothing
  [[nodiscard]] const seal::ClusterKeys& keys() const { return sealer.keys(); }
  [[nodiscard]] seal::KeyTag key_for(const Session& session) const { return keys().for_holder_of(session.theirs).tag(); }
  [[nodiscard]] std::optional<Opened> open(Peer& peer, const seal::Header& header, BytesView frame) const;
  void learn_keys(Session& session, const seal::Header& header, std::vector<seal::KeyTag> list, seal::KeyTag shown);
  void guess_newest(Session& session, std::uint8_t newest_key);
  void set_keys(const seal::ClusterKeys& keys);
  void on_unusable_key(Peer& peer, const Address& from, const seal::Header& header, Instant now);

  // on_datagram.cpp
  void on_datagram(LinkId link, const Address& from, BytesView bytes, Instant now);
  void drop(seal::Drop reason) { ++drops[static_cast<std::size_t>(reason)]; }
  void on_bad_tag(Path& path, std::size_t size, Instant now);
  void on_hello(Peer& peer, Path& path, const seal::Header& header, BytesView frame, Instant now);
  void on_answer(Peer& peer, Path& path, const seal::Header& header, BytesView frame, Instant now);
  void on_session_frame(Peer& peer, Path& path, const seal::Header& header, BytesView frame, Instant now);
  void on_ring_traffic(Peer& peer, Path& path, const seal::Header& header, Bytes body, Instant now);
};

/// The same place whatever this host calls its interfaces: the scope of a link-local address is its own business.
[[nodiscard]] inline Address without_scope(Address address) {
  address.scope = 0;
  return address;
}

/// Never 0, for 0 stands for "none" on the wire.
[[nodiscard]] inline std::uint64_t clock_ns(Instant now) {
  return static_cast<std::uint64_t>(now.time_since_epoch().count()) + 1;
}

/// Since when signs are missing: of the peer, or of its echoes, which have an interval to spare (see echo_pace).
[[nodiscard]] inline Instant last_sign(const Path& path) {
  return std::min(path.hearing.last(), path.confirmed.last() + path.pace.interval);
}
/// A heartbeat is missing: the path is asked at four times the pace, so that a verdict never rests on few lost packets.
[[nodiscard]] inline Instant doubt_at(const Path& path) { return last_sign(path) + path.pace.interval * 3 / 2; }
/// Traffic leaves before the verdict, also where a time-out is hardly longer than two and a half heartbeats.
[[nodiscard]] inline Instant shaky_at(const Path& path) {
  return last_sign(path) + std::min(path.pace.interval * 5 / 2, path.hearing.timeout() * 3 / 4);
}

/// How long the answer to a probe or a HELLO may take on this path.
[[nodiscard]] inline Duration patience(const Path& path) {
  return std::clamp<Duration>(path.meter.latency.smooth() * 4, 40ms, 2s);
}

}  // namespace relevo::links
