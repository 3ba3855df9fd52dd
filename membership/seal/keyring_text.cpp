// The keyring's file: a header line, then `key ID STATE CREATED SECRET` for each key. Strict: what is not understood
// is refused with its line, because a half-understood key file would cut a node off.
#include <sodium.h>

#include <chrono>

#include "common/base/assert.hpp"
#include "common/base/text.hpp"
#include "membership/seal/keyring.hpp"

namespace relevo::seal {

namespace {

constexpr std::string_view header_word = "relevo-keyring";
constexpr std::string_view header_line = "relevo-keyring 1";
constexpr std::string_view remedy = "copy the key file of another node here, or make a new one for all with `relevo keygen --force`";
constexpr int base64_variant = sodium_base64_VARIANT_ORIGINAL;

/// The bytes of a base64 word of at most `limit` bytes; empty when it is none.
Secret from_base64(std::string_view text, std::size_t limit) {
  Secret room(limit);
  std::size_t size = 0;
  if (sodium_base642bin(room.data(), limit, text.data(), text.size(), nullptr, &size, nullptr, base64_variant) != 0) return {};
  return Secret::copy_of(room.view().first(size));
}

void append_base64(std::string& out, BytesView bytes) {
  const auto before = out.size();
  const auto room = sodium_base64_encoded_len(bytes.size(), base64_variant);
  out.resize(before + room);
  sodium_bin2base64(out.data() + before, room, bytes.data(), bytes.size(), base64_variant);
  out.pop_back();  // the closing zero
}

/// For an error's text: the word, unless it is long enough to be a secret in the wrong place.
std::string shown(std::string_view word) {
  constexpr std::size_t longest = 24;  // a secret has 44 letters
  return word.size() <= longest ? fmt::format("'{}'", word) : fmt::format("a word of {} letters", word.size());
}

std::optional<KeyState> parse_state(std::string_view word) {
  for (const auto state : {KeyState::accept, KeyState::active, KeyState::retire})
    if (word == name(state)) return state;
  return std::nullopt;
}

/// The parts of a line between single blanks, without copies: one of them is a secret.
std::vector<std::string_view> parts_of(std::string_view line) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; parts.size() < 8;) {
    const auto end = line.find(' ', at);
    parts.push_back(line.substr(at, end - at));
    if (end == std::string_view::npos) break;
    at = end + 1;
  }
  return parts;
}

Result<KeyEntry> parse_key(std::string_view line) {
  const auto parts = parts_of(line);
  if (parts.size() != 5 || parts[0] != "key") return fail(ErrorKind::invalid, "this is not `key ID STATE CREATED SECRET`");
  const auto id = parse_uint(parts[1]);
  if (!id || *id < 1 || *id > 255) return fail(ErrorKind::invalid, "{} is no key id: a number from 1 to 255", shown(parts[1]));
  const auto state = parse_state(parts[2]);
  if (!state) return fail(ErrorKind::invalid, "{} is no state: accept, active or retire", shown(parts[2]));
  const auto created = parse_time(parts[3]);
  if (!created) return fail(ErrorKind::invalid, "{} is no time like 2026-11-21T17:00:00Z", shown(parts[3]));
  auto secret = from_base64(parts[4], condensed_key_size);
  Fingerprint fingerprint{};
  if (*state == KeyState::retire && secret.size() == fingerprint.size()) {
    std::copy_n(secret.data(), fingerprint.size(), fingerprint.begin());
    return KeyEntry{static_cast<std::uint8_t>(*id), *state, *created, fingerprint, {}};
  }
  if (secret.size() != ring_key_size && secret.size() != condensed_key_size)
    return fail(ErrorKind::invalid, "the secret of key {} is not {} bytes in base64", *id, ring_key_size);
  if (std::all_of(secret.view().begin(), secret.view().end(), [&](std::uint8_t b) { return b == secret.data()[0]; }))
    return fail(ErrorKind::invalid, "the secret of key {} is one byte repeated and protects nothing", *id);
  return make_entry(static_cast<std::uint8_t>(*id), *state, *created, std::move(secret));
}

/// What must hold between the entries, checked as each one comes.
Status check_against(const Keyring& ring, const KeyEntry& entry) {
  if (ring.entries.size() >= max_keys) return fail(ErrorKind::invalid, "more than {} keys", max_keys);
  if (ring.find(entry.fingerprint) != nullptr) return fail(ErrorKind::invalid, "key {} is the same as an earlier one", entry.id);
  if (entry.state == KeyState::active && ring.active() != nullptr)
    return fail(ErrorKind::invalid, "keys {} and {} are both active, only one can be", ring.active()->id, entry.id);
  return {};
}

Result<Keyring> parse_ring(std::string_view text, std::string_view file) {
  Keyring ring;
  const auto wrong = [&](std::size_t line, std::string_view what) {
    return fail(ErrorKind::invalid, "{}: line {}: {}: {}", file, line, what, remedy);
  };
  std::size_t number = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return wrong(number + 1, "the file ends in the middle of a line");
    const auto line = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (++number == 1) {
      if (line != header_line) return wrong(1, fmt::format("the first line is not `{}`", header_line));
      continue;
    }
    if (line.empty() || line[0] == '#') continue;
    auto entry = parse_key(line);
    if (!entry) return wrong(number, entry.error().message);
    if (auto good = check_against(ring, *entry); !good) return wrong(number, good.error().message);
    ring.entries.push_back(std::move(*entry));
  }
  if (ring.active() == nullptr) return fail(ErrorKind::invalid, "{}: no key of it is active: {}", file, remedy);
  ring.sort();
  return ring;
}

}  // namespace

Result<Keyring> read_key_file(BytesView content, std::string_view file) {
  if (as_text(content).starts_with(header_word)) {
    if (content.size() > max_key_file)
      return fail(ErrorKind::invalid, "{}: the keyring is {} bytes long, at most {} are allowed: {}", file, content.size(),
                  max_key_file, remedy);
    return parse_ring(as_text(content), file);
  }
  auto raw = read_authkey(content, file);
  if (!raw) return pass(raw.error());
  return Keyring(*raw);
}

Secret keyring_text(const Keyring& ring) {
  std::string out;
  out.reserve(2 * max_key_file);  // never moved, so that no copy of a secret is left behind
  out += fmt::format("{}\n# The keys of a cluster: secret, mode 0400. Every node has the same.\n# key ID STATE CREATED SECRET\n",
                     header_line);
  for (const auto& e : ring.entries) {
    RELEVO_ASSERT(e.id != 0, "a key of a keyring has no id");
    out += fmt::format("key {} {} {} ", e.id, name(e.state), time_text(e.created));
    append_base64(out, e.state == KeyState::retire ? BytesView(e.fingerprint) : e.secret.view());
    out += '\n';
  }
  auto text = Secret::copy_of(as_bytes(out));
  wipe(out);
  return text;
}

std::string time_text(std::int64_t seconds) {
  if (seconds == 0) return "-";
  const std::chrono::sys_seconds at{std::chrono::seconds(seconds)};
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(at - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()), clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::optional<std::int64_t> parse_time(std::string_view text) {
  if (text == "-") return 0;
  constexpr std::string_view shape = "0000-00-00T00:00:00Z";
  if (text.size() != shape.size()) return std::nullopt;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (shape[i] == '0' ? !digit : text[i] != shape[i]) return std::nullopt;
  }
  const auto number = [&](std::size_t at, std::size_t size) {
    int value = 0;
    for (std::size_t i = at; i < at + size; ++i) value = value * 10 + (text[i] - '0');
    return value;
  };
  const std::chrono::year_month_day date{std::chrono::year(number(0, 4)), std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                         std::chrono::day(static_cast<unsigned>(number(8, 2)))};
  if (!date.ok() || number(11, 2) > 23 || number(14, 2) > 59 || number(17, 2) > 59) return std::nullopt;
  const auto days = std::chrono::sys_days(date).time_since_epoch();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(days).count() + number(11, 2) * 3600 + number(14, 2) * 60 + number(17, 2);
  return seconds > 0 ? std::optional<std::int64_t>(seconds) : std::nullopt;
}

}  // namespace relevo::seal
