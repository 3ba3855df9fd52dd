// What one node asks of another in the total order, beside the clients' messages: to leave the cluster.
#include <algorithm>

#include "membership/stack/impl.hpp"

namespace relevo::stack {

void Stack::Impl::on(const AskToLeave& input, Instant) {
  const bool member = regular && std::find(regular->members.begin(), regular->members.end(), input.node) != regular->members.end();
  if (!member) {
    out.refused = Error{fmt::format("node {} is not in the ring", input.node), ErrorKind::not_found};
    return;
  }
  Writer w;
  w.u8(static_cast<std::uint8_t>(ControlKind::leave_node));
  w.u32(input.node.value);
  groups.control(w.take());
}

/// True when the payload is such a request, whomever it is for.
bool Stack::Impl::on_leave_node(NodeId from, BytesView payload) {
  Reader in(payload);
  const auto kind = static_cast<ControlKind>(in.u8());
  const NodeId node(in.u32());
  if (!in.done() || kind != ControlKind::leave_node) return false;
  out.notes.push_back(note(Level::notice, "node {} asks node {} to leave the cluster", from, node));
  if (node == self) out.asked_to_leave = from;
  return true;
}

const std::map<std::string, std::map<groups::Member, std::uint32_t>>& Stack::groups() const { return impl_->groups.members(); }

}  // namespace relevo::stack
