// The bytes of a sync note; see sync_note.hpp.
#include "membership/stack/sync_note.hpp"

namespace relevo::stack {

Bytes encode(const SyncNote& note) {
  Writer out;
  out.bytes(note.quorum);
  const auto its = note.configuration.value_or(reload::Standpoint{});
  out.u64(its.in_force.version);
  out.u64(its.in_force.digest);
  out.boolean(its.quorate);
  return out.take();
}

SyncNote decode_sync_note(BytesView bytes) {
  Reader in(bytes);
  SyncNote note;
  const auto quorum = in.bytes();
  if (in.ok()) note.quorum = {quorum.begin(), quorum.end()};
  reload::Standpoint its;
  its.in_force.version = in.u64();
  its.in_force.digest = in.u64();
  its.quorate = in.boolean();
  if (in.ok()) note.configuration = its;
  return note;
}

}  // namespace relevo::stack
