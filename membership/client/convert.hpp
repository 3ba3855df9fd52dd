// Between the types of the membership layer and the messages of its local socket.
#pragma once

#include "common/ipc/membership.hpp"
#include "membership/client/client.hpp"
#include "membership/groups/types.hpp"

namespace relevo::membership {

[[nodiscard]] Welcome from_ipc(ipc::Welcome v);
[[nodiscard]] groups::GroupView from_ipc(ipc::GroupView v);
[[nodiscard]] groups::GroupMessage from_ipc(const ipc::GroupMessage& v);

[[nodiscard]] ipc::Welcome to_ipc(const Welcome& v);
[[nodiscard]] ipc::GroupView to_ipc(const groups::GroupView& v);
/// The payload is only referred to: `v` must outlive the result.
[[nodiscard]] ipc::GroupMessage to_ipc(const groups::GroupMessage& v);

}  // namespace relevo::membership
