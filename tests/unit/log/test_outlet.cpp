// Log lines never make the process wait: what nobody takes is dropped, and said later.
#include <catch2/catch.hpp>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "common/log/outlet.hpp"

using namespace relevo::log;

namespace {

/// Everything that can be read now.
std::string drain(int fd) {
  std::string out;
  char piece[65536];
  for (;;) {
    const auto n = ::read(fd, piece, sizeof piece);
    if (n <= 0) return out;
    out.append(piece, static_cast<std::size_t>(n));
    if (out.back() != '\n') out += '\n';
  }
}

/// Standard error is a pipe while this lives.
struct StderrIsPipe {
  int ends[2] = {-1, -1}, saved = -1;
  StderrIsPipe() {
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
    saved = ::dup(STDERR_FILENO);
    ::dup2(ends[1], STDERR_FILENO);
  }
  ~StderrIsPipe() {
    ::dup2(saved, STDERR_FILENO);
    for (const int fd : {ends[0], ends[1], saved}) ::close(fd);
  }
};

}  // namespace

TEST_CASE("outlet: standard error that nobody reads holds nobody up, and the loss is told", "[log]") {
  std::string taken, later;
  {
    StderrIsPipe pipe;
    StderrOutlet outlet;
    for (int i = 0; i < 5000; ++i) outlet.write("a line of some length that fills the pipe before long\n");
    taken = drain(pipe.ends[0]);
    outlet.write("after\n");
    later = drain(pipe.ends[0]);
  }
  CHECK(taken.size() > 10'000);
  CHECK(std::count(taken.begin(), taken.end(), '\n') < 5000);
  CHECK_THAT(later, Catch::Contains("log lines were dropped"));
  CHECK_THAT(later, Catch::EndsWith("after\n"));
}

TEST_CASE("outlet: a line that is too long is cut", "[log]") {
  std::string taken;
  {
    StderrIsPipe pipe;
    StderrOutlet().write(std::string(100'000, 'x') + "\n");
    taken = drain(pipe.ends[0]);
  }
  CHECK(taken.size() == max_line);
  CHECK(taken.back() == '\n');
}

TEST_CASE("outlet: a log daemon that does not read, is not there or comes back holds nobody up", "[log]") {
  char folder[] = "/tmp/relevo-outlet-XXXXXX";
  REQUIRE(::mkdtemp(folder) != nullptr);
  const std::string path = std::string(folder) + "/log";
  SyslogOutlet outlet("probe", path);
  outlet.write(LOG_INFO, "nobody is there");
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::copy(path.begin(), path.end(), address.sun_path);
  const int daemon = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  REQUIRE(::bind(daemon, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  outlet.write(LOG_WARNING, "first");
  const auto first = drain(daemon);
  for (int i = 0; i < 5000; ++i) outlet.write(LOG_INFO, "flood");
  (void)drain(daemon);
  outlet.write(LOG_INFO, "after");
  const auto later = drain(daemon);
  ::close(daemon);
  ::unlink(path.c_str());
  outlet.write(LOG_INFO, "nobody again");
  ::rmdir(folder);
  CHECK_THAT(first, Catch::StartsWith("<28>"));
  CHECK_THAT(first, Catch::Contains("1 log lines were dropped"));
  CHECK_THAT(first, Catch::Contains("probe[" + std::to_string(::getpid()) + "]: first"));
  CHECK_THAT(later, Catch::Contains("log lines were dropped"));
  CHECK_THAT(later, Catch::Contains("after"));
}
