// One rtnetlink request and its answer. Only for the files of this folder; nothing is kept between requests.
#pragma once

#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>

#include <array>
#include <functional>
#include <memory>
#include <string_view>

#include "common/base/address.hpp"
#include "common/base/result.hpp"

namespace relevo::net {

/// The words of an errno.
[[nodiscard]] std::string errno_text(int error);

/// A request under construction: header, family message, attributes.
class Request {
 public:
  Request(std::uint16_t type, std::uint16_t flags);
  template <class T>
  T* extra() {
    return static_cast<T*>(mnl_nlmsg_put_extra_header(header_, sizeof(T)));
  }
  void put(std::uint16_t type, const void* data, std::size_t size) { mnl_attr_put(header_, type, size, data); }
  void put_u32(std::uint16_t type, std::uint32_t value) { mnl_attr_put_u32(header_, type, value); }
  void put_text(std::uint16_t type, const std::string& value) { mnl_attr_put_strz(header_, type, value.c_str()); }
  void put_ip(std::uint16_t type, const Address& ip);
  [[nodiscard]] nlmsghdr* header() { return header_; }

 private:
  alignas(8) std::array<char, 1024> buffer_{};
  nlmsghdr* header_;
};

/// The attributes of one message by type; a type that is absent or out of range is null.
class Attributes {
 public:
  Attributes(const nlmsghdr* message, std::size_t header_size);
  [[nodiscard]] const nlattr* operator[](std::size_t type) const {
    return type < found_.size() ? found_[type] : nullptr;
  }
  [[nodiscard]] std::optional<std::uint32_t> u32(std::size_t type) const;
  [[nodiscard]] std::string text(std::size_t type) const;
  [[nodiscard]] std::optional<Address> ip(std::size_t type) const;

 private:
  std::array<const nlattr*, 80> found_{};
};

/// An open route socket.
class Netlink {
 public:
  /// Errors: as the kernel gives them.
  static Result<Netlink> open();
  /// Sends and waits for the kernel's verdict. The errno of a refusal is kept in last_errno().
  Status change(Request& request);
  /// Sends and calls `each` for every message of the answer, single or dump.
  Status query(Request& request, const std::function<void(const nlmsghdr*)>& each);
  [[nodiscard]] int last_errno() const { return last_errno_; }

 private:
  struct Close {
    void operator()(mnl_socket* socket) const { mnl_socket_close(socket); }
  };
  explicit Netlink(mnl_socket* socket) : socket_(socket) {}
  std::unique_ptr<mnl_socket, Close> socket_;
  unsigned sequence_ = 0;
  int last_errno_ = 0;
};

[[nodiscard]] std::uint8_t family_of(const Address& ip);  ///< AF_INET or AF_INET6
[[nodiscard]] std::size_t ip_size(const Address& ip);     ///< 4 or 16

}  // namespace relevo::net
