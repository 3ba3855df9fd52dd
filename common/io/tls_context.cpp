// The TLS context. A server needs some certificate to speak at all, so one is made in memory at each start.
#include "common/io/tls_context.hpp"

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace relevo::io {
namespace ssl = boost::asio::ssl;
namespace {

struct KeyDeleter {
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
};
struct CertificateDeleter {
  void operator()(X509* p) const { X509_free(p); }
};

Status give_certificate(SSL_CTX* context) {
  const std::unique_ptr<EVP_PKEY, KeyDeleter> key(EVP_EC_gen("P-256"));
  const std::unique_ptr<X509, CertificateDeleter> certificate(X509_new());
  if (!key || !certificate) return fail("TLS: no key could be made");
  auto* c = certificate.get();
  auto* subject = X509_get_subject_name(c);
  const auto* name = reinterpret_cast<const unsigned char*>("relevo");
  const bool made = X509_set_version(c, 2) == 1 && ASN1_INTEGER_set(X509_get_serialNumber(c), 1) == 1 &&
                    X509_gmtime_adj(X509_getm_notBefore(c), -86400) != nullptr &&
                    X509_gmtime_adj(X509_getm_notAfter(c), 100L * 365 * 86400) != nullptr && X509_set_pubkey(c, key.get()) == 1 &&
                    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, name, -1, -1, 0) == 1 &&
                    X509_set_issuer_name(c, subject) == 1 && X509_sign(c, key.get(), EVP_sha256()) > 0;
  if (!made || SSL_CTX_use_certificate(context, c) != 1 || SSL_CTX_use_PrivateKey(context, key.get()) != 1)
    return fail("TLS: no certificate could be made");
  return {};
}

}  // namespace

Result<std::shared_ptr<ssl::context>> make_tls_context(bool server) {
  auto* raw = SSL_CTX_new(server ? TLS_server_method() : TLS_client_method());
  if (raw == nullptr) return fail("TLS: OpenSSL cannot start");
  auto context = std::make_shared<ssl::context>(raw);
  SSL_CTX_set_min_proto_version(raw, TLS1_3_VERSION);
  SSL_CTX_set_max_proto_version(raw, TLS1_3_VERSION);
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(raw, 0);
  SSL_CTX_set_verify(raw, SSL_VERIFY_NONE, nullptr);
  if (server) {
    if (auto ok = give_certificate(raw); !ok) return pass(ok.error());
  }
  return context;
}

}  // namespace relevo::io
