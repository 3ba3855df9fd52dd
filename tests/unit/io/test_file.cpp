// Files: limits, and durable writes that leave either the old or the new content.
#include <sys/resource.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <csignal>

#include "common/io/file.hpp"
#include "tests/unit/io/scratch.hpp"

using namespace relevo;

namespace {
std::size_t entries(const std::string& folder) {
  std::size_t n = 0;
  for ([[maybe_unused]] const auto& e : std::filesystem::directory_iterator(folder)) ++n;
  return n;
}
}  // namespace

TEST_CASE("file: what was written durably is read back, with its mode and without leftovers", "[io]") {
  const Scratch dir;
  const std::string path = dir / "f";
  const std::string content("a\0b\n", 4);
  REQUIRE(io::write_file_durably(path, content, 0640));
  CHECK(io::read_file(path).value() == content);
  struct stat status {};
  REQUIRE(stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0640);
  REQUIRE(io::write_file_durably(path, "second", 0600));
  CHECK(io::read_file(path).value() == "second");
  CHECK(entries(dir.path()) == 1);
}

TEST_CASE("file: a durable write that fails keeps the old content and leaves no temporary file", "[io]") {
  const Scratch dir;
  const std::string path = dir / "f";
  REQUIRE(io::write_file_durably(path, "old", 0600));
  rlimit old{};
  getrlimit(RLIMIT_FSIZE, &old);
  rlimit small = old;
  small.rlim_cur = 4096;  // the disk is full, as far as this process can tell
  const auto handler = signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &small);
  const auto written = io::write_file_durably(path, std::string(100'000, 'x'), 0600);
  setrlimit(RLIMIT_FSIZE, &old);
  signal(SIGXFSZ, handler);
  REQUIRE_FALSE(written);
  CHECK(written.error().message.find(path) != std::string::npos);
  CHECK(io::read_file(path).value() == "old");
  CHECK(entries(dir.path()) == 1);
}

TEST_CASE("file: writing into a folder that is not there names the path", "[io]") {
  const auto written = io::write_file_durably("/nonexistent/folder/f", "x", 0600);
  REQUIRE_FALSE(written);
  CHECK(written.error().kind == ErrorKind::not_found);
  CHECK(written.error().message.find("/nonexistent/folder/f") != std::string::npos);
}

TEST_CASE("file: reading says what is missing, too large or no file", "[io]") {
  const Scratch dir;
  const auto missing = io::read_file(dir / "none");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().kind == ErrorKind::not_found);
  REQUIRE(io::write_file_durably(dir / "big", std::string(11, 'x'), 0600));
  CHECK(io::read_file(dir / "big", 11).has_value());
  const auto big = io::read_file(dir / "big", 10);
  REQUIRE_FALSE(big);
  CHECK(big.error().message.find("11 bytes") != std::string::npos);
  CHECK_FALSE(io::read_file(dir.path()).has_value());
  CHECK_FALSE(io::read_file("/dev/zero", 1000).has_value());  // a file without a size does not get past the limit
  CHECK(io::read_file("/proc/self/status").value().find("Pid:") != std::string::npos);
}

TEST_CASE("file: folders are made with their parents, and a file in the way is an error", "[io]") {
  const Scratch dir;
  REQUIRE(io::make_directories(dir / "a/b/c", 0750));
  REQUIRE(io::make_directories(dir / "a/b/c"));
  CHECK(io::file_exists(dir / "a/b/c"));
  REQUIRE(io::write_file_durably(dir / "f", "", 0600));
  CHECK_FALSE(io::make_directories(dir / "f/g"));
}
