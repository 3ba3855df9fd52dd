// Fuzz target: bytes as frames of strangers and of a proven node to the arbiter, and of an arbiter to a node. Whatever
// comes, nothing crashes, a decoded message encodes to the same bytes, and a stranger gets no vote.
#include <cstdint>
#include <cstdlib>

#include "membership/arbiter/client.hpp"
#include "membership/arbiter/server.hpp"

namespace {

using namespace relevo;
using namespace relevo::arbiter;

constexpr Token token{1};
constexpr Binding binding{2};

Hello hello(std::uint32_t node) {
  Hello h{protocol, "c", NodeId{node}, Incarnation{node}, {}, {}};
  h.proof = prove(token, binding, Side::node, h);
  return h;
}

void feed_server(Reader in) {
  Server server(1s);
  Instant now{};
  ClusterFiles files;
  files.token = token;
  server.add_cluster("c", std::move(files), now);
  server.on_connection(1, binding, "stranger");
  server.on_connection(2, binding, "node 1");
  server.on_connection(3, binding, "node 2");
  (void)server.on_frame(2, encode(hello(1)), now);
  (void)server.on_frame(3, encode(hello(2)), now);
  while (in.ok() && in.left() > 0) {
    const auto head = in.u8();
    now += std::chrono::milliseconds(head * 4);
    const auto bytes = in.raw(std::min<std::size_t>(in.u8(), in.left()));
    const auto out = server.on_frame(1 + head % 3, bytes, now);
    // The stranger can be refused, and nothing else: it has no proof, and no way to make one.
    for (const auto& frame : out.frames)
      if (frame.connection == 1 && !std::holds_alternative<Refused>(*decode(frame.bytes))) std::abort();
    for (const auto& store : out.stores) (void)server.on_stored(store.cluster, store.number, now);
    if (const auto due = server.next_deadline(); due && *due <= now) (void)server.on_tick(now);
    (void)server.status();
  }
}

void feed_client(Reader in) {
  ClientOptions options;
  options.cluster = "c";
  options.node = NodeId{1};
  options.token = token;
  Client client(std::move(options));
  Instant now{};
  (void)client.start(now);
  (void)client.on_connected(binding, now);
  const Report report{{NodeId{1}, 4}, {NodeId{1}}, {NodeId{1}, NodeId{2}}, false, false};
  (void)client.report(report, now);
  while (in.ok() && in.left() > 0) {
    now += std::chrono::milliseconds(in.u8());
    (void)client.on_frame(in.raw(std::min<std::size_t>(in.u8(), in.left())), now);
    if (client.has_vote(report.ring)) std::abort();  // what sent this could not prove itself
    (void)client.on_tick(now);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const BytesView bytes(data, size);
  if (const auto message = decode(bytes); message && !std::holds_alternative<Refused>(*message)) {
    const auto again = encode(*message);
    if (!std::equal(again.begin(), again.end(), bytes.begin(), bytes.end()) && !std::holds_alternative<Welcome>(*message)) std::abort();
  }
  (void)decode_record(bytes);
  feed_server(Reader(bytes));
  feed_client(Reader(bytes));
  return 0;
}
