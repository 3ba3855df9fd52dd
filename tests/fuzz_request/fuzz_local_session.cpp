// Fuzz target: bytes that two local programs write to the daemon's socket, cut at any places, with a real membership
// stack of one node behind the sessions. No crash; whoever breaks the rules is disconnected, the other is served on.
// Input: records of {program and size, bytes}; a program's bytes are one stream of frames.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "common/io/fd.hpp"
#include "membership/daemon/sessions.hpp"

namespace {

using namespace relevo;

/// Nonces that are the same in each run.
class FixedRandom : public stack::Random {
 public:
  void fill(std::span<std::uint8_t> out) override {
    for (auto& b : out) b = ++next_;
  }

 private:
  std::uint8_t next_ = 0;
};

constexpr const char* config_text =
    "totem {\nversion: 2\ncluster_name: c\n}\nnodelist {\nnode {\nnodeid: 1\nring0_addr: 10.0.0.1\n}\n}\n"
    "quorum {\nprovider: corosync_votequorum\n}\n";

std::unique_ptr<stack::Stack> make_stack(stack::Random& random) {
  auto config = config::parse_cluster_config(config_text, "f");
  Bytes bytes;
  for (std::uint8_t i = 0; i < 64; ++i) bytes.push_back(i);
  const auto key = seal::read_authkey(bytes, "key");
  if (!config || !key) std::abort();
  stack::Options options{NodeId{1}, std::move(*config), {{NodeId{1}, {*parse_ip("10.0.0.1", 5405)}}}, *key, {}};
  auto made = stack::Stack::create(std::move(options), random);
  if (!made) std::abort();
  return std::move(*made);
}

/// A folder for the socket, once a process; the program's end removes it.
struct Folder {
  std::string path = (std::filesystem::temp_directory_path() / "relevo-fuzz-XXXXXX").string();
  Folder() {
    if (mkdtemp(path.data()) == nullptr) std::abort();
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
};

class Daemon {
 public:
  explicit Daemon(const std::string& path) : path_(path), stack_(make_stack(random_)) {
    membership::SessionHooks hooks;
    hooks.step = [this](const stack::Input& input) { step(input); };
    hooks.has_ring = [this] { return has_ring_; };
    hooks.report = [](const std::string& what) -> Result<std::string> { return what; };
    hooks.control = [](const std::string& command, const membership::Reply& reply) { reply(command); };
    sessions_ = std::make_unique<membership::Sessions>(membership::Welcome{NodeId{1}, 0, "c", {}}, std::move(hooks));
    if (!sessions_->listen(loop_, path)) std::abort();
    step(stack::Start{0, 10});
    step(stack::ClientConnected{1'000'000, 1});  // a program that must hear of everything else
    step(stack::ClientJoin{1'000'000, "g"});
    for (auto& program : programs_) program = connect();
    turn();
  }

  void write(std::size_t which, BytesView bytes) {
    const auto fd = programs_[which % programs_.size()].get();
    if (fd >= 0 && !bytes.empty()) (void)::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  }
  /// Everything that is ready now, and the ring's next moves. What the programs are told is thrown away.
  void turn() {
    for (int round = 0; round < 3; ++round) {
      loop_.post([this] { loop_.stop(); });
      loop_.run();
      now_ += 5ms;
      step(stack::Tick{});
      sessions_->retry();
    }
    std::array<char, 4096> buffer{};
    for (const auto& program : programs_)
      while (::recv(program.get(), buffer.data(), buffer.size(), MSG_DONTWAIT) > 0) {}
  }
  void hang_up(std::size_t which) { programs_[which % programs_.size()] = connect(); }
  void finish() {
    sessions_->close();
    turn();
  }

 private:
  io::Fd connect() {
    io::Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.copy(address.sun_path, sizeof address.sun_path - 1);
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) std::abort();
    return fd;
  }
  void step(const stack::Input& input) {
    const auto output = stack_->step(input, now_);
    for (const auto& event : output.events) {
      if (const auto* c = std::get_if<Configuration>(&event.body)) has_ring_ = c->kind == Configuration::Kind::regular;
      if (sessions_) sessions_->deliver(event);
    }
    if (stack_->broken_invariant()) std::abort();
  }

  std::string path_;
  FixedRandom random_;
  io::Loop loop_;
  std::unique_ptr<stack::Stack> stack_;
  std::unique_ptr<membership::Sessions> sessions_;
  std::array<io::Fd, 2> programs_;
  Instant now_{10s};
  bool has_ring_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Folder folder;
  Daemon daemon(folder.path + "/s");
  Reader in({data, size});
  constexpr int max_writes = 60;
  for (int i = 0; i < max_writes && in.left() > 0; ++i) {
    const auto head = in.u8();
    const std::size_t length = in.u8();
    if (head % 16 == 15) daemon.hang_up(head >> 4);
    else daemon.write(head >> 4, in.raw(std::min(length, in.left())));
    if (head % 2 == 0) daemon.turn();
  }
  daemon.turn();
  daemon.finish();
  return 0;
}
