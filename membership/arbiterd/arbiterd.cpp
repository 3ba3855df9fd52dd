// Connections in, the core's outputs performed. See arbiterd.hpp.
#include "membership/arbiterd/arbiterd.hpp"

#include <algorithm>
#include <set>

#include "common/io/file.hpp"
#include "common/log/log.hpp"

namespace relevo::arbiterd {

/// A connection, and how long it may be a stranger.
struct Arbiter::Peer {
  std::unique_ptr<io::TlsConnection> connection;
  std::unique_ptr<io::Timer> patience;
};

Arbiter::Arbiter(io::Loop& loop, Settings settings)
    : loop_(loop), settings_(std::move(settings)), core_(settings_.lease), timer_(loop) {}

Arbiter::~Arbiter() = default;

Result<std::unique_ptr<Arbiter>> Arbiter::create(io::Loop& loop, Settings settings) {
  std::unique_ptr<Arbiter> made(new Arbiter(loop, std::move(settings)));
  auto* a = made.get();
  const auto& paths = a->settings_.paths;
  if (auto ok = io::make_directories(paths.records(), 0700); !ok) return pass(ok.error());
  if (auto ok = io::make_directories(paths.root.run_dir()); !ok) return pass(ok.error());
  // The local socket first: its lock keeps a second arbiter of the same root from the records.
  auto local = io::UnixServer::listen(loop, paths.socket(), 0600, [a](auto connection) { a->on_local(std::move(connection)); });
  if (!local) return pass(local.error());
  a->local_ = std::move(*local);
  a->reload();
  auto server = io::TlsServer::listen(loop, a->settings_.listen, {.max_frame = arbiter::max_frame_before}, a->settings_.max_connections,
                                      [a](auto connection) { a->on_client(std::move(connection)); });
  if (!server) return pass(server.error());
  a->server_ = std::move(*server);
  a->arm();
  return made;
}

void Arbiter::reload() {
  const auto now = loop_.now();
  const auto names = list_clusters(settings_.paths);
  arbiter::ServerOutput out;
  for (const auto& status : core_.status())
    if (!std::binary_search(names.begin(), names.end(), status.name)) core_.remove_cluster(status.name, now, out);
  for (const auto& name : names) {
    auto files = load_cluster(settings_.paths, name);
    if (!files) {
      log::write(Level::error, files.error().message);
      continue;
    }
    if (!files->readable)
      log::write(Level::error, fmt::format("{}: the record of the last vote cannot be read: no vote until all nodes of the cluster are connected",
                                           settings_.paths.record(name)));
    core_.add_cluster(name, std::move(*files), now);
  }
  perform(std::move(out));
}

void Arbiter::on_client(std::unique_ptr<io::TlsConnection> connection) {
  make_room();
  const auto id = ++last_id_;
  auto* raw = connection.get();
  auto& peer = peers_[id];
  peer = std::make_unique<Peer>();
  peer->connection = std::move(connection);
  peer->patience = std::make_unique<io::Timer>(loop_);
  peer->patience->after(10s, [this, id] {
    if (!core_.is_proven(id)) on_closed(id, "it did not greet in time");
  });
  io::TlsConnection::Handlers handlers;
  handlers.on_ready = [this, id, raw](const io::TlsBinding& binding) { core_.on_connection(id, binding, to_string(raw->peer())); };
  handlers.on_frame = [this, id](BytesView frame) { on_frame(id, frame); };
  handlers.on_closed = [this, id](const std::string& reason) { on_closed(id, reason); };
  raw->start(std::move(handlers));
}

/// Strangers cannot keep the nodes out: of too many the oldest goes.
void Arbiter::make_room() {
  std::size_t strangers = 0;
  arbiter::ConnectionId oldest = 0;
  for (const auto& [id, peer] : peers_) {
    if (core_.is_proven(id)) continue;
    if (++strangers == 1) oldest = id;
  }
  if (strangers >= settings_.max_strangers) on_closed(oldest, "too many connections have not greeted");
}

void Arbiter::on_frame(arbiter::ConnectionId id, BytesView frame) {
  const bool before = core_.is_proven(id);
  // A cluster may have got its token since the start. Only then are the files read again: a stranger who makes up names
  // must not keep the disk busy.
  if (!before) {
    const auto message = arbiter::decode(frame);
    const auto* hello = message ? std::get_if<arbiter::Hello>(&*message) : nullptr;
    if (hello != nullptr && !core_.knows(hello->cluster) && io::file_exists(settings_.paths.token(hello->cluster))) reload();
  }
  auto output = core_.on_frame(id, frame, loop_.now());
  if (const auto peer = peers_.find(id); !before && peer != peers_.end() && core_.is_proven(id)) {
    peer->second->patience->cancel();
    peer->second->connection->allow_frames(arbiter::max_frame);
  }
  perform(std::move(output));
  arm();
}

void Arbiter::on_closed(arbiter::ConnectionId id, const std::string& reason) {
  log::write(Level::debug, fmt::format("connection {}: {}", id, reason));
  drop(id);
  perform(core_.on_closed(id, loop_.now()));
  arm();
}

/// Destroyed on a later turn: a handler of it may be running.
void Arbiter::drop(arbiter::ConnectionId id) {
  const auto it = peers_.find(id);
  if (it == peers_.end()) return;
  std::shared_ptr<Peer> peer(std::move(it->second));
  peers_.erase(it);
  peer->patience->cancel();
  peer->connection->close();
  loop_.post([peer] {});
}

void Arbiter::perform(arbiter::ServerOutput output) {
  log::write(output.notes);
  for (const auto& frame : output.frames)
    if (const auto peer = peers_.find(frame.connection); peer != peers_.end()) peer->second->connection->send(frame.bytes);
  for (const auto& close : output.closes) drop(close.connection);
  for (const auto& what : output.stores) store(what);
}

void Arbiter::store(const arbiter::StoreOut& what) {
  auto result = std::make_shared<Status>();
  loop_.offload([what, result, path = settings_.paths.record(what.cluster)] {
    *result = io::write_file_durably(path, as_text(what.bytes), 0600);
  },
                [this, what, result] {
                  const auto now = loop_.now();
                  perform(*result ? core_.on_stored(what.cluster, what.number, now)
                                  : core_.on_store_failed(what.cluster, result->error().message, now));
                  arm();
                });
}

void Arbiter::arm() {
  const auto due = core_.next_deadline();
  if (!due) return timer_.cancel();
  timer_.at(*due, [this] {
    perform(core_.on_tick(loop_.now()));
    arm();
  });
}

void Arbiter::on_local(std::unique_ptr<io::Connection> connection) {
  const auto id = ++last_id_;
  auto* raw = connection.get();
  locals_[id] = std::move(connection);
  const auto forget = [this, id] { loop_.post([this, id] { locals_.erase(id); }); };
  raw->start(
      [this, raw, forget](const io::Frame& frame) {
        if (frame.type != status_request) return forget();
        raw->send(status_answer, as_bytes(status_json(core_.status())));
      },
      [forget](const std::string&) { forget(); });
}

}  // namespace relevo::arbiterd
