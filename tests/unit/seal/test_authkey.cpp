// The key file's content and the facts about the file: what is refused, and whether the words help.
#include <catch2/catch.hpp>

#include "membership/seal/authkey.hpp"

using namespace relevo;

namespace {
Bytes some_key(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 7 + 1);
  return bytes;
}
seal::KeyFileFacts good_facts() { return {true, 0400, 0, 0, 256}; }
}  // namespace

TEST_CASE("authkey: 32 to 4096 bytes are a key, one less or one more is not", "[seal]") {
  CHECK_FALSE(seal::read_authkey(some_key(31), "/k"));
  CHECK(seal::read_authkey(some_key(32), "/k"));
  CHECK(seal::read_authkey(some_key(4096), "/k"));
  CHECK_FALSE(seal::read_authkey(some_key(4097), "/k"));
  CHECK_FALSE(seal::read_authkey({}, "/k"));
}

TEST_CASE("authkey: a key of one byte repeated is refused", "[seal]") {
  CHECK_FALSE(seal::read_authkey(Bytes(256, 0), "/k"));
}

TEST_CASE("authkey: the key read is the file's content", "[seal]") {
  const auto content = some_key(128);
  const auto key = seal::read_authkey(content, "/k");
  REQUIRE(key);
  const auto view = key->bytes.view();
  CHECK(Bytes(view.begin(), view.end()) == content);
}

TEST_CASE("authkey: every refusal names the file and how to mend it", "[seal]") {
  const auto short_key = seal::read_authkey(some_key(3), "/etc/relevo/authkey");
  CHECK(short_key.error().message.find("/etc/relevo/authkey") != std::string::npos);
  CHECK(short_key.error().message.find("relevo keygen") != std::string::npos);
  auto facts = good_facts();
  facts.mode = 0440;
  const auto open_file = seal::check_key_file(facts, "/etc/relevo/authkey");
  REQUIRE_FALSE(open_file);
  CHECK(open_file.error().message.find("chmod 0400 /etc/relevo/authkey") != std::string::npos);
}

TEST_CASE("authkey: only a regular file of root or of the daemon's user, closed to others, is trusted", "[seal]") {
  CHECK(seal::check_key_file(good_facts(), "/k"));
  auto facts = good_facts();
  facts.regular = false;
  CHECK_FALSE(seal::check_key_file(facts, "/k"));
  for (std::uint32_t mode : {0600U, 0400U, 0700U}) {
    facts = good_facts();
    facts.mode = mode;
    CHECK(seal::check_key_file(facts, "/k"));
  }
  for (std::uint32_t mode : {0404U, 0440U, 0420U, 0644U, 0401U}) {
    facts = good_facts();
    facts.mode = mode;
    CHECK_FALSE(seal::check_key_file(facts, "/k"));
  }
  facts = good_facts();
  facts.owner = 1000;
  CHECK_FALSE(seal::check_key_file(facts, "/k"));
  facts.process_user = 1000;
  CHECK(seal::check_key_file(facts, "/k"));
  facts = good_facts();
  for (const std::uint64_t size : {0U, 31U, 4097U}) {
    facts.size = size;
    CHECK_FALSE(seal::check_key_file(facts, "/k"));
  }
  facts = good_facts();
  facts.names = 2;
  CHECK_FALSE(seal::check_key_file(facts, "/k"));
}

TEST_CASE("authkey: wiping leaves nothing of the secret behind", "[seal]") {
  std::string text = "secret secret secret secret secret secret";
  const char* where = text.data();
  seal::wipe(text);
  CHECK(text.empty());
  CHECK(where[5] == '\0');
}
