// The proofs: BLAKE2b with the token as its key.
#include "membership/arbiter/proof.hpp"

#include <sodium.h>

#include "common/base/text.hpp"

namespace relevo::arbiter {

Result<Token> parse_token(std::string_view text, std::string_view file) {
  const auto digits = trim(text);
  Token token{};
  const auto value = [](char c) -> int {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
  };
  bool good = digits.size() == 2 * token.size();
  for (std::size_t i = 0; good && i < token.size(); ++i) {
    const int high = value(digits[2 * i]), low = value(digits[2 * i + 1]);
    good = high >= 0 && low >= 0;
    if (good) token[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  if (!good) return fail(ErrorKind::invalid, "{}: a token has 64 lower-case hexadecimal digits; 'relevo-arbiter add-cluster' makes one", file);
  return token;
}

std::string to_text(const Token& token) { return to_hex(token.data(), token.size()) + "\n"; }

Proof prove(const Token& token, const Binding& binding, Side side, const Hello& hello) {
  Writer text;
  text.text("relevo arbiter 1");
  text.u8(static_cast<std::uint8_t>(side));
  text.raw(binding);
  auto signed_hello = hello;
  signed_hello.proof = {};
  text.bytes(encode(signed_hello));
  Proof proof{};
  crypto_generichash(proof.data(), proof.size(), text.view().data(), text.size(), token.data(), token.size());
  return proof;
}

bool is_equal(const Proof& a, const Proof& b) { return sodium_memcmp(a.data(), b.data(), a.size()) == 0; }

}  // namespace relevo::arbiter
