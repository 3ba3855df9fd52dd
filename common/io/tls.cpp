// One TLS connection: handshake within its time, frames in and out, an end that is told once.
#include "common/io/tls.hpp"

#include <netdb.h>
#include <openssl/ssl.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <cstring>
#include <deque>

#include "common/io/sockaddr.hpp"
#include "common/io/tls_context.hpp"
#include "common/io/tls_impl.hpp"

namespace relevo::io {
namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using tcp = asio::ip::tcp;
using Code = boost::system::error_code;

struct TlsConnection::Impl : std::enable_shared_from_this<TlsConnection::Impl> {
  Impl(Loop& l, tcp::socket socket, std::shared_ptr<ssl::context> c, const TlsLimits& lim, bool is_server)
      : loop(l), context(std::move(c)), stream(std::move(socket), *context), limits(lim), server(is_server), timer(l) {}
  ~Impl() {
    if (on_gone) on_gone();
  }

  Loop& loop;
  std::shared_ptr<ssl::context> context;
  ssl::stream<tcp::socket> stream;
  TlsLimits limits;
  bool server;
  Timer timer;
  Handlers handlers;
  std::function<void()> on_gone;
  std::string host;  ///< client: where to
  std::uint16_t port = 0;
  std::array<std::uint8_t, 16384> chunk{};
  Bytes in;
  std::deque<Bytes> out;
  std::size_t queued = 0;
  Address remote;
  bool ready = false, dead = false, closing = false, writing = false, reading_frame = false;

  void fail_with(const std::string& reason) {
    if (dead) return;
    shut();
    const auto told = std::move(handlers.on_closed);
    handlers = {};
    if (told) told(reason);
  }
  void shut() {
    dead = true;
    timer.cancel();
    Code ignored;
    stream.next_layer().close(ignored);
  }
  void limit_time(Duration time, const char* what) {
    timer.after(time, [weak = weak_from_this(), what] {
      if (const auto self = weak.lock()) self->fail_with(what);
    });
  }

  void begin() {
    limit_time(limits.handshake, "the handshake took too long");
    if (server) return handshake();
    if (const auto address = parse_ip(host, port)) return connect({*address});
    auto found = std::make_shared<std::vector<Address>>();
    loop.offload([found, name = host, number = port] { *found = look_up(name, number); },
                 [self = shared_from_this(), found] {
                   if (self->dead) return;
                   if (found->empty()) return self->fail_with(fmt::format("no address for '{}'", self->host));
                   self->connect(*found);
                 });
  }
  static std::vector<Address> look_up(const std::string& name, std::uint16_t number) {
    std::vector<Address> out;
    addrinfo hints{}, *list = nullptr;
    hints.ai_socktype = SOCK_STREAM;
    if (::getaddrinfo(name.c_str(), nullptr, &hints, &list) != 0) return out;
    for (const auto* a = list; a != nullptr; a = a->ai_next) {
      auto address = from_sockaddr(a->ai_addr);
      address.port = number;
      if (address.family != Address::Family::none) out.push_back(address);
    }
    ::freeaddrinfo(list);
    return out;
  }
  void connect(std::vector<Address> addresses) {
    const auto to = addresses.front();
    addresses.erase(addresses.begin());
    Code ignored;
    stream.next_layer().close(ignored);
    stream.next_layer().async_connect(to_endpoint(to), [self = shared_from_this(), rest = std::move(addresses)](const Code& error) {
      if (self->dead) return;
      if (error && !rest.empty()) return self->connect(rest);
      if (error) return self->fail_with(error.message());
      self->handshake();
    });
  }

  void handshake() {
    Code ignored;
    stream.next_layer().set_option(tcp::no_delay(true), ignored);
    const auto end = stream.next_layer().remote_endpoint(ignored);
    if (!ignored) remote = from_endpoint(end);
    stream.async_handshake(server ? ssl::stream_base::server : ssl::stream_base::client,
                           [self = shared_from_this()](const Code& error) { self->on_handshake(error); });
  }
  void on_handshake(const Code& error) {
    if (dead) return;
    if (error) return fail_with("no TLS: " + error.message());
    TlsBinding binding{};
    constexpr char label[] = "EXPORTER-relevo-binding";
    if (SSL_export_keying_material(stream.native_handle(), binding.data(), binding.size(), label, sizeof label - 1, nullptr, 0, 0) != 1)
      return fail_with("no TLS: nothing to bind to");
    timer.cancel();
    ready = true;
    read();
    write();
    if (handlers.on_ready) handlers.on_ready(binding);
  }

  void read() {
    stream.async_read_some(asio::buffer(chunk), [self = shared_from_this()](const Code& error, std::size_t n) {
      if (self->dead) return;
      if (error) return self->fail_with(error == asio::error::eof ? "the other end closed it" : error.message());
      self->on_bytes(BytesView(self->chunk).first(n));
      if (!self->dead) self->read();
    });
  }
  void on_bytes(BytesView bytes) {
    in.insert(in.end(), bytes.begin(), bytes.end());
    std::size_t used = 0;
    while (!dead && !closing && in.size() - used >= 4) {
      Reader head(BytesView(in).subspan(used, 4));
      const std::size_t size = head.u32();
      if (size > limits.max_frame) return fail_with("a frame is too long");
      if (in.size() - used - 4 < size) break;
      // A copy: the handler may end this connection.
      const Bytes frame(in.begin() + static_cast<std::ptrdiff_t>(used + 4), in.begin() + static_cast<std::ptrdiff_t>(used + 4 + size));
      used += 4 + size;
      if (handlers.on_frame) {
        const auto handler = handlers.on_frame;
        handler(frame);
      }
    }
    if (dead) return;
    in.erase(in.begin(), in.begin() + static_cast<std::ptrdiff_t>(used));
    if (used != 0 || in.empty()) reading_frame = false, timer.cancel();
    if (!in.empty() && !reading_frame) {
      reading_frame = true;
      limit_time(limits.frame, "a frame took too long");
    }
  }

  void send(BytesView frame) {
    if (dead || closing) return;
    Writer bytes;
    bytes.bytes(frame);
    queued += bytes.size();
    out.push_back(bytes.take());
    if (queued > limits.max_queued) {
      // Not from inside the caller's step.
      return loop.post([weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->fail_with("it does not read what is sent to it");
      });
    }
    write();
  }
  void write() {
    if (!ready || writing || dead) return;
    if (out.empty()) {
      if (closing) shut();
      return;
    }
    writing = true;
    asio::async_write(stream, asio::buffer(out.front()), [self = shared_from_this()](const Code& error, std::size_t) {
      self->writing = false;
      if (self->dead) return;
      if (error) return self->fail_with(error.message());
      self->queued -= self->out.front().size();
      self->out.pop_front();
      self->write();
    });
  }
};

TlsConnection::TlsConnection(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
TlsConnection::~TlsConnection() {
  impl_->handlers = {};
  // What is queued for a peer that was told to go may still leave; the timer bounds how long that takes.
  if (!impl_->closing) impl_->shut();
}

void TlsConnection::start(Handlers handlers) {
  impl_->handlers = std::move(handlers);
  impl_->begin();
}
void TlsConnection::send(BytesView frame) { impl_->send(frame); }
void TlsConnection::allow_frames(std::size_t max_frame) { impl_->limits.max_frame = max_frame; }
void TlsConnection::close() {
  if (impl_->dead || impl_->closing) return;
  impl_->handlers = {};
  impl_->closing = true;
  if (!impl_->ready) return impl_->shut();
  impl_->limit_time(impl_->limits.handshake, "");
  impl_->write();
}
Address TlsConnection::peer() const { return impl_->remote; }

std::unique_ptr<TlsConnection> adopt_tls(Loop& loop, tcp::socket socket, std::shared_ptr<ssl::context> context,
                                         const TlsLimits& limits, std::function<void()> on_gone) {
  auto impl = std::make_shared<TlsConnection::Impl>(loop, std::move(socket), std::move(context), limits, true);
  impl->on_gone = std::move(on_gone);
  Code ignored;
  const auto end = impl->stream.next_layer().remote_endpoint(ignored);
  if (!ignored) impl->remote = from_endpoint(end);
  return std::make_unique<TlsConnection>(std::move(impl));
}

Result<std::unique_ptr<TlsConnection>> connect_tls(Loop& loop, const std::string& host, std::uint16_t port, const TlsLimits& limits) {
  auto context = make_tls_context(false);
  if (!context) return pass(context.error());
  auto impl = std::make_shared<TlsConnection::Impl>(loop, tcp::socket(loop.context()), std::move(*context), limits, false);
  impl->host = host;
  impl->port = port;
  return std::make_unique<TlsConnection>(std::move(impl));
}

tcp::endpoint to_endpoint(const Address& address) {
  const auto raw = to_sockaddr(address);
  tcp::endpoint out;
  out.resize(raw.length);
  std::memcpy(out.data(), raw.get(), raw.length);
  return out;
}

Address from_endpoint(const tcp::endpoint& endpoint) {
  SocketAddress raw;
  std::memcpy(&raw.storage, endpoint.data(), endpoint.size());
  auto address = from_sockaddr(raw.get());
  // An IPv4 peer on a socket for both families is shown as what it is.
  constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (address.family == Address::Family::v6 && std::equal(mapped.begin(), mapped.end(), address.bytes.begin())) {
    Address v4{Address::Family::v4, {}, address.port, 0};
    std::copy(address.bytes.begin() + 12, address.bytes.end(), v4.bytes.begin());
    return v4;
  }
  return address;
}

}  // namespace relevo::io
