// Making a TlsConnection, for tls_server.cpp. Users include tls.hpp.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <memory>

#include "common/io/tls.hpp"

namespace relevo::io {

/// Takes a connected socket. `on_gone` is called once, when the connection's resources are free.
std::unique_ptr<TlsConnection> adopt_tls(Loop& loop, boost::asio::ip::tcp::socket socket,
                                         std::shared_ptr<boost::asio::ssl::context> context, const TlsLimits& limits,
                                         std::function<void()> on_gone);
/// An address as the sockets of Asio name it, and back.
boost::asio::ip::tcp::endpoint to_endpoint(const Address& address);
Address from_endpoint(const boost::asio::ip::tcp::endpoint& endpoint);

}  // namespace relevo::io
