// The keyring's file and the keys made of it: strict reading, exact writing, which key for whom.
#include <catch2/catch.hpp>

#include <algorithm>
#include <set>
#include <vector>

#include "common/base/rng.hpp"
#include "membership/seal/keys.hpp"
#include "tests/support/secrets.hpp"

using namespace relevo;
using seal::KeyState;

namespace {
seal::Keyring three() {
  seal::Keyring ring;
  ring.entries.push_back(seal::make_entry(7, KeyState::retire, 1700000000, test::secret_of(1)));
  ring.entries.push_back(seal::make_entry(8, KeyState::accept, 1710000000, test::secret_of(2)));
  ring.entries.push_back(seal::make_entry(9, KeyState::active, 1720000000, test::secret_of(3)));
  return ring;
}
std::string text_of(const seal::Keyring& ring) { return std::string(as_text(seal::keyring_text(ring).view())); }
/// The error for three()'s text with one piece of it replaced.
std::string error_with(const std::string& what, const std::string& by) {
  auto text = text_of(three());
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  text.replace(at, what.size(), by);
  const auto read = seal::read_key_file(as_bytes(text), "/etc/relevo/authkey");
  REQUIRE_FALSE(read);
  return read.error().message;
}
bool has(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }
}  // namespace

TEST_CASE("keyring: what was written is read again, and the secret of a retired key is not in it", "[seal]") {
  const auto ring = three();
  const auto text = text_of(ring);
  const auto read = seal::read_key_file(as_bytes(text), "k");
  REQUIRE(read);
  REQUIRE(read->entries.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto &a = ring.entries[i], &b = read->entries[i];
    CHECK((a.id == b.id && a.state == b.state && a.created == b.created && a.fingerprint == b.fingerprint));
    CHECK(std::equal(a.secret.view().begin(), a.secret.view().end(), b.secret.view().begin(), b.secret.view().end()));
  }
  CHECK(read->entries[0].secret.empty());
  CHECK(text_of(*read) == text);
  CHECK(text.starts_with("relevo-keyring 1\n"));
  CHECK(text.size() < seal::max_key_file);
}

TEST_CASE("keyring: a full ring of condensed raw keys fits into the largest key file", "[seal]") {
  seal::Keyring ring;
  for (std::uint8_t i = 0; i < seal::max_keys; ++i) {
    seal::Secret s(seal::condensed_key_size);
    for (std::size_t k = 0; k < s.size(); ++k) s.data()[k] = static_cast<std::uint8_t>(i + k);
    ring.entries.push_back(seal::make_entry(static_cast<std::uint8_t>(240 + i), i == 7 ? KeyState::active : KeyState::accept, 253402300799, s));
  }
  const auto text = text_of(ring);
  CHECK(text.size() <= seal::max_key_file);
  CHECK(seal::read_key_file(as_bytes(text), "k"));
}

TEST_CASE("keyring: every refusal names file, line and the way out", "[seal]") {
  const auto wrong_id = error_with("key 8 ", "key 800 ");
  CHECK(has(wrong_id, "/etc/relevo/authkey: line 5:"));
  CHECK(has(wrong_id, "copy the key file of another node"));
  CHECK(has(wrong_id, "relevo keygen"));
  CHECK(has(error_with("accept", "acept"), "'acept' is no state"));
  CHECK(has(error_with("key 8 ", "kei 8 "), "`key ID STATE CREATED SECRET`"));
  CHECK(has(error_with("accept", "active"), "both active"));
  CHECK(has(error_with("active", "accept"), "no key of it is active"));
  CHECK(has(error_with("relevo-keyring 1", "relevo-keyring 2"), "line 1"));
  CHECK(has(error_with("=\n", "\n"), "base64"));
  CHECK(has(error_with("key 8 accept 2024", "key 8 accept 2024x"), "is no time"));
}

TEST_CASE("keyring: a key that stands twice, that protects nothing, or that is one too many is refused, and so is a file too large", "[seal]") {
  const auto refusal = [](const std::string& text) {
    const auto read = seal::read_key_file(as_bytes(text), "k");
    return read ? std::string() : read.error().message;
  };
  const auto line = [](int id, std::uint8_t secret) {
    seal::Keyring one;
    one.entries.push_back(seal::make_entry(static_cast<std::uint8_t>(id), id == 1 ? KeyState::active : KeyState::accept, id, test::secret_of(secret)));
    const auto text = text_of(one);
    return text.substr(text.find("\nkey ") + 1);
  };
  std::string full = "relevo-keyring 1\n";
  for (int id = 1; id <= 8; ++id) full += line(id, static_cast<std::uint8_t>(10 * id));
  CHECK(refusal(full).empty());
  CHECK(has(refusal(full + line(9, 90)), "line 10: more than 8 keys"));
  CHECK(has(refusal("relevo-keyring 1\n" + line(1, 10) + line(2, 10)), "line 3: key 2 is the same as an earlier one"));
  CHECK(has(refusal("relevo-keyring 1\nkey 1 active - " + std::string(43, 'A') + "=\n"), "one byte repeated"));
  CHECK(has(refusal(full + "#" + std::string(seal::max_key_file, 'x') + "\n"), "at most 4096 are allowed"));
}

TEST_CASE("keyring: no cut of the file is taken for a ring, unless it ends behind a line with the active key", "[seal]") {
  const auto text = text_of(three());
  for (std::size_t n = 16; n < text.size(); ++n) CHECK_FALSE(seal::read_key_file(as_bytes(std::string_view(text).substr(0, n)), "k"));
}

TEST_CASE("keyring: errors never show a secret", "[seal]") {
  const auto text = text_of(three());
  const auto secret = text.substr(text.find("active") + 28, 43);
  Rng rng(4);
  for (int i = 0; i < 5000; ++i) {
    auto bad = text;
    bad[rng.below(bad.size())] = static_cast<char>(rng.next());
    const auto read = seal::read_key_file(as_bytes(bad), "k");
    if (!read) CHECK(read.error().message.find(secret.substr(4, 30)) == std::string::npos);
  }
}

TEST_CASE("keyring: a secret in the place of another word is not shown either", "[seal]") {
  const auto text = text_of(three());
  const auto at = text.find("key 9 active ");
  const auto secret = text.substr(at + 34, 44);
  REQUIRE(secret.back() == '=');
  for (const auto& line : {"key " + secret + " active - x", "key 9 " + secret + " - x", "key 9 active " + secret + " -"}) {
    const auto read = seal::read_key_file(as_bytes("relevo-keyring 1\n" + line + "\n"), "k");
    REQUIRE_FALSE(read);
    CHECK(has(read.error().message, "line 2: a word of 44 letters is no"));
    CHECK_FALSE(has(read.error().message, secret));
  }
}

TEST_CASE("keyring: dates are written and read exactly, and nonsense is none", "[seal]") {
  for (const std::int64_t t : {std::int64_t{0}, std::int64_t{1}, std::int64_t{951782400}, std::int64_t{1763744400}, std::int64_t{253402300799}})
    CHECK(seal::parse_time(seal::time_text(t)) == t);
  CHECK(seal::time_text(951782400) == "2000-02-29T00:00:00Z");
  for (const char* bad : {"", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01 00:00:00Z", "0000-00-00T00:00:00Z", "1969-12-31T23:59:59Z"})
    CHECK_FALSE(seal::parse_time(bad));
}

TEST_CASE("cluster keys: usable, retired and unknown ids are told apart", "[seal]") {
  const seal::ClusterKeys keys(three(), "c");
  CHECK(keys.use(7) == seal::KeyUse::retired);
  CHECK(keys.use(8) == seal::KeyUse::usable);
  CHECK(keys.use(9) == seal::KeyUse::usable);
  CHECK(keys.use(10) == seal::KeyUse::unknown);
  CHECK(keys.find(std::uint8_t{7}) == nullptr);
  CHECK(keys.active().id() == 9);
  CHECK(keys.newest() == 9);
}

TEST_CASE("cluster keys: the newest in common that is not newer than the active one seals, else any in common", "[seal]") {
  auto ring = three();
  ring.entries.push_back(seal::make_entry(10, KeyState::accept, 1730000000, test::secret_of(9)));
  const seal::ClusterKeys keys(ring, "c");
  const auto tag = [](std::uint8_t secret) { return seal::tag_of(seal::fingerprint_of(test::secret_of(secret))); };
  const auto key_for = [&](std::vector<seal::KeyTag> theirs) { return int{keys.for_holder_of(theirs).id()}; };
  CHECK(key_for({tag(2)}) == 8);
  CHECK(key_for({tag(2), tag(77)}) == 8);
  CHECK(key_for({tag(2), tag(3), tag(9)}) == 9);
  CHECK(key_for({tag(2), tag(9)}) == 8);
  CHECK(key_for({tag(9)}) == 10);
  for (const auto secret : {std::uint8_t{1}, std::uint8_t{77}}) CHECK(key_for({tag(secret)}) == 9);
  CHECK(key_for({}) == 9);
  std::set<std::uint8_t> tried;
  for (std::size_t i = 0; i < 3; ++i) tried.insert(keys.in_turn(i).id());
  CHECK(keys.in_turn(0).id() == 9);
  CHECK(keys.in_turn(1).id() == 10);
  CHECK(keys.in_turn(3).id() == 9);
  CHECK(tried == std::set<std::uint8_t>{8, 9, 10});
}

TEST_CASE("cluster keys: two keys of one id are both found by their tags, and by the id neither", "[seal]") {
  auto ring = three();
  ring.entries.push_back(seal::make_entry(9, KeyState::accept, 1730000000, test::secret_of(9)));
  const auto read = seal::read_key_file(as_bytes(text_of(ring)), "k");
  REQUIRE(read);
  const seal::ClusterKeys keys(*read, "c");
  CHECK(keys.use(9) == seal::KeyUse::usable);
  CHECK(keys.find(std::uint8_t{9}) == nullptr);
  for (const auto secret : {std::uint8_t{3}, std::uint8_t{9}}) {
    const auto fingerprint = seal::fingerprint_of(test::secret_of(secret));
    REQUIRE(keys.find(seal::tag_of(fingerprint)) != nullptr);
    CHECK(keys.find(seal::tag_of(fingerprint))->fingerprint() == fingerprint);
  }
}

TEST_CASE("sender keys: each key has its own, also when two have one id", "[seal]") {
  seal::Keyring a, b;
  a.entries.push_back(seal::make_entry(5, KeyState::active, 1, test::secret_of(1)));
  b.entries.push_back(seal::make_entry(5, KeyState::active, 1, test::secret_of(2)));
  seal::SenderKeys keys(NodeId{1}, Incarnation{2});
  const auto bytes_of = [](const seal::FrameKey& key) { return Bytes(key.secret.view().begin(), key.secret.view().end()); };
  const seal::ClusterKeys of_a(a, "c"), of_b(b, "c");
  const auto first = bytes_of(keys.get(of_a.active()));
  CHECK(first != bytes_of(keys.get(of_b.active())));
  CHECK(first == bytes_of(keys.get(of_a.active())));
}

TEST_CASE("sender keys: what the ring cannot use any more is let go, the rest stays", "[seal]") {
  seal::Keyring one;
  one.entries.push_back(seal::make_entry(5, KeyState::active, 1, test::secret_of(1)));
  auto two = one;
  two.entries[0].state = KeyState::accept;
  two.entries.push_back(seal::make_entry(6, KeyState::active, 2, test::secret_of(2)));
  const seal::ClusterKeys before(two, "c"), after(one, "c");
  seal::SenderKeys keys(NodeId{1}, Incarnation{2});
  const auto kept = keys.get(*before.find(std::uint8_t{5})).secret;  // held, so that the memory is not given out again
  const auto gone = keys.get(*before.find(std::uint8_t{6})).secret;
  keys.keep_only(after);
  CHECK(keys.get(*before.find(std::uint8_t{5})).secret.data() == kept.data());
  CHECK(keys.get(*before.find(std::uint8_t{6})).secret.data() != gone.data());
}
