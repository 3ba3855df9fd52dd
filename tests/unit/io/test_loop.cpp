// The loop: turns, helper thread, timers and signals.
#include <catch2/catch.hpp>
#include <csignal>
#include <thread>

#include "common/io/root.hpp"
#include "tests/unit/io/scratch.hpp"

using namespace relevo;

TEST_CASE("loop: posted work runs on a later turn and in order", "[io]") {
  io::Loop loop;
  std::string order;
  loop.post([&] {
    loop.post([&] { order += 'c'; });
    order += 'a';
  });
  loop.post([&] { order += 'b'; });
  CHECK(order.empty());
  CHECK(run_until(loop, [&] { return order.size() == 3; }));
  CHECK(order == "abc");
}

TEST_CASE("loop: offloaded work runs on another thread, its answers on the loop in the order of the calls", "[io]") {
  io::Loop loop;
  const auto here = std::this_thread::get_id();
  std::string order;
  bool elsewhere = true;
  for (const char c : {'1', '2', '3'}) {
    loop.offload([&, here] { elsewhere = elsewhere && std::this_thread::get_id() != here; },
                 [&, here, c] {
                   CHECK(std::this_thread::get_id() == here);
                   order += c;
                 });
  }
  CHECK(run_until(loop, [&] { return order.size() == 3; }));
  CHECK(order == "123");
  CHECK(elsewhere);
}

TEST_CASE("loop: offloaded work still waiting is done before the loop is gone", "[io]") {
  int done = 0;
  {
    io::Loop loop;
    for (int i = 0; i < 20; ++i) {
      loop.offload(
          [&] {
            std::this_thread::sleep_for(1ms);
            ++done;
          },
          [] {});
    }
  }
  CHECK(done == 20);
}

TEST_CASE("timer: fires not before its time, and in the order of the deadlines", "[io]") {
  io::Loop loop;
  io::Timer early(loop);
  io::Timer late(loop);
  const auto start = loop.now();
  std::string order;
  late.after(20ms, [&] { order += 'l'; });
  early.at(start + 10ms, [&] {
    CHECK(loop.now() >= start + 10ms);
    order += 'e';
  });
  CHECK(run_until(loop, [&] { return order.size() == 2; }));
  CHECK(order == "el");
}

TEST_CASE("timer: one that is cancelled by a handler of the same turn never runs", "[io]") {
  io::Loop loop;
  io::Timer first(loop);
  io::Timer second(loop);
  int ran = 0;
  const auto past = loop.now() - 1ms;  // both are due at once: Asio has queued the second when the first runs
  first.at(past, [&] {
    second.cancel();
    ++ran;
  });
  second.at(past, [&] { ran += 100; });
  run_until(loop, [] { return false; }, 30ms);
  CHECK(ran == 1);
}

TEST_CASE("timer: arming it again replaces what was armed, destroying it cancels", "[io]") {
  io::Loop loop;
  int ran = 0;
  io::Timer timer(loop);
  timer.after(1ms, [&] { ran += 100; });
  timer.after(5ms, [&] { ++ran; });
  {
    io::Timer gone(loop);
    gone.after(1ms, [&] { ran += 1000; });
  }
  run_until(loop, [] { return false; }, 30ms);
  CHECK(ran == 1);
}

TEST_CASE("loop: a signal reaches its handler each time", "[io]") {
  io::Loop loop;
  std::vector<int> seen;
  loop.on_signals({SIGUSR1, SIGUSR2}, [&](int signal) { seen.push_back(signal); });
  raise(SIGUSR1);
  CHECK(run_until(loop, [&] { return seen.size() == 1; }));
  raise(SIGUSR2);
  CHECK(run_until(loop, [&] { return seen.size() == 2; }));
  CHECK(seen == std::vector<int>{SIGUSR1, SIGUSR2});
}

TEST_CASE("root: the option wins over the variable, a slash at the end does not matter", "[io]") {
  setenv("RELEVO_ROOT", "/from/variable", 1);
  CHECK(io::find_root("/from/option/").membership_socket() == "/from/option/run/relevo/membership.sock");
  CHECK(io::find_root("").cluster_conf() == "/from/variable/etc/relevo/cluster.conf");
  CHECK(io::find_root("/").cluster_conf() == "/etc/relevo/cluster.conf");
  unsetenv("RELEVO_ROOT");
  CHECK(io::find_root("").prefix.empty());
}
