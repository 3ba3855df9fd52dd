// The daemon's connection with the arbiter: one TLS stream that the core asks for, feeds and ends. Decides nothing.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/config/cluster_config.hpp"
#include "common/io/tls.hpp"
#include "membership/stack/stack.hpp"

namespace relevo::membership {

class ArbiterLink {
 public:
  /// `step` steps the core and performs its output; it is called on turns of the loop of its own.
  ArbiterLink(io::Loop& loop, std::string token_path, std::function<void(const stack::Input&)> step);
  ~ArbiterLink();

  /// The device section that is in force. When there is one, its token is read and the core told, on a later turn.
  void configure(const config::DeviceConfig& device);
  void perform(const std::vector<stack::ArbiterAction>& actions);

 private:
  void connect();
  void disconnect();
  void give_token();

  io::Loop& loop_;
  std::string token_path_;
  std::function<void(const stack::Input&)> step_;
  config::DeviceConfig device_;
  std::string told_;  ///< what the core was told last: another is another client
  std::shared_ptr<io::TlsConnection> connection_;
  io::Timer retry_;
};

}  // namespace relevo::membership
