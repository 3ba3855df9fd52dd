// The change of the configuration while running, as the stack's shell sees it: what it is asked and what it answers.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "common/base/address.hpp"
#include "common/config/cluster_config.hpp"
#include "membership/reload/agreement.hpp"

namespace relevo::stack {

/// A configuration that this node has looked at: parsed, its names resolved.
struct Settings {
  config::ClusterConfig config;
  std::map<NodeId, std::vector<Address>> addresses;
};
using SettingsPtr = std::shared_ptr<const Settings>;

// ---- inputs -------------------------------------------------------------------------------------------------

/// The operator of this node wants `text` for the whole cluster; its version is above the one in force. Refused at once
/// (Output::refused), or ended by Applied or reload::Aborted with the id that Output::proposed says.
struct Propose {
  reload::InForce target;
  std::string text;
};
/// The answer to reload::Check. `words` empty: yes, then `settings` is what will be applied.
struct ProposalChecked {
  reload::Id id;
  std::string words;
  SettingsPtr settings;
};
/// The answer to reload::TakeOver, of the same kind.
struct TakenOver {
  reload::InForce target;
  std::string words;
  SettingsPtr settings;
};

// ---- outputs ------------------------------------------------------------------------------------------------

/// The stack runs by `settings` from here on: open and close sockets before anything is sent, keep `text` in the file.
struct Applied {
  SettingsPtr settings;
  std::string text;
  std::optional<reload::Id> id;  ///< none when it was taken over from the ring
};
/// This node has to leave the cluster, and must not come back by itself.
struct MustLeave {
  std::string words;
};

/// Performed after Output::store_ring_seq and before Output::sends, in order.
using ReloadEvent = std::variant<reload::Check, reload::Aborted, reload::TakeOver, Applied, MustLeave>;

}  // namespace relevo::stack
