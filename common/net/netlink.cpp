// See netlink.hpp.
#include "common/net/netlink.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <vector>

namespace relevo::net {

std::string errno_text(int error) {
  const char* words = ::strerrordesc_np(error);
  return words != nullptr ? words : "error " + std::to_string(error);
}

std::uint8_t family_of(const Address& ip) { return ip.family == Address::Family::v6 ? AF_INET6 : AF_INET; }
std::size_t ip_size(const Address& ip) { return ip.family == Address::Family::v6 ? 16 : 4; }

Request::Request(std::uint16_t type, std::uint16_t flags) : header_(mnl_nlmsg_put_header(buffer_.data())) {
  header_->nlmsg_type = type;
  header_->nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
}

void Request::put_ip(std::uint16_t type, const Address& ip) { put(type, ip.bytes.data(), ip_size(ip)); }

namespace {

struct Found {
  std::array<const nlattr*, 80>* table;
};

int remember(const nlattr* attribute, void* data) {
  auto& table = *static_cast<Found*>(data)->table;
  const auto type = mnl_attr_get_type(attribute);
  if (type < table.size()) table[type] = attribute;
  return MNL_CB_OK;
}

struct Query {
  const std::function<void(const nlmsghdr*)>* each;
};

int hand_over(const nlmsghdr* message, void* data) {
  (*static_cast<Query*>(data)->each)(message);
  return MNL_CB_OK;
}

}  // namespace

Attributes::Attributes(const nlmsghdr* message, std::size_t header_size) {
  Found found{&found_};
  mnl_attr_parse(message, static_cast<unsigned>(header_size), remember, &found);
}

std::optional<std::uint32_t> Attributes::u32(std::size_t type) const {
  const auto* attribute = (*this)[type];
  if (attribute == nullptr || mnl_attr_get_payload_len(attribute) != 4) return std::nullopt;
  return mnl_attr_get_u32(attribute);
}

std::string Attributes::text(std::size_t type) const {
  const auto* attribute = (*this)[type];
  if (attribute == nullptr) return {};
  const auto* words = static_cast<const char*>(mnl_attr_get_payload(attribute));
  return {words, ::strnlen(words, mnl_attr_get_payload_len(attribute))};
}

std::optional<Address> Attributes::ip(std::size_t type) const {
  const auto* attribute = (*this)[type];
  if (attribute == nullptr) return std::nullopt;
  const std::size_t size = mnl_attr_get_payload_len(attribute);
  if (size != 4 && size != 16) return std::nullopt;
  Address ip;
  ip.family = size == 4 ? Address::Family::v4 : Address::Family::v6;
  std::memcpy(ip.bytes.data(), mnl_attr_get_payload(attribute), size);
  return ip;
}

Result<Netlink> Netlink::open() {
  auto* socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
  if (socket == nullptr) return fail("netlink: {}", errno_text(errno));
  Netlink netlink(socket);
  if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0) return fail("netlink: {}", errno_text(errno));
  return netlink;
}

Status Netlink::change(Request& request) {
  request.header()->nlmsg_flags |= NLM_F_ACK;
  return query(request, [](const nlmsghdr*) {});
}

Status Netlink::query(Request& request, const std::function<void(const nlmsghdr*)>& each) {
  auto* header = request.header();
  header->nlmsg_seq = ++sequence_;
  // A dump ends with DONE, a change with its acknowledgement; a single answer has neither unless it is asked for.
  if ((header->nlmsg_flags & NLM_F_DUMP) != NLM_F_DUMP) header->nlmsg_flags |= NLM_F_ACK;
  last_errno_ = 0;
  if (mnl_socket_sendto(socket_.get(), header, header->nlmsg_len) < 0) {
    last_errno_ = errno;
    return fail("{}", errno_text(last_errno_));
  }
  std::vector<char> buffer(32768);
  Query query{&each};
  for (;;) {
    const auto n = mnl_socket_recvfrom(socket_.get(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    const int verdict = n < 0 ? -1
                              : mnl_cb_run(buffer.data(), static_cast<std::size_t>(n), sequence_,
                                           mnl_socket_get_portid(socket_.get()), hand_over, &query);
    if (verdict < 0) {
      last_errno_ = errno;
      return fail("{}", errno_text(last_errno_));
    }
    if (verdict == MNL_CB_STOP) return {};
  }
}

}  // namespace relevo::net
