// Quorum in the stack: what rings, ordered messages and the operator mean for it, and what it has to say to the others.
#include "membership/stack/impl.hpp"
#include "membership/stack/sync_note.hpp"

namespace relevo::stack {

namespace {
Bytes control_payload(ControlKind kind, std::uint32_t value) {
  Writer out;
  out.u8(static_cast<std::uint8_t>(kind));
  out.u32(value);
  return out.take();
}
}  // namespace

void Stack::Impl::on_synced(const groups::Synced& synced) {
  std::map<NodeId, quorum::Info> infos;
  for (const auto& [node, bytes] : synced.notes) {
    const auto sync_note = decode_sync_note(bytes);
    infos[node] = quorum::decode_info(sync_note.quorum);
    infos[node].quorate = sync_note.configuration && sync_note.configuration->quorate;
  }
  const bool before = quorum.view().quorate;
  quorum.on_synced(synced.ring, infos, !synced.breaking_up);
  // A ring that is over by now says nothing to anybody; the next one follows in this same breath.
  if (synced.breaking_up) return;
  if (quorum.view().quorate != before) out.notes.push_back(note(Level::notice, "{}", quorum.view().reason));
  tell_all(quorum.view());
}

/// After each step: what has become due is proposed to all.
void Stack::Impl::drive_quorum(Instant now) {
  if (phase != Phase::running) return;
  quorum.on_tick(now);
  const auto proposal = quorum.take_proposal();
  if (!proposal) return;
  Writer payload;
  payload.u8(static_cast<std::uint8_t>(ControlKind::quorum_proposal));
  payload.bytes(*proposal);
  groups.control(payload.take(), groups::Guarantee::safe);
}

void Stack::Impl::tell_quorum(bool was_quorate) {
  if (quorum.view().quorate != was_quorate) out.notes.push_back(note(Level::notice, "{}", quorum.view().reason));
  tell_all(quorum.view());
}

bool Stack::Impl::on_quorum_control(NodeId from, BytesView payload) {
  Reader in(payload);
  const auto kind = static_cast<ControlKind>(in.u8());
  const bool was = quorum.view().quorate;
  if (kind == ControlKind::quorum_proposal) {
    const auto basis = in.bytes();
    if (in.done() && quorum.on_proposal(basis, !breaking_up)) tell_quorum(was);
    return true;
  }
  if (kind != ControlKind::expected_votes && kind != ControlKind::cancel_wait_for_all) return false;
  const auto value = in.u32();
  if (!in.done()) return true;
  if (kind == ControlKind::expected_votes) {
    if (const auto done = quorum.set_expected_votes(value, !breaking_up); !done) {
      out.notes.push_back(note(Level::warning, "node {} asked for other expected votes: {}", from, done.error().message));
      return true;
    }
  } else {
    quorum.cancel_wait_for_all();
  }
  out.notes.push_back(note(Level::notice, "asked by node {}: {}", from, quorum.view().reason));
  tell_all(quorum.view());
  return true;
}

void Stack::Impl::on(const SetExpectedVotes& input, Instant) {
  auto probe = quorum;  // the same rules will be asked again when it is delivered
  if (auto done = probe.set_expected_votes(input.votes); !done) {
    out.refused = done.error();
    return;
  }
  groups.control(control_payload(ControlKind::expected_votes, input.votes), groups::Guarantee::safe);
}

void Stack::Impl::on(const CancelWaitForAll&, Instant) {
  if (!quorum.view().waiting_for_all) {
    out.refused = Error{"this node is not waiting for all nodes", ErrorKind::invalid};
    return;
  }
  groups.control(control_payload(ControlKind::cancel_wait_for_all, 0), groups::Guarantee::safe);
}

}  // namespace relevo::stack
