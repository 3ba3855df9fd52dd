// ICMP echo by raw socket out, Ethernet frames in: so the answering host's MAC is known without asking a table.
#include "cli/lab/probe.hpp"

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>

#include "cli/lab/enter.hpp"
#include "common/base/address.hpp"
#include "common/base/bytes.hpp"

namespace relevo::cli::lab {

constexpr std::size_t most_echoes = 60 * 1000;  // five minutes at one in 5 ms

/// In memory that the probe's process and ours share. The count is written after the entry it counts.
struct Probe::Shared {
  std::atomic<std::uint32_t> count{0};
  std::array<Echo, most_echoes> echoes{};
};

namespace {

constexpr std::int64_t interval_ns = 5'000'000;
constexpr std::uint16_t probe_id = 0x5265;

std::uint16_t checksum(BytesView bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2)
    sum += static_cast<std::uint32_t>((bytes[i] << 8) | bytes[i + 1]);
  while ((sum >> 16) != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

Bytes echo_request(std::uint16_t sequence) {
  Bytes packet(16, 0);
  packet[0] = ICMP_ECHO;
  packet[4] = static_cast<std::uint8_t>(probe_id >> 8);
  packet[5] = static_cast<std::uint8_t>(probe_id & 0xff);
  packet[6] = static_cast<std::uint8_t>(sequence >> 8);
  packet[7] = static_cast<std::uint8_t>(sequence);
  const auto sum = checksum(packet);
  packet[2] = static_cast<std::uint8_t>(sum >> 8);
  packet[3] = static_cast<std::uint8_t>(sum);
  return packet;
}

/// Which host sent this frame, when it is an answer of `address` to one of our requests.
std::optional<std::uint8_t> answering_host(BytesView frame, const Address& address) {
  constexpr std::size_t ip = ETH_HLEN;
  if (frame.size() < ip + 28 || frame[ip] >> 4 != 4 || frame[ip + 9] != IPPROTO_ICMP) return std::nullopt;
  const std::size_t icmp = ip + static_cast<std::size_t>(frame[ip] & 0x0f) * 4;
  if (frame.size() < icmp + 8 || frame[icmp] != ICMP_ECHOREPLY) return std::nullopt;
  if (std::memcmp(frame.data() + ip + 12, address.bytes.data(), 4) != 0) return std::nullopt;
  if (((frame[icmp + 4] << 8) | frame[icmp + 5]) != probe_id) return std::nullopt;
  return frame[11];
}

void wait_for_packet(int fd, std::int64_t limit_ns) {
  pollfd ready{fd, POLLIN, 0};
  const timespec limit{0, static_cast<long>(std::max<std::int64_t>(0, limit_ns))};
  ::ppoll(&ready, 1, &limit, nullptr);
}

}  // namespace

std::optional<std::chrono::nanoseconds> longest_silence(std::span<const Echo> echoes, std::int64_t from_ns) {
  std::int64_t before = from_ns;
  std::int64_t longest = -1;
  for (const auto& echo : echoes) {
    if (echo.at_ns >= from_ns) longest = std::max(longest, echo.at_ns - before);
    before = echo.at_ns;
  }
  if (longest < 0) return std::nullopt;
  return std::chrono::nanoseconds(longest);
}

std::int64_t Probe::now_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

int Probe::body(Shared& shared, const std::string& text) {
  const auto address = parse_ip(text);
  const io::Fd out(::socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_ICMP));
  const io::Fd in(::socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, htons(ETH_P_IP)));
  if (!address || !out.valid() || !in.valid()) return 1;
  sockaddr_in to{};
  to.sin_family = AF_INET;
  std::memcpy(&to.sin_addr, address->bytes.data(), 4);
  std::array<std::uint8_t, 2048> frame{};
  std::uint16_t sequence = 0;
  for (auto next = now_ns(); shared.count.load() < most_echoes;) {
    if (now_ns() >= next) {
      const auto request = echo_request(++sequence);
      ::sendto(out.get(), request.data(), request.size(), 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
      while (next <= now_ns()) next += interval_ns;
    }
    wait_for_packet(in.get(), next - now_ns());
    for (ssize_t n = 0; (n = ::recv(in.get(), frame.data(), frame.size(), 0)) > 0;) {
      const auto host = answering_host(BytesView(frame.data(), static_cast<std::size_t>(n)), *address);
      const auto count = shared.count.load();
      if (!host || count >= most_echoes) continue;
      shared.echoes[count] = {now_ns(), *host};
      shared.count.store(count + 1, std::memory_order_release);
    }
  }
  return 0;
}

Result<std::unique_ptr<Probe>> Probe::start(const Lab& lab, const Host& client, const std::string& address) {
  void* memory = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return fail("shared memory: {}", io::errno_text(errno));
  auto* shared = new (memory) Shared;
  const auto child = fork_in(lab, client, [&] { return body(*shared, address); });
  if (!child) {
    ::munmap(memory, sizeof(Shared));
    return pass(child.error());
  }
  return std::unique_ptr<Probe>(new Probe(shared, *child));
}

Probe::~Probe() {
  ::kill(child_, SIGKILL);  // its own child, in the client, dies with it
  while (::waitpid(child_, nullptr, 0) < 0 && errno == EINTR) continue;
  ::munmap(shared_, sizeof(Shared));
}

std::span<const Echo> Probe::echoes() const {
  return {shared_->echoes.data(), shared_->count.load(std::memory_order_acquire)};
}

}  // namespace relevo::cli::lab
