// A toy ring for the rotation's tests: one total order for those who are connected, disks that can fail, nodes that
// die after any number of steps. Not the simulator.
#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "membership/keys/rotation.hpp"
#include "membership/seal/keys.hpp"
#include "tests/support/secrets.hpp"

namespace relevo::test {

inline seal::Keyring ring_of(std::uint8_t id = 10) {
  seal::Keyring ring;
  ring.entries.push_back(seal::make_entry(id, seal::KeyState::active, 1000, secret_of(id)));
  return ring;
}

/// What a node's frames can be opened with and are sealed with, as text: "10 11*" (* = active, - = retired).
inline std::string text_of(const seal::Keyring& ring) {
  std::string out;
  for (const auto& e : ring.entries)
    out += fmt::format("{}{}{}", out.empty() ? "" : " ", e.id, e.state == seal::KeyState::active ? "*" : e.state == seal::KeyState::retire ? "-" : "");
  return out;
}

class Bus {
 public:
  explicit Bus(std::uint32_t count, seal::Keyring ring = ring_of()) {
    for (std::uint32_t n = 1; n <= count; ++n) {
      all_.insert(NodeId{n});
      files[n] = seal::keyring_text(ring);
    }
    for (std::uint32_t n = 1; n <= count; ++n) boot(n);
  }

  struct Node {
    std::unique_ptr<SeededRandom> random;
    std::unique_ptr<keys::Rotation> rotation;
    std::optional<seal::ClusterKeys> links;  ///< what frames are sealed and opened with
    std::deque<keys::Store> writes;
    RingId ring;
  };

  void boot(std::uint32_t n) {
    auto read = seal::read_key_file(files[n].view(), "key");
    if (!read) {
      broken_files.push_back(read.error().message);
      return;
    }
    auto& node = nodes[n];
    node.random = std::make_unique<SeededRandom>(++boots_ * 77 + n);
    node.rotation = std::make_unique<keys::Rotation>(keys::Options{NodeId{n}, all_, 60s}, *read, *node.random);
    node.links.emplace(*read, "c");
    node.writes.clear();
  }
  void kill(std::uint32_t n) { nodes.erase(n); }

  /// These nodes form a ring. What was under way on their old ones is lost.
  void form(const std::set<std::uint32_t>& members, bool quorate = true) {
    const RingId ring{NodeId{*members.begin()}, ++rings_};
    std::set<NodeId> ids;
    for (auto n : members) ids.insert(NodeId{n});
    std::erase_if(order_, [&](const auto& m) { return members.count(m.from) != 0; });
    for (auto n : members) {
      nodes.at(n).ring = ring;
      perform(n, nodes.at(n).rotation->synced(ring, ids, quorate));
    }
  }

  void rotate(std::uint32_t n, bool force = false) { perform(n, nodes.at(n).rotation->rotate({++requests, force, wall})); }
  void retire(std::uint32_t n, std::uint8_t id, bool force = false) { perform(n, nodes.at(n).rotation->retire({++requests, id, force})); }

  /// The next thing happens: a write ends or a message is delivered to all. False when nothing is left to happen.
  bool step() {
    for (auto& [n, node] : nodes) {
      if (node.writes.empty() || slow_disks.count(n) != 0) continue;
      const auto write = node.writes.front();
      node.writes.pop_front();
      const bool works = bad_disks.count(n) == 0;
      if (works) files[n] = write.content;
      ++writes;
      perform(n, node.rotation->stored(write.ticket, works ? ::relevo::Status{} : ::relevo::Status(fail("no space left on device")), now));
      return true;
    }
    if (order_.empty()) return false;
    const auto m = order_.front();
    order_.pop_front();
    for (std::uint32_t n = 1; n <= all_.size(); ++n) {
      if (nodes.count(n) == 0 || nodes.at(n).ring != m.ring) continue;
      perform(n, nodes.at(n).rotation->control(NodeId{m.from}, m.payload, now));
    }
    return true;
  }
  int run(int most = 10000) {
    int steps = 0;
    while (steps < most && step()) ++steps;
    return steps;
  }
  /// These form a ring and do all that is to do in it.
  void meet(const std::set<std::uint32_t>& members, bool quorate = true) {
    form(members, quorate);
    run();
  }
  void pass(Duration time) {
    now += time;
    for (auto& [n, node] : nodes)
      if (node.rotation->next_deadline()) perform(n, node.rotation->tick(now));
  }

  std::string text(std::uint32_t n) { return text_of(nodes.at(n).rotation->ring()); }
  std::string file(std::uint32_t n) { return text_of(*seal::read_key_file(files[n].view(), "key")); }
  /// Whether a frame that `from` seals for `to` opens there: with the key the links would choose.
  bool hears(std::uint32_t from, std::uint32_t to) {
    const auto &a = *nodes.at(from).links, &b = *nodes.at(to).links;
    return b.find(a.for_holder_of(b.tags()).tag()) != nullptr;
  }
  bool all_hear() {
    for (const auto& [a, x] : nodes)
      for (const auto& [b, y] : nodes)
        if (!hears(a, b)) return false;
    return true;
  }
  bool said(const std::string& words) const {
    for (const auto& [n, note] : notes)
      if (note.find(words) != std::string::npos) return true;
    return false;
  }

  std::map<std::uint32_t, Node> nodes;
  std::map<std::uint32_t, seal::Secret> files;
  std::set<std::uint32_t> bad_disks;
  std::set<std::uint32_t> slow_disks;  ///< their writes do not end
  std::vector<std::string> broken_files;
  std::vector<std::pair<std::uint64_t, Result<std::string>>> answers;
  std::vector<std::pair<std::uint32_t, std::string>> notes;
  std::vector<Bytes> tape;  ///< every payload that was ever multicast
  Instant now{1s};
  std::int64_t wall = 2000;
  std::uint64_t requests = 0, writes = 0;

 private:
  void perform(std::uint32_t n, keys::Output out) {
    auto& node = nodes.at(n);
    if (out.use) node.links.emplace(*out.use, "c");
    for (auto& s : out.stores) node.writes.push_back(s);
    for (auto& c : out.controls) {
      tape.push_back(c);
      order_.push_back({n, node.ring, c});
    }
    for (auto& a : out.answers) answers.emplace_back(a.request, std::move(a.result));
    for (auto& x : out.notes) notes.emplace_back(n, x.text);
  }
  struct Sent {
    std::uint32_t from;
    RingId ring;
    Bytes payload;
  };
  std::set<NodeId> all_;
  std::deque<Sent> order_;
  std::uint64_t rings_ = 0, boots_ = 0;
};

}  // namespace relevo::test
