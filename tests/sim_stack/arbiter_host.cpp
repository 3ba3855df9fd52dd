// Carrying frames between nodes and the arbiter, and keeping its record.
#include "tests/sim_stack/arbiter_host.hpp"

#include <algorithm>

namespace relevo::sim {

arbiter::Token ArbiterHost::token() {
  arbiter::Token token{};
  token.fill(0x5a);
  return token;
}

void ArbiterHost::start() {
  if (server_ != nullptr) return;
  port_.tell("arbiter starts");
  ++start_;
  server_ = std::make_unique<arbiter::Server>(arbiter::default_lease);
  server_->add_cluster("sim", {token(), record_, readable_}, port_.now());
  readable_ = true;
  schedule();
}

void ArbiterHost::crash() {
  if (server_ == nullptr) return;
  port_.tell("arbiter is down");
  server_.reset();
  ++wake_;
  while (!lines_.empty()) drop(lines_.begin()->first, "the arbiter's host is down");
}

Duration ArbiterHost::in_turn(Instant& free) {
  free = std::max(free, port_.now() + Duration{rng_.between(100'000, 2'000'000)});
  return free - port_.now();
}

void ArbiterHost::drop(std::uint32_t node, const std::string& why) {
  auto line = lines_.find(node);
  if (line == lines_.end()) return;
  const auto after = in_turn(line->second.free_down);
  lines_.erase(line);
  port_.later(after, [this, node, why] {
    if (!lines_.contains(node)) port_.lost(node, why);
  });
}

void ArbiterHost::connect(std::uint32_t node) {
  disconnect(node);
  if (server_ == nullptr || is_cut(node)) {
    port_.later(Duration{rng_.between(1'000'000, 50'000'000)}, [this, node] {
      if (!lines_.contains(node)) port_.lost(node, "connection refused");
    });
    return;
  }
  auto& line = lines_[node];
  line.id = ++last_;
  arbiter::Binding binding{};
  for (auto& byte : binding) byte = static_cast<std::uint8_t>(rng_.next());
  port_.later(in_turn(line.free_up), [this, node, id = line.id, binding] {
    const auto here = lines_.find(node);
    if (here == lines_.end() || here->second.id != id || server_ == nullptr) return;
    server_->on_connection(id, binding, "10.0.0.1");
    port_.connected(node, binding);
    schedule();
  });
}

void ArbiterHost::frame(std::uint32_t node, const Bytes& bytes) {
  const auto line = lines_.find(node);
  if (line == lines_.end() || is_cut(node)) return;
  port_.later(in_turn(line->second.free_up), [this, node, id = line->second.id, bytes] {
    const auto here = lines_.find(node);
    if (here == lines_.end() || here->second.id != id || server_ == nullptr || is_cut(node)) return;
    perform(server_->on_frame(id, bytes, port_.now()));
  });
}

void ArbiterHost::disconnect(std::uint32_t node) {
  const auto line = lines_.find(node);
  if (line == lines_.end()) return;
  const auto id = line->second.id;
  lines_.erase(line);
  port_.later(1ms, [this, id] {
    if (server_ != nullptr) perform(server_->on_closed(id, port_.now()));
  });
}

std::optional<std::uint32_t> ArbiterHost::node_of(arbiter::ConnectionId id) const {
  for (const auto& [node, line] : lines_)
    if (line.id == id) return node;
  return std::nullopt;
}

void ArbiterHost::perform(arbiter::ServerOutput output) {
  for (const auto& note : output.notes) port_.tell("arbiter says: " + note.text);
  for (auto& out : output.frames) {
    const auto node = node_of(out.connection);
    if (!node || is_cut(*node)) continue;
    port_.later(in_turn(lines_.at(*node).free_down), [this, node = *node, id = out.connection, bytes = out.bytes] {
      const auto line = lines_.find(node);
      if (line != lines_.end() && line->second.id == id && !is_cut(node)) port_.frame(node, bytes);
    });
  }
  for (const auto& close : output.closes)
    if (const auto node = node_of(close.connection)) drop(*node, close.why);
  for (const auto& store : output.stores)
    port_.later(Duration{rng_.between(500'000, 20'000'000)}, [this, store, start = start_] {
      if (server_ == nullptr || start != start_) return;
      if (disk_full_) return perform(server_->on_store_failed(store.cluster, "no space left", port_.now()));
      record_ = arbiter::decode_record(store.bytes);
      perform(server_->on_stored(store.cluster, store.number, port_.now()));
    });
  schedule();
}

void ArbiterHost::schedule() {
  const auto version = ++wake_;
  const auto due = server_ == nullptr ? std::nullopt : server_->next_deadline();
  if (!due) return;
  port_.later(std::max(Duration{}, *due - port_.now()), [this, version] {
    if (version == wake_ && server_ != nullptr) perform(server_->on_tick(port_.now()));
  });
}

}  // namespace relevo::sim
