// What the daemon's shell must get right without a cluster: the ring number on disk, which node this host is.
#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "common/base/text.hpp"
#include "common/io/file.hpp"
#include "membership/daemon/local_node.hpp"
#include "membership/daemon/ring_store.hpp"
#include "tests/unit/io/scratch.hpp"

using namespace relevo;
using namespace relevo::membership;

namespace {

const NodeId self(2);

std::uint64_t load(const Scratch& dir, Notes* notes = nullptr) {
  io::Loop loop;
  Notes mine;
  return RingStore(loop, dir.path(), self).load(notes == nullptr ? mine : *notes);
}

void spoil(const std::string& path, const std::string& content) { REQUIRE(io::write_file_durably(path, content, 0600)); }

}  // namespace

TEST_CASE("ring store: what is loaded is never smaller than any number that was stored", "[daemon]") {
  const Scratch dir;
  CHECK(load(dir) == 0);
  io::Loop loop;
  RingStore store(loop, dir.path(), self);
  std::uint64_t writes = 0;
  std::string last;
  for (std::uint64_t seq = 4; seq < 1000; seq += 4) {
    REQUIRE(store.store(seq));
    CHECK(load(dir) >= seq);
    const auto text = io::read_file(dir / "ringid_2").value();
    if (text != last) ++writes;
    last = text;
    run_until(loop, [] { return false; }, 1ms);
  }
  CHECK(writes < 40);  // 249 rings, a write for a block of them
}

TEST_CASE("ring store: a number far ahead, as other nodes may bring it, is durable at once", "[daemon]") {
  const Scratch dir;
  io::Loop loop;
  RingStore store(loop, dir.path(), self);
  REQUIRE(store.store(4));
  REQUIRE(store.store(40));       // the helper thread may reserve the next block now
  REQUIRE(store.store(100'000));  // and must not take this one back
  run_until(loop, [] { return false; }, 20ms);
  CHECK(load(dir) >= 100'000);
}

TEST_CASE("ring store: either copy alone is enough, and a lost one costs a block", "[daemon]") {
  for (const std::string damaged : {"ringid_2", "ringid_2.bak"}) {
    for (const std::string content : {"", "relevo ring number 1\nnode 2\nreserved 1\nchecksum 0000000000000000\n", "\xff\xfe"}) {
      const Scratch dir;
      io::Loop loop;
      REQUIRE(RingStore(loop, dir.path(), self).store(500));
      spoil(dir / damaged, content);
      Notes notes;
      CHECK(load(dir, &notes) >= 500 + ring_block);
      REQUIRE(notes.size() == 1);
      CHECK(notes[0].level == Level::warning);
      CHECK(notes[0].text.find(damaged) != std::string::npos);
    }
  }
}

TEST_CASE("ring store: with both copies damaged it says so twice and claims nothing", "[daemon]") {
  const Scratch dir;
  spoil(dir / "ringid_2", "x");
  spoil(dir / "ringid_2.bak", ring_file_text(NodeId(3), 77));  // of another node
  Notes notes;
  CHECK(load(dir, &notes) == 0);
  CHECK(notes.size() == 2);
}

TEST_CASE("ring store: no cut or changed byte of a file passes for a number", "[daemon]") {
  const auto text = ring_file_text(self, 123456);
  CHECK(parse_ring_file(text, self).value() == 123456);
  for (std::size_t n = 0; n < text.size(); ++n) {
    CHECK_FALSE(parse_ring_file(text.substr(0, n), self));
    auto changed = text;
    changed[n] = static_cast<char>(changed[n] ^ 1);
    CHECK_FALSE(parse_ring_file(changed, self));
  }
  CHECK_FALSE(parse_ring_file(text + "\n", self));
}

TEST_CASE("ring store: a folder that takes no file is an error", "[daemon]") {
  io::Loop loop;
  RingStore store(loop, "/nonexistent/state", self);
  const auto stored = store.store(4);
  REQUIRE_FALSE(stored);
  CHECK(stored.error().message.find("/nonexistent/state/ringid_2") != std::string::npos);
}

namespace {

config::ClusterConfig cluster(const std::vector<std::pair<std::string, std::string>>& nodes) {
  config::ClusterConfig c;
  std::uint32_t id = 0;
  for (const auto& [name, address] : nodes) c.nodes.push_back({NodeId(++id), name, {address}, 1});
  return c;
}

Result<NodeId> find(const config::ClusterConfig& c, const HostFacts& host) {
  return find_local_node(c, resolve_nodes(c).value(), host);
}

}  // namespace

TEST_CASE("local node: the host name decides, whole or short, before any address", "[daemon]") {
  const auto c = cluster({{"alpha", "10.0.0.1"}, {"beta.example.com", "10.0.0.2"}, {"gamma", "10.0.0.3"}});
  const auto address = *parse_ip("10.0.0.3");
  CHECK(find(c, {"beta.example.com", {address}}).value() == NodeId(2));
  CHECK(find(c, {"Alpha.Example.org", {address}}).value() == NodeId(1));
  CHECK(find(c, {"beta", {address}}).value() == NodeId(2));
  CHECK(find(c, {"unknown", {address}}).value() == NodeId(3));
}

TEST_CASE("local node: an address that serves as a name is compared whole", "[daemon]") {
  const auto c = cluster({{"10.0.0.1", "10.0.0.1"}, {"10.0.0.2", "10.0.0.2"}});
  CHECK(find(c, {"host", {*parse_ip("10.0.0.2")}}).value() == NodeId(2));
  CHECK_FALSE(find(c, {"10.9.9.9", {}}));
}

TEST_CASE("local node: when nothing fits, the error says what was looked for", "[daemon]") {
  const auto c = cluster({{"alpha", "10.0.0.1"}, {"beta", "10.0.0.2"}});
  const auto found = find(c, {"omega", {*parse_ip("10.0.0.9")}});
  REQUIRE_FALSE(found);
  CHECK(found.error().message.find("omega") != std::string::npos);
  CHECK(found.error().message.find("alpha, beta") != std::string::npos);
}

TEST_CASE("addresses: names resolve, link n gets port + n, what does not resolve is named", "[daemon]") {
  auto c = cluster({{"alpha", "localhost"}});
  c.nodes[0].addresses.push_back("fd00::7");
  const auto resolved = resolve_nodes(c).value();
  CHECK(resolved.at(NodeId(1))[0].port == 5405);
  CHECK(to_string(resolved.at(NodeId(1))[1]) == "[fd00::7]:5406");
  c.nodes[0].addresses[1] = "no.such.name.invalid";
  const auto missing = resolve_nodes(c);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().message.find("node 1 (alpha): ring1_addr") != std::string::npos);
  CHECK(missing.error().message.find("no.such.name.invalid") != std::string::npos);
}
