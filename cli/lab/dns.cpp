// DNS messages of RFC 1035: one question in, at most one A or AAAA record out.
#include "cli/lab/dns.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <optional>

#include "cli/support/exit_codes.hpp"
#include "common/base/address.hpp"
#include "common/base/text.hpp"
#include "common/io/fd.hpp"

namespace relevo::cli::lab {
namespace {

constexpr std::size_t header_size = 12;
constexpr std::uint16_t type_a = 1;
constexpr std::uint16_t type_aaaa = 28;
constexpr std::uint16_t class_in = 1;
constexpr std::uint8_t no_such_name = 3;

struct Question {
  std::string name;  ///< lower case, without the last dot
  std::uint16_t type = 0;
  std::uint16_t cls = 0;
  std::size_t end = 0;  ///< where it ends in the packet
};

std::uint16_t u16_at(BytesView bytes, std::size_t at) {
  return static_cast<std::uint16_t>((bytes[at] << 8) | bytes[at + 1]);
}

/// The first question. A compressed name in a question is refused: no honest client sends one.
std::optional<Question> read_question(BytesView packet) {
  Question question;
  std::size_t at = header_size;
  while (at < packet.size() && packet[at] != 0) {
    const std::size_t length = packet[at];
    if (length > 63 || at + 1 + length >= packet.size() || question.name.size() > 253) return std::nullopt;
    if (!question.name.empty()) question.name += '.';
    question.name += as_text(packet.subspan(at + 1, length));
    at += 1 + length;
  }
  if (at + 5 > packet.size()) return std::nullopt;
  question.name = to_lower(question.name);
  question.type = u16_at(packet, at + 1);
  question.cls = u16_at(packet, at + 3);
  question.end = at + 5;
  return question;
}

std::optional<Address> look_up(const Lab& lab, const std::string& name) {
  if (name == "www.example.com") return parse_ip(vip_address(lab));
  for (const auto& host : hosts_of(lab))
    if (name == full_name(host)) return parse_ip(address_of(host, 0));
  return std::nullopt;
}

void put16(Bytes& out, unsigned value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8));
  out.push_back(static_cast<std::uint8_t>(value));
}

void put_record(Bytes& out, const Address& address) {
  const bool v4 = address.family == Address::Family::v4;
  put16(out, 0xc00c);  // the name: a pointer to the question's
  put16(out, v4 ? type_a : type_aaaa);
  put16(out, class_in);
  put16(out, 0);
  put16(out, 5);  // seconds to live: a lab's names may change with the next lab
  put16(out, v4 ? 4 : 16);
  out.insert(out.end(), address.bytes.begin(), address.bytes.begin() + (v4 ? 4 : 16));
}

}  // namespace

Bytes answer_dns(const Lab& lab, BytesView query) {
  if (query.size() < header_size || (query[2] & 0xf8) != 0 || u16_at(query, 4) != 1) return {};
  const auto question = read_question(query);
  if (!question) return {};
  const auto address = question->cls == class_in ? look_up(lab, question->name) : std::nullopt;
  const auto wanted = address && address->family == Address::Family::v4 ? type_a : type_aaaa;
  const bool found = address && question->type == wanted;
  Bytes out(query.begin(), query.begin() + 2);
  out.push_back(static_cast<std::uint8_t>(0x84 | (query[2] & 1)));  // an authoritative answer
  out.push_back(address ? 0 : no_such_name);
  put16(out, 1);
  put16(out, found ? 1 : 0);
  put16(out, 0);
  put16(out, 0);
  out.insert(out.end(), query.begin() + header_size, query.begin() + static_cast<std::ptrdiff_t>(question->end));
  if (found) put_record(out, *address);
  return out;
}

int serve_dns(const Lab& lab) {
  const io::Fd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_in local{};
  local.sin_family = AF_INET;
  local.sin_port = htons(53);
  if (!socket.valid() || ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&local), sizeof local) != 0)
    return exit_failed;
  std::array<std::uint8_t, 1500> buffer{};
  while (true) {
    sockaddr_in from{};
    socklen_t size = sizeof from;
    const auto n = ::recvfrom(socket.get(), buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
    if (n < 0 && errno != EINTR) continue;
    if (n <= 0) continue;
    const auto answer = answer_dns(lab, BytesView(buffer.data(), static_cast<std::size_t>(n)));
    if (!answer.empty())
      ::sendto(socket.get(), answer.data(), answer.size(), 0, reinterpret_cast<const sockaddr*>(&from), size);
  }
}

}  // namespace relevo::cli::lab
