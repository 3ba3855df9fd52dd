// Child processes: output, exec failures, and time-outs that take the whole group.
#include <catch2/catch.hpp>
#include <csignal>
#include <optional>

#include "common/base/text.hpp"
#include "common/io/child.hpp"
#include "common/io/file.hpp"
#include "tests/unit/io/scratch.hpp"

using namespace relevo;

namespace {

io::ChildSpec shell(const std::string& script) {
  io::ChildSpec spec;
  spec.program = "/bin/sh";
  spec.arguments = {"-c", script};
  spec.environment = {{"PATH", "/usr/bin:/bin"}};
  return spec;
}

io::ChildResult run(io::ChildSpec spec) {
  io::Loop loop;
  std::optional<io::ChildResult> result;
  const auto child = io::Child::run(loop, std::move(spec), [&](io::ChildResult r) { result = std::move(r); });
  REQUIRE(run_until(loop, [&] { return result.has_value(); }));
  return *result;
}

/// A zombie counts as gone: it runs no code. Waits a little, since a signal takes its time.
bool gone(pid_t pid) {
  for (int i = 0; i < 500; ++i) {
    const auto stat = io::read_file(fmt::format("/proc/{}/stat", pid));
    if (!stat || stat->find(") Z ") != std::string::npos) return true;
    usleep(1000);
  }
  return false;
}

}  // namespace

TEST_CASE("child: output, exit code and environment come through, nothing is inherited", "[io]") {
  setenv("SECRET", "inherited", 1);
  auto spec = shell("printf \"$A$SECRET\"; echo oops >&2; exit 7");
  spec.environment["A"] = "value";
  const auto result = run(spec);
  CHECK(result.started);
  CHECK(result.exit_code == 7);
  CHECK(result.signal == 0);
  CHECK(result.out == "value");
  CHECK(result.err == "oops\n");
  CHECK(result.run_time > Duration(0));
  CHECK_FALSE(result.timed_out);
}

TEST_CASE("child: it sees descriptors 0, 1 and 2 and no other", "[io]") {
  const auto result = run(shell("ls /proc/self/fd | tr '\\n' ' '"));
  CHECK(result.out == "0 1 2 3 ");  // 3 is the folder that ls itself reads
}

TEST_CASE("child: a program that cannot be run is told apart from one that failed", "[io]") {
  io::ChildSpec spec;
  spec.program = "/nonexistent/agent";
  const auto missing = run(spec);
  CHECK_FALSE(missing.started);
  CHECK(missing.error.find("/nonexistent/agent") != std::string::npos);
  const Scratch dir;
  REQUIRE(io::write_file_durably(dir / "agent", "#!/bin/sh\n", 0644));
  spec.program = dir / "agent";
  CHECK_FALSE(run(spec).started);
}

TEST_CASE("child: the time-out ends the grandchildren too", "[io]") {
  // The child ignores TERM, and so does its own child: only KILL to the group ends them.
  auto spec = shell("trap '' TERM; sh -c 'trap \"\" TERM; echo $$; sleep 60; sleep 60' & wait; sleep 60");
  spec.timeout = 200ms;
  spec.grace = 100ms;
  const auto result = run(spec);
  CHECK(result.timed_out);
  CHECK(result.signal == SIGKILL);
  CHECK(result.run_time >= 300ms);
  CHECK(result.run_time < 3s);
  const auto grandchild = parse_int(trim(result.out));
  REQUIRE(grandchild.has_value());
  CHECK(gone(static_cast<pid_t>(*grandchild)));
}

TEST_CASE("child: TERM alone is enough for one that obeys, and what it leaves in its group dies", "[io]") {
  auto spec = shell("sh -c 'trap \"\" TERM; echo $$; sleep 60; sleep 60' & trap 'exit 5' TERM; wait");
  spec.timeout = 200ms;
  spec.grace = 10s;
  const auto result = run(spec);
  CHECK(result.timed_out);
  CHECK(result.exit_code == 5);
  CHECK(result.run_time < 3s);
  const auto grandchild = parse_int(trim(result.out));
  REQUIRE(grandchild.has_value());
  CHECK(gone(static_cast<pid_t>(*grandchild)));
}

TEST_CASE("child: what a start action leaves running lives on and does not hold up the result", "[io]") {
  const auto result = run(shell("sleep 60 & echo $!; exit 0"));  // it even holds our pipe open
  CHECK(result.exit_code == 0);
  CHECK(result.run_time < 3s);
  const auto left = parse_int(trim(result.out));
  REQUIRE(left.has_value());
  CHECK(kill(static_cast<pid_t>(*left), SIGKILL) == 0);
}

TEST_CASE("child: output beyond the limit is read and dropped", "[io]") {
  auto spec = shell("head -c 3000000 /dev/zero | tr '\\0' x; echo end >&2");
  spec.output_limit = 1000;
  const auto result = run(spec);
  CHECK(result.exit_code == 0);
  CHECK(result.out == std::string(1000, 'x'));
  CHECK(result.err == "end\n");
}

TEST_CASE("child: destroying it kills the group and calls nobody", "[io]") {
  io::Loop loop;
  bool called = false;
  const Scratch dir;
  auto child = io::Child::run(loop, shell("sleep 60 & echo $! > " + (dir / "pid") + "; wait"),
                              [&](const io::ChildResult&) { called = true; });
  const auto read_pid = [&] {
    const auto text = io::read_file(dir / "pid");
    return text && text->ends_with('\n') ? parse_int(trim(*text)) : std::nullopt;
  };
  REQUIRE(run_until(loop, [&] { return read_pid().has_value(); }));
  const auto leader = child->pid();
  const auto grandchild = *read_pid();
  child.reset();
  CHECK(run_until(loop, [&] { return kill(leader, 0) != 0; }));  // reaped, not only dead
  CHECK(gone(static_cast<pid_t>(grandchild)));
  CHECK_FALSE(called);
}

TEST_CASE("child: terminate ends it and the result still comes", "[io]") {
  io::Loop loop;
  std::optional<io::ChildResult> result;
  const auto child = io::Child::run(loop, shell("exec sleep 60"), [&](io::ChildResult r) { result = std::move(r); });
  child->terminate();
  REQUIRE(run_until(loop, [&] { return result.has_value(); }));
  CHECK(result->signal == SIGTERM);
  CHECK_FALSE(result->timed_out);
}

TEST_CASE("run_and_wait: large input and output pass without a deadlock", "[io]") {
  io::ChildSpec spec = shell("cat; echo done >&2");
  spec.output_limit = 4U << 20;
  const std::string input(2'000'000, 'y');
  const auto result = io::run_and_wait(spec, input);
  CHECK(result.exit_code == 0);
  CHECK(result.out == input);
  CHECK(result.err == "done\n");
}

TEST_CASE("run_and_wait: the time-out kills, a missing program is an error", "[io]") {
  auto spec = shell("trap '' TERM; sleep 60; sleep 60");
  spec.timeout = 100ms;
  spec.grace = 50ms;
  const auto result = io::run_and_wait(spec);
  CHECK(result.timed_out);
  CHECK(result.signal == SIGKILL);
  CHECK(result.run_time < 3s);
  spec.program = "/nonexistent/tool";
  CHECK(io::run_and_wait(spec).error.find("/nonexistent/tool") != std::string::npos);
}
