// Local sockets: frames of every size, broken peers, peers that do not read, stale sockets.
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <catch2/catch.hpp>
#include <cstring>

#include "common/io/fd.hpp"
#include "common/io/file.hpp"
#include "common/io/unix_socket.hpp"
#include "tests/unit/io/scratch.hpp"

using namespace relevo;

namespace {

/// A server that keeps its clients and what they said.
struct Server {
  explicit Server(io::Loop& loop, const std::string& path) {
    auto made = io::UnixServer::listen(loop, path, 0660, [this](std::unique_ptr<io::Connection> c) {
      clients.push_back(std::move(c));
      clients.back()->start([this](const io::Frame& f) { frames.emplace_back(f.type, std::string(as_text(f.payload))); },
                            [this](const std::string& why) { closed.push_back(why); });
    });
    REQUIRE(made);
    server = std::move(*made);
  }
  std::unique_ptr<io::UnixServer> server;
  std::vector<std::unique_ptr<io::Connection>> clients;
  std::vector<std::pair<int, std::string>> frames;
  std::vector<std::string> closed;
};

/// A peer that speaks bytes, not frames.
io::Fd raw_client(const std::string& path) {
  io::Fd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  REQUIRE(connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  return fd;
}

void write_raw(const io::Fd& fd, std::initializer_list<std::uint8_t> bytes) {
  REQUIRE(send(fd.get(), bytes.begin(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size()));
}

}  // namespace

TEST_CASE("unix socket: frames of every size arrive whole and in order, both ways", "[io]") {
  const Scratch dir;
  io::Loop loop;
  Server server(loop, dir / "s");
  auto client = io::connect_unix(loop, dir / "s");
  REQUIRE(client);
  std::vector<std::size_t> answers;
  (*client)->start([&](const io::Frame& f) { answers.push_back(f.payload.size()); }, [](const std::string&) {});
  const std::vector<std::size_t> sizes = {0, 1, 65529, 65530, 65531, 65536, 1U << 20, 5U << 20, 3, 200'000};
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    (*client)->send(static_cast<std::uint16_t>(i + 1000), as_bytes(std::string(sizes[i], static_cast<char>('a' + i))));
  }
  REQUIRE(run_until(loop, [&] { return server.frames.size() == sizes.size(); }));
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    CHECK(server.frames[i].first == static_cast<int>(i + 1000));
    CHECK((server.frames[i].second == std::string(sizes[i], static_cast<char>('a' + i))));
  }
  for (const auto size : sizes) server.clients[0]->send(7, Bytes(size));
  CHECK(run_until(loop, [&] { return answers == sizes; }));
  CHECK(server.clients[0]->queued() == 0);
  CHECK(server.clients[0]->peer().pid == getpid());
  CHECK(server.clients[0]->peer().uid == getuid());
}

TEST_CASE("unix socket: many small frames written in odd pieces are put together", "[io]") {
  const Scratch dir;
  io::Loop loop;
  Server server(loop, dir / "s");
  const auto fd = raw_client(dir / "s");
  write_raw(fd, {2, 0, 0});
  run_until(loop, [] { return false; }, 5ms);
  write_raw(fd, {0, 9, 1, 'h'});
  run_until(loop, [] { return false; }, 5ms);
  write_raw(fd, {'i', 0, 0, 0, 0, 5, 0});
  REQUIRE(run_until(loop, [&] { return server.frames.size() == 2; }));
  CHECK(server.frames[0] == std::pair<int, std::string>(0x109, "hi"));
  CHECK(server.frames[1] == std::pair<int, std::string>(5, ""));
}

TEST_CASE("unix socket: a frame that claims too much ends the connection with a reason", "[io]") {
  const Scratch dir;
  io::Loop loop;
  Server server(loop, dir / "s");
  const auto fd = raw_client(dir / "s");
  write_raw(fd, {1, 0, 0, 4, 0, 0, 'x'});  // 64 MiB + 1
  REQUIRE(run_until(loop, [&] { return !server.closed.empty(); }));
  CHECK(server.closed[0].find("67108865 bytes") != std::string::npos);
  CHECK(server.frames.empty());
}

TEST_CASE("unix socket: the other side's end is told once, also in the middle of a frame", "[io]") {
  const Scratch dir;
  io::Loop loop;
  Server server(loop, dir / "s");
  {
    const auto whole = raw_client(dir / "s");
    const auto part = raw_client(dir / "s");
    write_raw(part, {9, 0, 0, 0, 1, 0, 'x'});
    REQUIRE(run_until(loop, [&] { return server.clients.size() == 2; }));
  }
  REQUIRE(run_until(loop, [&] { return server.closed.size() == 2; }));
  std::sort(server.closed.begin(), server.closed.end());
  CHECK(server.closed == std::vector<std::string>{"closed by the other side", "closed in the middle of a frame"});
  server.clients[0]->send(1, {});  // harmless
  run_until(loop, [] { return false; }, 5ms);
  CHECK(server.closed.size() == 2);
}

TEST_CASE("unix socket: a peer that does not read is cut off instead of queued for without bound", "[io]") {
  const Scratch dir;
  io::Loop loop;
  Server server(loop, dir / "s");
  const auto fd = raw_client(dir / "s");
  REQUIRE(run_until(loop, [&] { return server.clients.size() == 1; }));
  const Bytes frame(16U << 20);
  for (int i = 0; i < 9; ++i) {
    server.clients[0]->send(1, frame);
    CHECK(server.clients[0]->queued() <= io::max_queued);
    CHECK(server.closed.empty());  // never from inside send()
  }
  REQUIRE(run_until(loop, [&] { return !server.closed.empty(); }));
  CHECK(server.closed[0].find("does not read") != std::string::npos);
  CHECK(server.clients[0]->queued() == 0);
}

TEST_CASE("unix socket: while reading is paused the sender's queue grows, afterwards all arrives in order", "[io]") {
  const Scratch dir;
  io::Loop loop;
  Server server(loop, dir / "s");
  auto client = io::connect_unix(loop, dir / "s");
  REQUIRE(client);
  (*client)->start([](const io::Frame&) {}, [](const std::string&) {});
  REQUIRE(run_until(loop, [&] { return server.clients.size() == 1; }));
  server.clients[0]->pause_reading(true);
  for (int i = 0; i < 40; ++i) (*client)->send(static_cast<std::uint16_t>(i), Bytes(100'000));
  run_until(loop, [] { return false; }, 20ms);
  CHECK((*client)->queued() > 1'000'000);
  const auto before = server.frames.size();  // the wait that was under way when the pause came
  run_until(loop, [] { return false; }, 20ms);
  CHECK(server.frames.size() == before);
  server.clients[0]->pause_reading(false);
  REQUIRE(run_until(loop, [&] { return server.frames.size() == 40; }));
  for (int i = 0; i < 40; ++i) CHECK(server.frames[static_cast<std::size_t>(i)].first == i);
  CHECK((*client)->queued() == 0);
}

TEST_CASE("unix socket: close sends what is queued first and calls nobody", "[io]") {
  const Scratch dir;
  io::Loop loop;
  Server server(loop, dir / "s");
  auto client = io::connect_unix(loop, dir / "s");
  REQUIRE(client);
  bool told = false;
  (*client)->start([](const io::Frame&) {}, [&](const std::string&) { told = true; });
  (*client)->send(1, Bytes(4U << 20, 'z'));
  (*client)->close();
  client->reset();
  REQUIRE(run_until(loop, [&] { return server.closed.size() == 1; }));
  REQUIRE(server.frames.size() == 1);
  CHECK(server.frames[0].second.size() == 4U << 20);
  CHECK(server.closed[0] == "closed by the other side");
  CHECK_FALSE(told);
}

TEST_CASE("unix socket: handlers may destroy the connection", "[io]") {
  const Scratch dir;
  io::Loop loop;
  std::unique_ptr<io::Connection> connection;
  int frames = 0;
  const auto server = io::UnixServer::listen(loop, dir / "s", 0660, [&](std::unique_ptr<io::Connection> c) {
    connection = std::move(c);
    connection->start(
        [&](const io::Frame&) {
          ++frames;
          connection.reset();
        },
        [&](const std::string&) { frames += 100; });
  });
  auto client = io::connect_unix(loop, dir / "s");
  REQUIRE(client);
  std::string reason;
  (*client)->start([](const io::Frame&) {},
                   [&](const std::string& why) {
                     reason = why;
                     client->reset();
                   });
  (*client)->send(1, {});
  (*client)->send(2, {});
  REQUIRE(run_until(loop, [&] { return !reason.empty(); }));
  CHECK(frames == 1);
}

TEST_CASE("unix socket: a stale socket is replaced, a live one is an error, the mode is as asked", "[io]") {
  const Scratch dir;
  io::Loop loop;
  {
    io::Fd stale(socket(AF_UNIX, SOCK_STREAM, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, (dir / "s").c_str(), sizeof address.sun_path - 1);
    REQUIRE(bind(stale.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  }
  REQUIRE(io::file_exists(dir / "s"));
  const auto nobody = io::connect_unix(loop, dir / "s");
  REQUIRE_FALSE(nobody);
  CHECK(nobody.error().kind == ErrorKind::not_connected);
  CHECK(nobody.error().message.find(dir / "s") != std::string::npos);
  {
    const Server server(loop, dir / "s");
    struct stat status {};
    REQUIRE(stat((dir / "s").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0660);
    const auto second = io::UnixServer::listen(loop, dir / "s", 0660, [](auto) {});
    REQUIRE_FALSE(second);
    CHECK(second.error().kind == ErrorKind::exists);
    CHECK(io::connect_unix(loop, dir / "s").has_value());
  }
  CHECK_FALSE(io::file_exists(dir / "s"));
}

TEST_CASE("unix socket: a path longer than the kernel's 107 bytes works", "[io]") {
  const Scratch dir;
  io::Loop loop;
  const std::string folder = dir / std::string(120, 'd');
  REQUIRE(io::make_directories(folder));
  Server server(loop, folder + "/s");
  const auto client = io::connect_unix(loop, folder + "/s");
  REQUIRE(client);
  (*client)->start([](const io::Frame&) {}, [](const std::string&) {});
  (*client)->send(3, as_bytes("hello"));
  CHECK(run_until(loop, [&] { return server.frames.size() == 1; }));
}
