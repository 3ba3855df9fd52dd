// The log: levels, the file, the black box and the rate limit.
#include <catch2/catch.hpp>

#include "common/io/file.hpp"
#include "common/log/log.hpp"
#include "tests/unit/io/scratch.hpp"

using namespace relevo;

TEST_CASE("log: the file gets what the level asks for, the black box gets all", "[log]") {
  const Scratch dir;
  log::LogConfig config;
  config.name = "tester";
  config.to_stderr = false;
  config.logfile = dir / "log";
  config.level = Level::notice;
  REQUIRE(log::init(config));
  log::write(Level::notice, "seen {} times", 3);
  log::write(Level::info, "too quiet");
  log::write(Notes{note(Level::error, "braces {{}} and percent %s stay")});
  const auto text = io::read_file(dir / "log").value();
  CHECK(text.find("tester[") != std::string::npos);
  CHECK(text.find("notice: seen 3 times\n") != std::string::npos);
  CHECK(text.find("error: braces {} and percent %s stay\n") != std::string::npos);
  CHECK(text.find("too quiet") == std::string::npos);
  CHECK(log::black_box().find("info: too quiet\n") != std::string::npos);
}

TEST_CASE("log: the black box keeps the last 512 notes, oldest first", "[log]") {
  log::LogConfig config;
  config.to_stderr = false;
  REQUIRE(log::init(config));
  for (int i = 0; i < 600; ++i) log::write(Level::trace, "note-{}-", i);
  const auto box = log::black_box();
  CHECK(std::count(box.begin(), box.end(), '\n') == 512);
  CHECK(box.find("note-87-") == std::string::npos);
  CHECK(box.find("note-88-") < box.find("note-89-"));
  CHECK(box.find("note-599-") != std::string::npos);
}

TEST_CASE("log: a log file that cannot be opened is an error that names it, and writing goes on", "[log]") {
  log::LogConfig config;
  config.to_stderr = false;
  config.logfile = "/proc/nonexistent/log";
  const auto opened = log::init(config);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().message.find("/proc/nonexistent/log") != std::string::npos);
  log::write(Level::error, "still here");
  CHECK(log::black_box().find("still here") != std::string::npos);
}

TEST_CASE("rate limit: one in ten seconds for each key, and it tells how many were held back", "[log]") {
  log::RateLimit limit;
  const Instant start{};
  CHECK(limit.pass("a", start) == 0U);
  CHECK(limit.pass("a", start + 1s) == std::nullopt);
  CHECK(limit.pass("a", start + 9s) == std::nullopt);
  CHECK(limit.pass("b", start + 1s) == 0U);
  CHECK(limit.pass("a", start + 10s) == 2U);
  CHECK(limit.pass("a", start + 21s) == 0U);
}

TEST_CASE("rate limit: keys beyond 256 push out the oldest", "[log]") {
  log::RateLimit limit;
  for (int i = 0; i < 257; ++i) limit.pass(std::to_string(i), Instant{} + i * 1ms);
  CHECK(limit.pass("0", Instant{} + 300ms) == 0U);  // forgotten, so it passes
  CHECK(limit.pass("256", Instant{} + 300ms) == std::nullopt);
}

TEST_CASE("log: levels have the names of corosync.conf", "[log]") {
  CHECK(log::parse_level("warning") == Level::warning);
  CHECK(log::parse_level("ERR") == Level::error);
  CHECK(log::parse_level("notice") == Level::notice);
  CHECK(log::parse_level("loud") == std::nullopt);
}
