// Encoding and decoding of packets. Every size and count is checked before it is used; nothing is trusted.
#include "membership/wire/codec.hpp"

#include <algorithm>

namespace relevo::wire {
namespace {

enum class Type : std::uint8_t { token = 1, mcast, merge_detect, join, commit_token, hold_cancel };

void put_ring(Writer& out, const RingId& ring) {
  out.u32(ring.rep.value);
  out.u64(ring.seq);
}

void put_nodes(Writer& out, const std::vector<NodeId>& nodes) {
  out.u16(static_cast<std::uint16_t>(nodes.size()));
  for (const auto node : nodes) out.u32(node.value);
}

void put_mcast_header(Writer& out, const Mcast& p) {
  put_ring(out, p.ring);
  out.u64(p.seq.value);
  out.u32(p.sender.value);
  out.boolean(p.safe);
  out.boolean(p.origin.has_value());
  if (p.origin) {
    put_ring(out, p.origin->ring);
    out.u64(p.origin->seq.value);
    out.u32(p.origin->sender.value);
  }
  out.u16(static_cast<std::uint16_t>(p.pieces.size()));
}

struct Encoder {
  Writer& out;

  void operator()(const Token& p) const {
    put_ring(out, p.ring);
    out.u64(p.token_seq);
    out.u64(p.seq.value);
    out.u64(p.aru.value);
    out.u32(p.aru_owner.value);
    out.u32(p.fcc);
    out.u32(p.fcc_bytes);
    out.u32(p.backlog);
    out.u8(static_cast<std::uint8_t>(p.phase));
    out.boolean(p.more);
    out.u16(static_cast<std::uint16_t>(p.missing.size()));
    for (const auto seq : p.missing) out.u64(seq.value);
  }
  void operator()(const Mcast& p) const {
    put_mcast_header(out, p);
    out.raw(p.pieces.encoded());
  }
  void operator()(const MergeDetect& p) const {
    put_ring(out, p.ring);
    put_nodes(out, p.members);
    put_nodes(out, p.hears);
    out.boolean(p.refusal);
    out.u32(p.votes);
    out.boolean(p.quorate);
  }
  void operator()(const Join& p) const {
    out.u64(p.ring_seq);
    put_ring(out, p.old_ring);
    put_nodes(out, p.proposal);
    put_nodes(out, p.hears);
    out.boolean(p.leave);
    out.u32(p.votes);
    out.boolean(p.quorate);
    put_nodes(out, p.spoke);
  }
  void operator()(const CommitToken& p) const {
    put_ring(out, p.ring);
    out.u16(p.hop);
    out.u16(static_cast<std::uint16_t>(p.members.size()));
    for (const auto& entry : p.members) {
      out.u32(entry.node.value);
      put_ring(out, entry.old_ring);
      out.u64(entry.aru.value);
      out.u64(entry.high.value);
      out.u64(entry.safe.value);
      out.u64(entry.obligations);
    }
  }
  void operator()(const HoldCancel& p) const { put_ring(out, p.ring); }
};

/// The decoders read everything first and judge once; `wrong` keeps the first thing that is against the rules.
class Decoder {
 public:
  /// `buffer`: what `bytes` lie in, to be shared by the pieces of a frame; null when they must be copied.
  Decoder(BytesView bytes, std::shared_ptr<const Bytes> buffer) : in_(bytes), buffer_(std::move(buffer)) {}

  Result<Packet> packet() {
    switch (static_cast<Type>(in_.u8())) {
      case Type::token: return finish("token", token());
      case Type::mcast: return finish("mcast", mcast());
      case Type::merge_detect: return finish("merge_detect", merge_detect());
      case Type::join: return finish("join", join());
      case Type::commit_token: return finish("commit_token", commit_token());
      case Type::hold_cancel: return finish("hold_cancel", HoldCancel{ring()});
    }
    return fail(ErrorKind::invalid, "packet: unknown type");
  }

 private:
  Result<Packet> finish(const char* type, Packet packet) {
    if (wrong_ != nullptr) return fail(ErrorKind::invalid, "{}: {}", type, wrong_);
    if (!in_.ok()) return fail(ErrorKind::invalid, "{}: too short", type);
    if (!in_.done()) return fail(ErrorKind::invalid, "{}: {} bytes left over", type, in_.left());
    return packet;
  }
  void require(bool condition, const char* otherwise) {
    if (!condition && wrong_ == nullptr && in_.ok()) wrong_ = otherwise;
  }

  NodeId node() {
    const NodeId id(in_.u32());
    require(id.value != 0, "node 0");
    return id;
  }
  RingId ring_or_none() {
    RingId id;
    id.rep = NodeId(in_.u32());
    id.seq = in_.u64();
    require(id.seq <= max_ring_seq, "ring number out of range");
    require((id.rep.value == 0) == (id.seq == 0), "half a ring id");
    return id;
  }
  RingId ring() {
    const auto id = ring_or_none();
    require(id.rep.value != 0, "no ring");
    return id;
  }
  std::vector<NodeId> nodes() {
    const std::size_t n = in_.count(in_.u16(), 4);
    require(n <= max_nodes, "too many nodes");
    std::vector<NodeId> out;
    for (std::size_t i = 0; i < n && i < max_nodes; ++i) out.push_back(node());
    require(std::adjacent_find(out.begin(), out.end(), std::greater_equal<>()) == out.end(), "nodes not sorted");
    return out;
  }

  Token token() {
    Token p;
    p.ring = ring();
    p.token_seq = in_.u64();
    p.seq = MessageSeq(in_.u64());
    p.aru = MessageSeq(in_.u64());
    p.aru_owner = NodeId(in_.u32());
    p.fcc = in_.u32();
    p.fcc_bytes = in_.u32();
    p.backlog = in_.u32();
    const auto phase = in_.u8();
    require(phase <= static_cast<std::uint8_t>(Phase::regular), "unknown phase");
    p.phase = static_cast<Phase>(phase);
    p.more = in_.boolean();
    const std::size_t n = in_.count(in_.u16(), 8);
    require(n <= max_missing, "too many requests");
    for (std::size_t i = 0; i < n && i < max_missing; ++i) p.missing.emplace_back(in_.u64());
    require(std::adjacent_find(p.missing.begin(), p.missing.end(), std::greater_equal<>()) == p.missing.end(),
            "requests not sorted");
    require(p.aru <= p.seq, "aru above seq");
    require(p.missing.empty() || (p.missing.front().value > 0 && p.missing.back() <= p.seq), "request out of range");
    return p;
  }
  Mcast mcast() {
    Mcast p;
    p.ring = ring();
    p.seq = MessageSeq(in_.u64());
    require(p.seq.value != 0, "message 0");
    p.sender = node();
    p.safe = in_.boolean();
    if (in_.boolean()) {
      Origin origin;
      origin.ring = ring();
      origin.seq = MessageSeq(in_.u64());
      require(origin.seq.value != 0, "message 0");
      origin.sender = node();
      p.origin = origin;
    }
    const std::size_t n = in_.count(in_.u16(), piece_header);
    require(n > 0, "no pieces");
    const auto body = in_.raw(in_.left());
    require(is_well_formed(body, n), "bad pieces");
    if (wrong_ == nullptr && in_.ok()) p.pieces = Pieces(buffer_ ? buffer_ : copy_of(body), buffer_ ? buffer_->size() - body.size() : 0, n);
    return p;
  }
  static std::shared_ptr<const Bytes> copy_of(BytesView bytes) { return std::make_shared<const Bytes>(bytes.begin(), bytes.end()); }
  MergeDetect merge_detect() {
    MergeDetect p;
    p.ring = ring();
    p.members = nodes();
    p.hears = nodes();
    p.refusal = in_.boolean();
    p.votes = in_.u32();
    p.quorate = in_.boolean();
    require(!p.members.empty(), "no members");
    return p;
  }
  Join join() {
    Join p;
    p.ring_seq = in_.u64();
    require(p.ring_seq <= max_ring_seq, "ring number out of range");
    p.old_ring = ring_or_none();
    p.proposal = nodes();
    p.hears = nodes();
    p.leave = in_.boolean();
    p.votes = in_.u32();
    p.quorate = in_.boolean();
    p.spoke = nodes();
    return p;
  }
  CommitToken commit_token() {
    CommitToken p;
    p.ring = ring();
    p.hop = in_.u16();
    const std::size_t n = in_.count(in_.u16(), 48);
    require(n >= 1 && n <= max_nodes, "bad number of members");
    for (std::size_t i = 0; i < n && i < max_nodes; ++i) p.members.push_back(entry());
    const auto unordered = [](const CommitEntry& a, const CommitEntry& b) { return a.node >= b.node; };
    require(std::adjacent_find(p.members.begin(), p.members.end(), unordered) == p.members.end(), "members not sorted");
    require(!p.members.empty() && p.members.front().node == p.ring.rep, "representative is not the first member");
    require(p.hop >= 1 && p.hop <= 2 * n, "hop out of range");
    return p;
  }
  CommitEntry entry() {
    CommitEntry e;
    e.node = node();
    e.old_ring = ring_or_none();
    e.aru = MessageSeq(in_.u64());
    e.high = MessageSeq(in_.u64());
    e.safe = MessageSeq(in_.u64());
    e.obligations = in_.u64();
    require(e.safe <= e.aru && e.aru <= e.high, "positions out of order");
    return e;
  }

  Reader in_;
  std::shared_ptr<const Bytes> buffer_;
  const char* wrong_ = nullptr;
};

}  // namespace

Bytes encode(const Packet& packet) {
  Writer out;
  out.u8(static_cast<std::uint8_t>(packet.index() + 1));
  std::visit(Encoder{out}, packet);
  return out.take();
}

std::shared_ptr<const Bytes> image(const Packet& packet) {
  const auto* frame = std::get_if<Mcast>(&packet);
  if (frame != nullptr && frame->pieces.buffer()) {
    Writer header;
    header.u8(static_cast<std::uint8_t>(Type::mcast));
    put_mcast_header(header, *frame);
    const BytesView whole(*frame->pieces.buffer());
    if (frame->pieces.offset() == header.size() && std::ranges::equal(header.view(), whole.first(header.size())))
      return frame->pieces.buffer();
  }
  return std::make_shared<const Bytes>(encode(packet));
}

void put_fresh_header(Bytes& frame, const RingId& ring, MessageSeq seq, NodeId sender, bool safe, std::size_t pieces) {
  Writer out;
  out.u8(static_cast<std::uint8_t>(Type::mcast));
  put_ring(out, ring);
  out.u64(seq.value);
  out.u32(sender.value);
  out.boolean(safe);
  out.boolean(false);
  out.u16(static_cast<std::uint16_t>(pieces));
  std::ranges::copy(out.view(), frame.begin());
}

namespace {
Result<Packet> decode_within(BytesView bytes, std::shared_ptr<const Bytes> buffer) {
  const bool is_frame = !bytes.empty() && bytes.front() == static_cast<std::uint8_t>(Type::mcast);
  if (bytes.size() > (is_frame ? max_frame : max_packet))
    return fail(ErrorKind::invalid, "packet: {} bytes are too many", bytes.size());
  return Decoder(bytes, std::move(buffer)).packet();
}
}  // namespace

Result<Packet> decode(BytesView bytes) { return decode_within(bytes, nullptr); }

Result<Packet> decode(Bytes&& bytes) {
  const auto buffer = std::make_shared<const Bytes>(std::move(bytes));
  return decode_within(*buffer, buffer);
}

const char* type_name(const Packet& packet) {
  constexpr const char* names[] = {"token", "mcast", "merge_detect", "join", "commit_token", "hold_cancel"};
  return names[packet.index()];
}

}  // namespace relevo::wire
