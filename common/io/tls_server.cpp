// Listening for TLS connections. What a connection does is in tls.cpp.
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>

#include "common/io/tls_context.hpp"
#include "common/io/tls_impl.hpp"

namespace relevo::io {
using tcp = boost::asio::ip::tcp;
using Code = boost::system::error_code;

struct TlsServer::Impl : std::enable_shared_from_this<TlsServer::Impl> {
  explicit Impl(Loop& l) : loop(l), acceptor(l.context()), pause(l) {}

  Loop& loop;
  tcp::acceptor acceptor;
  Timer pause;
  std::shared_ptr<boost::asio::ssl::context> context;
  TlsLimits limits;
  std::size_t max_connections = 0, connections = 0;
  std::function<void(std::unique_ptr<TlsConnection>)> on_client;
  bool closed = false, waiting = false;

  void accept() {
    if (closed || waiting || connections >= max_connections) return;
    waiting = true;
    acceptor.async_accept([self = shared_from_this()](const Code& error, tcp::socket socket) {
      self->waiting = false;
      if (self->closed) return;
      if (error) return self->pause.after(100ms, [weak = self->weak_from_this()] {
        if (const auto me = weak.lock()) me->accept();
      });
      ++self->connections;
      self->on_client(adopt_tls(self->loop, std::move(socket), self->context, self->limits, [weak = self->weak_from_this()] {
        const auto me = weak.lock();
        if (!me) return;
        --me->connections;
        me->loop.post([weak] {
          if (const auto again = weak.lock()) again->accept();
        });
      }));
      self->accept();
    });
  }
};

TlsServer::TlsServer() = default;

TlsServer::~TlsServer() {
  if (!impl_) return;
  impl_->closed = true;
  impl_->pause.cancel();
  Code ignored;
  impl_->acceptor.close(ignored);
}

std::uint16_t TlsServer::port() const {
  Code ignored;
  return impl_->acceptor.local_endpoint(ignored).port();
}

Result<std::unique_ptr<TlsServer>> TlsServer::listen(Loop& loop, const Address& local, const TlsLimits& limits,
                                                     std::size_t max_connections,
                                                     std::function<void(std::unique_ptr<TlsConnection>)> on_client) {
  auto context = make_tls_context(true);
  if (!context) return pass(context.error());
  std::unique_ptr<TlsServer> server(new TlsServer);
  server->impl_ = std::make_shared<Impl>(loop);
  auto& impl = *server->impl_;
  impl.context = std::move(*context);
  impl.limits = limits;
  impl.max_connections = max_connections;
  impl.on_client = std::move(on_client);
  auto open = [&](const tcp::endpoint& at, bool both) -> Code {
    Code error, ignored;
    impl.acceptor.close(ignored);
    impl.acceptor.open(at.protocol(), error);
    if (!error) impl.acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error && both) impl.acceptor.set_option(boost::asio::ip::v6_only(false), error);
    if (!error) impl.acceptor.bind(at, error);
    if (!error) impl.acceptor.listen(64, error);
    return error;
  };
  Code error;
  if (local.family == Address::Family::none) {
    error = open(tcp::endpoint(tcp::v6(), local.port), true);
    // A host without IPv6 has one family.
    if (error == boost::asio::error::address_family_not_supported) error = open(tcp::endpoint(tcp::v4(), local.port), false);
  } else {
    error = open(to_endpoint(local), false);
  }
  if (error) return fail("cannot listen on port {}: {}", local.port, error.message());
  impl.accept();
  return server;
}

}  // namespace relevo::io
