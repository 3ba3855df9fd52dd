// The local programs' side of the daemon, with a core made of a function: order, holding back, bad frames, answers.
#include <catch2/catch.hpp>
#include <optional>

#include "membership/daemon/sessions.hpp"
#include "tests/unit/io/scratch.hpp"

using namespace relevo;
using namespace relevo::membership;

namespace {

/// A core that records what it is asked and takes at most `room` multicasts.
struct Fixture {
  Scratch dir;
  io::Loop loop;
  std::unique_ptr<Sessions> sessions;
  std::vector<std::string> asked;
  std::size_t room = 1'000'000;
  bool ring = true;

  Fixture() {
    SessionHooks hooks;
    hooks.step = [this](const stack::Input& input) { step(input); };
    hooks.has_ring = [this] { return ring; };
    hooks.report = [](const std::string& what) -> Result<std::string> {
      if (what == "status") return "{}";
      return fail(ErrorKind::invalid, "no {}", what);
    };
    hooks.control = [](const std::string&, const membership::Reply& reply) { reply(std::string()); };
    Welcome welcome{NodeId(2), 0, "c", {{NodeId(2), "two", {"10.0.0.2"}, 1}}};
    sessions = std::make_unique<Sessions>(welcome, std::move(hooks));
    REQUIRE(sessions->listen(loop, dir / "s"));
  }

  void step(const stack::Input& input) {
    if (const auto* c = std::get_if<stack::ClientConnected>(&input)) asked.push_back(fmt::format("connected {}", c->client));
    if (const auto* c = std::get_if<stack::ClientGone>(&input)) asked.push_back(fmt::format("gone {}", c->client));
    if (const auto* c = std::get_if<stack::ClientJoin>(&input)) asked.push_back("join " + c->group);
    if (const auto* m = std::get_if<stack::ClientMulticast>(&input)) {
      if (room == 0) {
        stack::Rejected no{m->group, m->tag, Error{"full", ErrorKind::try_again}};
        return sessions->deliver({false, {m->client}, no});
      }
      --room;
      asked.emplace_back(as_text(m->payload));
    }
  }

  std::unique_ptr<Client> client(Handlers handlers = {}) {
    auto made = Client::connect(loop, dir / "s", std::move(handlers));
    REQUIRE(made);
    return std::move(*made);
  }
  bool until(const std::function<bool()>& done) { return run_until(loop, done); }
  void turn() { run_until(loop, [] { return false; }, 20ms); }
};

}  // namespace

TEST_CASE("sessions: a program is welcomed with a number of its own before it gets any event", "[daemon]") {
  Fixture f;
  std::vector<std::string> seen;
  Handlers h;
  h.on_welcome = [&](const Welcome& w) { seen.push_back(fmt::format("{} {} {}", w.local, w.client, w.nodes[0].name)); };
  h.on_configuration = [&](const Configuration& c) { seen.push_back(fmt::format("ring {}", c.ring)); };
  const auto a = f.client(h);
  const auto b = f.client(h);
  REQUIRE(f.until([&] { return seen.size() == 2; }));
  f.sessions->deliver({true, {}, Configuration{Configuration::Kind::regular, {NodeId(1), 16}, {NodeId(1)}}});
  f.sessions->deliver({false, {2}, Configuration{Configuration::Kind::regular, {NodeId(1), 20}, {NodeId(1)}}});
  REQUIRE(f.until([&] { return seen.size() == 5; }));
  CHECK(seen[0] == "2 1 two");
  CHECK(seen[1] == "2 2 two");
  CHECK(seen[4] == "ring 1.14");
}

TEST_CASE("sessions: what the ring cannot take waits in order, later requests behind it, and nothing is lost", "[daemon]") {
  Fixture f;
  const auto client = f.client();
  f.room = 3;
  for (int i = 0; i < 8; ++i) REQUIRE(client->multicast("g", groups::Guarantee::agreed, as_bytes(std::to_string(i))));
  client->join("later");
  f.turn();
  const std::vector<std::string> first{"connected 1", "0", "1", "2"};
  CHECK(f.asked == first);
  f.sessions->retry();
  CHECK(f.asked == first);
  f.room = 2;
  f.sessions->retry();
  CHECK(f.asked.size() == 6);
  f.room = 100;
  f.sessions->retry();
  CHECK(f.asked == std::vector<std::string>{"connected 1", "0", "1", "2", "3", "4", "5", "6", "7", "join later"});
}

TEST_CASE("sessions: a program that sends more than the ring takes is told to try again, and then all arrives", "[daemon]") {
  Fixture f;
  const auto client = f.client();
  f.room = 0;
  std::size_t taken = 0;
  const Bytes payload(100'000, 'x');
  for (int round = 0; round < 200; ++round) {
    if (!client->multicast("g", groups::Guarantee::agreed, payload)) break;
    ++taken;
    run_until(f.loop, [] { return false; }, 1ms);
  }
  REQUIRE(taken < 200);
  const auto refused = client->multicast("g", groups::Guarantee::agreed, payload);
  CHECK(refused.error().kind == ErrorKind::try_again);
  f.room = 1000;
  REQUIRE(f.until([&] {
    f.sessions->retry();
    return f.asked.size() == taken + 1;
  }));
  CHECK(client->multicast("g", groups::Guarantee::agreed, payload));
}

TEST_CASE("sessions: a refusal that is final reaches the program", "[daemon]") {
  Fixture f;
  std::string why;
  Handlers h;
  h.on_rejected = [&](const std::string& group, const Error& e) { why = group + ": " + e.message; };
  const auto client = f.client(h);
  REQUIRE(f.until([&] { return f.asked.size() == 1; }));
  f.sessions->deliver({false, {1}, stack::Rejected{"g", 1, Error{"not in the group", ErrorKind::not_found}}});
  CHECK(f.until([&] { return why == "g: not in the group"; }));
}

TEST_CASE("sessions: a ping is answered only while the node has a ring", "[daemon]") {
  Fixture f;
  f.ring = false;
  const auto client = f.client();
  int pongs = 0;
  client->ping([&] { ++pongs; });
  f.turn();
  f.sessions->retry();
  f.turn();
  CHECK(pongs == 0);
  f.ring = true;
  f.sessions->retry();
  CHECK(f.until([&] { return pongs == 1; }));
}

TEST_CASE("sessions: reports and commands are answered, also with an error, also when the daemon goes away", "[daemon]") {
  Fixture f;
  std::vector<std::string> answers;
  std::string lost;
  Handlers h;
  h.on_lost = [&](const std::string& reason) { lost = reason; };
  const auto client = f.client(h);
  const auto keep = [&](const Result<std::string>& r) { answers.push_back(r ? *r : r.error().message); };
  client->report("status", keep);
  client->report("nonsense", keep);
  REQUIRE(f.until([&] { return answers.size() == 2; }));
  CHECK(answers == std::vector<std::string>{"{}", "no nonsense"});
  client->report("status", keep);
  f.sessions.reset();
  REQUIRE(f.until([&] { return !lost.empty(); }));
  REQUIRE(answers.size() == 3);
  CHECK(answers[2].find("relevo-membershipd: ") == 0);
  CHECK(client->multicast("g", groups::Guarantee::agreed, {}).error().kind == ErrorKind::not_connected);
}

TEST_CASE("sessions: a program that goes away is told to the core once", "[daemon]") {
  Fixture f;
  {
    const auto client = f.client();
    REQUIRE(f.until([&] { return f.asked.size() == 1; }));
  }
  REQUIRE(f.until([&] { return f.asked.size() == 2; }));
  f.turn();
  CHECK(f.asked == std::vector<std::string>{"connected 1", "gone 1"});
}

TEST_CASE("client: a message or name that no daemon would take is refused before it is sent", "[daemon]") {
  Fixture f;
  const auto client = f.client();
  CHECK(client->multicast("g", groups::Guarantee::safe, Bytes((1U << 20) + 1)).error().kind == ErrorKind::invalid);
  CHECK(client->multicast("", groups::Guarantee::safe, {}).error().kind == ErrorKind::invalid);
  CHECK(client->multicast(std::string(129, 'g'), groups::Guarantee::safe, {}).error().kind == ErrorKind::invalid);
}

TEST_CASE("client: flush is answered when everything before it was taken, and not before", "[daemon]") {
  Fixture f;
  const auto client = f.client();
  f.room = 1;
  bool flushed = false;
  REQUIRE(client->multicast("g", groups::Guarantee::agreed, as_bytes("a")));
  REQUIRE(client->multicast("g", groups::Guarantee::agreed, as_bytes("b")));
  client->flush([&] { flushed = true; });
  REQUIRE(client->multicast("g", groups::Guarantee::agreed, as_bytes("c")));
  REQUIRE(f.until([&] { return f.asked.size() == 2; }));
  f.turn();
  CHECK_FALSE(flushed);
  f.room = 1;
  f.sessions->retry();
  REQUIRE(f.until([&] { return flushed; }));
  CHECK(f.asked == std::vector<std::string>{"connected 1", "a", "b"});
  f.room = 1;
  f.sessions->retry();
  bool again = false;
  client->flush([&] { again = true; });
  CHECK(f.until([&] { return again; }));
}

TEST_CASE("client: on_ready comes once when there is room again after try_again", "[daemon]") {
  Fixture f;
  int ready = 0;
  Handlers h;
  h.on_ready = [&] { ++ready; };
  const auto client = f.client(h);
  f.room = 0;
  const Bytes payload(1U << 20, 'x');
  const auto all_room = client->room();
  CHECK(all_room >= payload.size());
  std::size_t taken = 0;
  while (taken < 100 && client->multicast("g", groups::Guarantee::agreed, payload)) ++taken;
  REQUIRE(taken < 100);
  CHECK(client->room() == 0);
  CHECK_FALSE(client->multicast("g", groups::Guarantee::agreed, payload));
  f.turn();
  CHECK(ready == 0);
  f.room = 1000;
  REQUIRE(f.until([&] {
    f.sessions->retry();
    return ready == 1 && f.asked.size() == taken + 1;
  }));
  f.turn();
  CHECK(ready == 1);
  CHECK(client->room() == all_room);
}

TEST_CASE("sessions: a program that does not read is bounded, told goodbye, and nobody else waits for it", "[daemon]") {
  Fixture f;
  std::string lost;
  std::size_t got = 0;
  Handlers reads;
  reads.on_message = [&](const groups::GroupMessage&) { ++got; };
  const auto reader = f.client(reads);
  auto deaf = io::connect_unix(f.loop, f.dir / "s");  // never started: nothing is read
  REQUIRE(deaf);
  REQUIRE(f.until([&] { return f.asked.size() == 2; }));
  groups::GroupMessage message{"g", {NodeId(1), 1}, groups::Guarantee::agreed, Bytes(1U << 20, 'x')};
  const std::size_t rounds = Sessions::max_unread / message.payload.size() + 8;
  for (std::size_t i = 0; i < rounds; ++i) {
    f.sessions->deliver({false, {1, 2}, message});
    REQUIRE(f.until([&] { return got == i + 1; }));
    for (const auto& facts : f.sessions->facts()) CHECK(facts.unread <= Sessions::max_unread + 2 * message.payload.size());
  }
  CHECK(f.until([&] { return f.asked.back() == "gone 2"; }));
  CHECK(f.sessions->count() == 1);
  // The last frame says why.
  bool goodbye = false;
  (*deaf)->start(
      [&](const io::Frame& frame) {
        if (frame.type != static_cast<std::uint16_t>(ipc::MembershipFrame::goodbye)) return;
        goodbye = ipc::decode_goodbye(frame.payload).value().reason.find("does not read") != std::string::npos;
      },
      [&](const std::string& reason) { lost = reason; });
  CHECK(f.until([&] { return !lost.empty(); }));
  CHECK(goodbye);
}

TEST_CASE("sessions: a program that reads too slowly asks for a pause, the longer the more waits for it", "[daemon]") {
  Fixture f;
  std::size_t read = 0;
  Handlers h;
  h.on_message = [&](const groups::GroupMessage& m) { read += m.payload.size(); };
  const auto a = f.client(h);
  REQUIRE(f.until([&] { return f.asked.size() == 1; }));
  CHECK(f.sessions->breath() == Duration{});
  const auto tell = [&](int times) {
    const groups::GroupMessage message{"g", {NodeId(2), 1}, groups::Guarantee::agreed, Bytes(1U << 20)};
    for (int i = 0; i < times; ++i) f.sessions->deliver({false, {1}, message});
  };
  tell(6);  // some of it is in the kernel's buffer
  const auto shorter = f.sessions->breath();
  tell(20);
  const auto longer = f.sessions->breath();
  CHECK(shorter > Duration{});
  CHECK(longer > shorter);
  CHECK(longer <= 4ms);
  f.sessions->stand_still(true);
  CHECK(a->multicast("g", groups::Guarantee::agreed, as_bytes("later")));
  REQUIRE(f.until([&] { return read == 26U << 20; }));
  CHECK(f.sessions->breath() == Duration{});
  f.turn();
  CHECK(f.asked.size() == 1);
  f.sessions->stand_still(false);
  f.sessions->retry();
  CHECK(f.asked.back() == "later");
}

TEST_CASE("sessions: where the ring takes little, every program gets its turn", "[daemon]") {
  Fixture f;
  const auto a = f.client();
  REQUIRE(f.until([&] { return f.asked.size() == 1; }));
  const auto b = f.client();
  REQUIRE(f.until([&] { return f.asked.size() == 2; }));
  f.room = 0;
  for (int i = 0; i < 3; ++i) REQUIRE(a->multicast("g", groups::Guarantee::agreed, as_bytes("a")));
  for (int i = 0; i < 3; ++i) REQUIRE(b->multicast("g", groups::Guarantee::agreed, as_bytes("b")));
  f.turn();
  for (int i = 0; i < 6; ++i) {
    f.room = 1;
    f.sessions->retry();
  }
  CHECK(f.asked == std::vector<std::string>{"connected 1", "connected 2", "a", "b", "a", "b", "a", "b"});
}

TEST_CASE("client: the end of the daemon and what was told last can be asked for", "[daemon]") {
  Fixture f;
  std::string lost;
  Handlers h;
  h.on_lost = [&](const std::string& reason) { lost = reason; };
  const auto client = f.client(h);
  CHECK_FALSE(client->welcome());
  REQUIRE(f.until([&] { return client->welcome().has_value(); }));
  CHECK(client->welcome()->local == NodeId(2));
  f.sessions->deliver({true, {}, Configuration{Configuration::Kind::regular, {NodeId(1), 16}, {NodeId(1)}}});
  REQUIRE(f.until([&] { return client->configuration().has_value(); }));
  CHECK(client->configuration()->ring.seq == 16);
  f.sessions->close();
  REQUIRE(f.until([&] { return !lost.empty(); }));
  CHECK(lost == "it was stopped");
}
