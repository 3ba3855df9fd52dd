// The codec of the key messages: strict, every count bounded by what is left.
#include "membership/keys/messages.hpp"

#include <algorithm>

namespace relevo::keys {

namespace {

constexpr std::size_t max_nodes = 1024, max_box = 256, max_reason = 1024;
/// Keys that one message may name. Members that were apart for long may know of more than one ring holds; what is beyond
/// even this is retired in a later round.
constexpr std::size_t max_named = 255;

void put(Writer& out, const Round& r) {
  out.u32(r.ring.rep.value);
  out.u64(r.ring.seq);
  out.u32(r.number);
}
void put(Writer& out, const Meta& m) {
  out.u8(m.id);
  out.u8(static_cast<std::uint8_t>(m.state));
  out.i64(m.created);
  out.raw(m.fingerprint);
}
void put(Writer& out, const std::set<Fingerprint>& all) {
  auto left = std::min(all.size(), max_named);
  out.u8(static_cast<std::uint8_t>(left));
  for (auto f = all.begin(); left > 0; ++f, --left) out.raw(*f);
}

struct Encode {
  Writer& out;
  void operator()(const Begin&) const {}
  void operator()(const Have& m) const {
    out.raw(m.open);
    out.boolean(m.durable);
    out.u8(static_cast<std::uint8_t>(m.keys.size()));
    for (const auto& k : m.keys) put(out, k);
  }
  void operator()(const Give& m) const {
    put(out, m.key);
    out.boolean(m.fresh);
    out.u16(static_cast<std::uint16_t>(m.boxes.size()));
    for (const auto& [node, box] : m.boxes) {
      out.u32(node.value);
      out.bytes(box);
    }
  }
  void operator()(const Held& m) const { out.raw(m.key); }
  void operator()(const Failed& m) const { out.text(std::string_view(m.why).substr(0, max_reason)); }
  void operator()(const Settle& m) const {
    out.raw(m.active);
    put(out, m.retired);
  }
  void operator()(const Done& m) const { out.boolean(m.durable); }
  void operator()(const Retire& m) const {
    put(out, m.keys);
    out.boolean(m.asked);
  }
};

template <std::size_t n>
std::array<std::uint8_t, n> get_array(Reader& in) {
  std::array<std::uint8_t, n> out{};
  const auto raw = in.raw(n);
  std::copy(raw.begin(), raw.end(), out.begin());
  return out;
}
Round get_round(Reader& in) {
  Round r;
  r.ring.rep = NodeId{in.u32()};
  r.ring.seq = in.u64();
  r.number = in.u32();
  return r;
}
/// `good` turns false for what no ring can have.
Meta get_meta(Reader& in, bool& good) {
  Meta m;
  m.id = in.u8();
  const auto state = in.u8();
  good = good && m.id != 0 && state >= 1 && state <= 3;
  m.state = good ? static_cast<KeyState>(state) : KeyState::accept;
  m.created = in.i64();
  good = good && m.created >= 0 && m.created <= latest_creation;
  m.fingerprint = get_array<sizeof(Fingerprint)>(in);
  return m;
}
std::set<Fingerprint> get_set(Reader& in, bool& good) {
  std::set<Fingerprint> out;
  const auto n = in.count(in.u8(), sizeof(Fingerprint));
  for (std::size_t i = 0; i < n; ++i) out.insert(get_array<sizeof(Fingerprint)>(in));
  good = good && out.size() == n;
  return out;
}

Have get_have(Reader& in, Round round, bool& good) {
  Have m{round, get_array<sizeof(PublicKey)>(in), in.boolean(), {}};
  const auto n = in.count(in.u8(), 2 + 8 + sizeof(Fingerprint));
  for (std::size_t i = 0; i < n; ++i) m.keys.push_back(get_meta(in, good));
  good = good && n <= seal::max_keys;
  return m;
}
Give get_give(Reader& in, Round round, bool& good) {
  Give m{round, get_meta(in, good), in.boolean(), {}};
  const auto n = in.count(in.u16(), 8);
  good = good && n <= max_nodes;
  for (std::size_t i = 0; i < n && in.ok(); ++i) {
    const NodeId node{in.u32()};
    const auto box = in.bytes(max_box);
    good = m.boxes.emplace(node, Bytes(box.begin(), box.end())).second && good;
  }
  return m;
}

}  // namespace

const Round& round_of(const Message& message) {
  return std::visit([](const auto& m) -> const Round& { return m.round; }, message);
}

Bytes encode(const Message& message) {
  Writer out;
  out.u8(static_cast<std::uint8_t>(message.index() + 1));
  put(out, round_of(message));
  std::visit(Encode{out}, message);
  return out.take();
}

std::optional<Message> decode(BytesView bytes) {
  Reader in(bytes);
  const auto kind = in.u8();
  const auto round = get_round(in);
  bool good = true;
  Message message;
  switch (kind) {
    case 1: message = Begin{round}; break;
    case 2: message = get_have(in, round, good); break;
    case 3: message = get_give(in, round, good); break;
    case 4: message = Held{round, get_array<sizeof(Fingerprint)>(in)}; break;
    case 5: message = Failed{round, in.text(max_reason)}; break;
    case 6: {
      const auto active = get_array<sizeof(Fingerprint)>(in);
      message = Settle{round, active, get_set(in, good)};
      break;
    }
    case 7: message = Done{round, in.boolean()}; break;
    case 8: {
      auto all = get_set(in, good);
      message = Retire{round, std::move(all), in.boolean()};
      break;
    }
    default: return std::nullopt;
  }
  if (!good || !in.done()) return std::nullopt;
  return message;
}

}  // namespace relevo::keys
