// OpenSSL's settings for both ends, for tls.cpp only.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>

#include "common/base/result.hpp"

namespace relevo::io {

/// TLS 1.3 only, no certificate asked for, no session kept.
Result<std::shared_ptr<boost::asio::ssl::context>> make_tls_context(bool server);

}  // namespace relevo::io
