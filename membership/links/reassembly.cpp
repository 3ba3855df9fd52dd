// Parts of bodies: their layout, and the bounded store of unfinished ones.
#include "membership/links/reassembly.hpp"

#include <algorithm>

namespace relevo::links {

Bytes encode(const Part& part) {
  Writer out;
  out.u64(part.body);
  out.u32(part.total);
  out.u8(part.index);
  out.u8(part.count);
  out.raw(part.data);
  return out.take();
}

std::optional<Part> decode_part(BytesView body) {
  Reader in(body);
  Part part;
  part.body = in.u64();
  part.total = in.u32();
  part.index = in.u8();
  part.count = in.u8();
  if (!in.ok() || part.count < 2 || part.index >= part.count || part.total > max_body) return std::nullopt;
  const auto size = part_size(part.total, part.count);
  const auto before = size * (part.count - 1U);
  if (part.total <= before) return std::nullopt;  // the last part would be empty
  part.data = in.raw(in.left());
  const auto due = part.index + 1 == part.count ? part.total - before : size;
  if (part.data.size() != due) return std::nullopt;
  return part;
}

void Reassembly::make_room(NodeId from) {
  const auto of_peer = std::count_if(bodies_.begin(), bodies_.end(), [&](const Body& b) { return b.from == from; });
  auto victim = bodies_.end();
  if (static_cast<std::size_t>(of_peer) >= max_of_peer)
    victim = std::find_if(bodies_.begin(), bodies_.end(), [&](const Body& b) { return b.from == from; });
  else if (bodies_.size() >= max_in_all)
    victim = bodies_.begin();
  if (victim == bodies_.end()) return;
  bodies_.erase(victim);
  ++dropped_;
}

Reassembly::Bodies::iterator Reassembly::find_or_add(NodeId from, const Part& part) {
  // Parts of one body come close together, so the newest is looked at first.
  const auto it = std::find_if(bodies_.rbegin(), bodies_.rend(),
                               [&](const Body& b) { return b.from == from && b.number == part.body; });
  if (it != bodies_.rend()) return std::prev(it.base());
  make_room(from);
  Body body{from, part.body, part.count, part.count, {}, Bytes(part.total)};
  return bodies_.insert(bodies_.end(), std::move(body));
}

std::optional<Bytes> Reassembly::take(NodeId from, const Part& part) {
  const auto body = find_or_add(from, part);
  if (body->count != part.count || body->bytes.size() != part.total || body->has.test(part.index)) return std::nullopt;
  body->has.set(part.index);
  std::copy(part.data.begin(), part.data.end(),
            body->bytes.begin() + static_cast<std::ptrdiff_t>(part.index * part_size(part.total, part.count)));
  if (--body->missing != 0) return std::nullopt;
  Bytes done = std::move(body->bytes);
  bodies_.erase(body);
  return done;
}

void Reassembly::forget(NodeId peer) {
  bodies_.remove_if([&](const Body& b) { return b.from == peer; });
}

}  // namespace relevo::links
