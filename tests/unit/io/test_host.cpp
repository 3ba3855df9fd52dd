// What the daemon needs from its host: who may use its socket, files that change, a disk that fails.
#include <unistd.h>

#include <catch2/catch.hpp>

#include <filesystem>

#include "common/io/file.hpp"
#include "membership/daemon/access.hpp"
#include "membership/daemon/reload.hpp"
#include "membership/daemon/ring_store.hpp"
#include "tests/unit/config/files.hpp"
#include "tests/unit/io/scratch.hpp"

using namespace relevo;
using namespace relevo::membership;

namespace {

io::PeerCredentials peer(uid_t user, gid_t group, std::vector<gid_t> more = {}) { return {1, user, group, std::move(more)}; }

io::Root root_in(const Scratch& dir) { return io::find_root(dir.path()); }

void put(const Scratch& dir, const std::string& name, const std::string& text) {
  const std::filesystem::path path = dir / name;
  REQUIRE(io::make_directories(path.parent_path()));
  REQUIRE(io::write_file_durably(path, text, 0644));
}

}  // namespace

TEST_CASE("access: root and the daemon's own user come in, others only when named", "[daemon]") {
  const Scratch dir;
  Notes notes;
  const auto nobody = Access::load({}, root_in(dir), notes);
  CHECK(nobody.refusal(peer(0, 0), 0).empty());
  CHECK(nobody.refusal(peer(::geteuid(), 5), 0).empty());
  CHECK_THAT(nobody.refusal(peer(4001, 4002), 0), Catch::Contains("uidgid"));
  CHECK(nobody.socket_mode() == 0660);
  const auto named = Access::load({{"4001"}, {"4002"}}, root_in(dir), notes);
  CHECK(named.refusal(peer(4001, 9), 0).empty());
  CHECK(named.refusal(peer(9, 4002), 0).empty());
  CHECK(named.refusal(peer(9, 9, {8, 4002}), 0).empty());
  CHECK_FALSE(named.refusal(peer(4002, 4001), 0).empty());
  CHECK(named.socket_mode() == 0666);
  CHECK(notes.empty());
}

TEST_CASE("access: the files of both uidgid.d count, and what is wrong in them grants nothing", "[daemon]") {
  const Scratch dir;
  put(dir, "etc/relevo/uidgid.d/one", "uidgid {\n  uid: 4001\n}\n");
  put(dir, "etc/corosync/uidgid.d/two", "uidgid {\n  gid: 4002\n}\n");
  put(dir, "etc/relevo/uidgid.d/broken", "uidgid {\n  uid: 4003\n");
  put(dir, "etc/relevo/uidgid.d/strange", "uidgid {\n  user: 4004\n  gid: no-such-group\n}\n");
  Notes notes;
  const auto access = Access::load({}, root_in(dir), notes);
  CHECK(access.refusal(peer(4001, 1), 0).empty());
  CHECK(access.refusal(peer(1, 4002), 0).empty());
  CHECK_FALSE(access.refusal(peer(4003, 4004), 0).empty());
  CHECK(notes.size() == 3);
}

TEST_CASE("access: one user has a bounded number of connections, root has not", "[daemon]") {
  const Scratch dir;
  Notes notes;
  const auto access = Access::load({{"4001"}, {}}, root_in(dir), notes);
  CHECK(access.refusal(peer(4001, 1), max_sessions_of_user - 1).empty());
  CHECK_THAT(access.refusal(peer(4001, 1), max_sessions_of_user), Catch::Contains("as many as one user can have"));
  CHECK(access.refusal(peer(0, 0), max_sessions_of_user).empty());
}

TEST_CASE("reload: the file is written once, and what stood there is kept with its mode", "[daemon]") {
  const Scratch dir;
  const auto path = dir / "cluster.conf";
  REQUIRE(io::write_file_durably(path, "one", 0640));
  REQUIRE(write_config(path, "one"));
  CHECK_FALSE(io::file_exists(path + ".bak"));
  REQUIRE(write_config(path, "two"));
  CHECK(io::read_file(path).value() == "two");
  CHECK(io::read_file(path + ".bak").value() == "one");
  CHECK((std::filesystem::status(path).permissions() & std::filesystem::perms::mask) == std::filesystem::perms(0640));
  CHECK_FALSE(write_config(dir / "nowhere/cluster.conf", "x"));
}

TEST_CASE("reload: a proposal is looked at as a start would, and against what runs", "[daemon]") {
  const auto text = [](const char* address) {
    return "totem {\nversion: 2\n}\nnodelist {\nnode {\nnodeid: 1\nname: a\nring0_addr: " + std::string(address) + "\n}\n}\n";
  };
  auto config = config::parse_cluster_config(text("127.0.0.1"), "f");
  REQUIRE(config);
  auto addresses = resolve_nodes(*config);
  REQUIRE(addresses);
  const auto now = std::make_shared<stack::Settings>(stack::Settings{*config, *addresses});
  CHECK(look_at(text("127.0.0.1"), "f", now, NodeId(1)).words.empty());
  CHECK_THAT(look_at(text("203.0.113.9"), "f", now, NodeId(1)).words, Catch::Contains("not an address of this host"));
  CHECK_THAT(look_at("nonsense", "f", now, NodeId(1)).words, Catch::Contains("f: line 1"));
  const auto removed = look_at(text("127.0.0.1"), "f", now, NodeId(2));
  CHECK(removed.words.empty());
}

TEST_CASE("ring store: a disk that fails is survived until the reserved numbers are used up", "[daemon]") {
  const Scratch dir;
  const auto folder = dir / "state";
  REQUIRE(io::make_directories(folder));
  io::Loop loop;
  RingStore store(loop, folder, NodeId(1));
  REQUIRE(store.store(4));
  std::filesystem::remove_all(folder);
  std::uint64_t seq = 8;
  while (seq <= 4 + ring_block) {
    REQUIRE(store.store(seq));
    seq += 4;
  }
  run_until(loop, [&] { return !store.trouble().empty(); }, 5s);
  CHECK_THAT(store.trouble(), Catch::Contains("left"));
  CHECK_FALSE(store.store(seq + ring_block));
  REQUIRE(io::make_directories(folder));
  CHECK(store.store(seq + ring_block));
}
