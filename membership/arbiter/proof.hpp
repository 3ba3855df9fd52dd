// How a node and the arbiter prove to each other that they know the cluster's token, without certificates: a keyed
// hash over what TLS derived for this very connection. Whoever sits between two connections has two such values.
#pragma once

#include <string_view>

#include "membership/arbiter/messages.hpp"

namespace relevo::arbiter {

/// The secret that the arbiter and one cluster share. It opens nothing else: it is not the cluster's key.
using Token = std::array<std::uint8_t, 32>;
/// What TLS exports for a connection; the same on both ends, and on no other connection.
/// Source: RFC 8446, section 7.5; RFC 9266.
using Binding = std::array<std::uint8_t, 32>;

/// Hexadecimal, 64 digits, with white space around it. Errors: anything else; the message names `file`, never the token.
Result<Token> parse_token(std::string_view text, std::string_view file);
[[nodiscard]] std::string to_text(const Token& token);

enum class Side : std::uint8_t { node = 1, arbiter = 2 };
/// The proof of `side` for a hello; `hello.proof` is not looked at.
[[nodiscard]] Proof prove(const Token& token, const Binding& binding, Side side, const Hello& hello);
/// Takes the same time for every wrong proof.
[[nodiscard]] bool is_equal(const Proof& a, const Proof& b);

}  // namespace relevo::arbiter
