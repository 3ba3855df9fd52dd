// UDP sockets on loopback: batches, errors that do not break the socket, unreachable peers.
#include <catch2/catch.hpp>

#include "common/io/udp.hpp"
#include "tests/unit/io/scratch.hpp"

using namespace relevo;

namespace {

/// Binds to the first free port of a range of our own and tells which.
std::unique_ptr<io::UdpSocket> bind_somewhere(io::Loop& loop, const std::string& ip, Address& where) {
  for (unsigned port = 41000; port < 41500; ++port) {
    where = *parse_ip(ip, static_cast<std::uint16_t>(port));
    auto socket = io::UdpSocket::bind(loop, where);
    if (socket) return std::move(*socket);
  }
  return nullptr;
}

}  // namespace

TEST_CASE("udp: packets arrive whole, in order, in batches, with their sender", "[io]") {
  for (const std::string ip : {"127.0.0.1", "::1"}) {
    io::Loop loop;
    Address a, b;
    const auto sender = bind_somewhere(loop, ip, a);
    const auto receiver = bind_somewhere(loop, ip, b);
    REQUIRE(sender);
    REQUIRE(receiver);
    std::vector<std::string> seen;
    std::size_t batches = 0;
    receiver->receive([&](const std::vector<io::Datagram>& batch) {
      ++batches;
      for (const auto& d : batch) {
        CHECK(d.from == a);
        seen.emplace_back(as_text(d.bytes));
      }
    });
    for (int i = 0; i < 200; ++i) sender->send(b, as_bytes(std::to_string(i)));
    sender->send(b, as_bytes(std::string(60'000, 'x')));
    sender->send(b, {});
    REQUIRE(run_until(loop, [&] { return seen.size() == 202; }));
    for (std::size_t i = 0; i < 200; ++i) CHECK(seen[i] == std::to_string(i));
    CHECK(seen[200] == std::string(60'000, 'x'));
    CHECK(seen[201].empty());
    CHECK(batches < 100);
    CHECK(sender->dropped() == 0);
  }
}

TEST_CASE("udp: a peer that is not there is reported, and the socket goes on working", "[io]") {
  io::Loop loop;
  Address a, b, nobody;
  const auto sender = bind_somewhere(loop, "127.0.0.1", a);
  const auto receiver = bind_somewhere(loop, "127.0.0.1", b);
  {
    const auto closed_again = bind_somewhere(loop, "127.0.0.1", nobody);
    REQUIRE(closed_again);
  }
  std::vector<Address> unreachable;
  std::size_t received = 0;
  sender->on_unreachable([&](const Address& peer) { unreachable.push_back(peer); });
  sender->receive([](const auto&) {});
  receiver->receive([&](const std::vector<io::Datagram>& batch) { received += batch.size(); });
  sender->send(nobody, as_bytes("x"));
  sender->send(b, as_bytes("y"));  // must not be lost to the pending error of the packet before
  CHECK(run_until(loop, [&] { return !unreachable.empty() && received == 1; }));
  CHECK(unreachable == std::vector<Address>{nobody});
}

TEST_CASE("udp: batches of any sizes to several receivers arrive whole and in order at each", "[io]") {
  for (const std::string ip : {"127.0.0.1", "::1"}) {
    io::Loop loop;
    Address a, b, c;
    const auto sender = bind_somewhere(loop, ip, a);
    const auto first = bind_somewhere(loop, ip, b);
    const auto second = bind_somewhere(loop, ip, c);
    std::vector<std::string> at_first, at_second;
    first->receive([&](const auto& batch) {
      for (const auto& d : batch) at_first.emplace_back(as_text(d.bytes));
    });
    second->receive([&](const auto& batch) {
      for (const auto& d : batch) at_second.emplace_back(as_text(d.bytes));
    });
    // Runs of equal sizes, more than one message can carry, shorter and longer ones in between, one that is empty.
    std::vector<std::string> sent;
    for (const std::size_t size : {1400UL, 1400UL, 700UL, 1400UL, 0UL, 1UL, 1UL, 9000UL, 9000UL, 9000UL, 60'000UL, 60'000UL, 3UL}) {
      sent.emplace_back(size, static_cast<char>('a' + sent.size() % 26));
    }
    for (std::size_t i = 0; i < 300; ++i) sent.emplace_back(1200, static_cast<char>('a' + i % 26));
    std::vector<io::Outgoing> batch;
    for (const auto& text : sent) {
      batch.push_back({b, as_bytes(text)});
      batch.push_back({c, as_bytes(text)});
    }
    sender->send(batch);
    REQUIRE(run_until(loop, [&] { return at_first.size() == sent.size() && at_second.size() == sent.size(); }));
    CHECK((at_first == sent));
    CHECK((at_second == sent));
    CHECK(sender->dropped() == 0);
  }
}

TEST_CASE("udp: a socket that is held leaves packets to the kernel and gives them afterwards", "[io]") {
  io::Loop loop;
  Address a, b;
  const auto sender = bind_somewhere(loop, "127.0.0.1", a);
  const auto receiver = bind_somewhere(loop, "127.0.0.1", b);
  std::size_t received = 0;
  receiver->receive([&](const auto& batch) { received += batch.size(); });
  receiver->hold(true);
  sender->send(b, as_bytes("x"));
  run_until(loop, [] { return false; }, 20ms);
  CHECK(received == 0);
  receiver->hold(false);
  CHECK(run_until(loop, [&] { return received == 1; }));
}

TEST_CASE("udp: a batch loses only what the kernel does not take", "[io]") {
  io::Loop loop;
  Address a, b;
  const auto sender = bind_somewhere(loop, "127.0.0.1", a);
  const auto receiver = bind_somewhere(loop, "127.0.0.1", b);
  std::vector<std::size_t> sizes;
  receiver->receive([&](const auto& batch) {
    for (const auto& d : batch) sizes.push_back(d.bytes.size());
  });
  const Bytes too_long(70'000), good(1000);
  const std::vector<io::Outgoing> batch = {{b, good}, {b, too_long}, {b, too_long}, {b, good}, {Address{}, good}, {b, good}};
  std::vector<std::size_t> too_large;
  std::size_t refused = 0;
  sender->on_refused([&](const io::Refused& r) {
    ++refused;
    if (r.too_large && r.to == b) too_large.push_back(r.size);
  });
  sender->send(batch);
  CHECK(refused == 0);  // never from inside the call
  REQUIRE(run_until(loop, [&] { return sizes.size() == 3; }));
  CHECK(sender->dropped() == 3);
  CHECK(refused == 3);
  CHECK(too_large == std::vector<std::size_t>{70'000, 70'000});
}

TEST_CASE("udp: a packet the kernel refuses is dropped and counted", "[io]") {
  io::Loop loop;
  Address a;
  const auto sender = bind_somewhere(loop, "127.0.0.1", a);
  sender->send(a, Bytes(70'000));
  CHECK(sender->dropped() == 1);
}

TEST_CASE("udp: an address that is not up yet can be bound, a port in use cannot", "[io]") {
  io::Loop loop;
  CHECK(io::UdpSocket::bind(loop, *parse_ip("192.0.2.77", 41600)).has_value());
  Address a;
  const auto first = bind_somewhere(loop, "127.0.0.1", a);
  const auto second = io::UdpSocket::bind(loop, a);
  REQUIRE_FALSE(second);
  CHECK(second.error().message.find(to_string(a)) != std::string::npos);
}

TEST_CASE("udp: a socket may be destroyed by its own handler", "[io]") {
  io::Loop loop;
  Address a;
  auto socket = bind_somewhere(loop, "127.0.0.1", a);
  int batches = 0;
  socket->receive([&](const auto&) {
    ++batches;
    socket.reset();
  });
  for (int i = 0; i < 100; ++i) socket->send(a, as_bytes("x"));
  run_until(loop, [] { return false; }, 30ms);
  CHECK(batches == 1);
}
