// The daemon's share in the change of keys: the key file, what an operator asks, and the report.
#include <nlohmann/json.hpp>

#include "common/base/text.hpp"
#include "common/log/log.hpp"
#include "membership/daemon/daemon.hpp"
#include "membership/daemon/key_file.hpp"

namespace relevo::membership {

void Daemon::perform_keys(const stack::Output& output) {
  for (const auto& write : output.store_keyring) {
    auto result = std::make_shared<Status>();
    loop_.offload([path = setup_.key_path, write, result] { *result = store_key_file(path, write.content); },
                  [this, ticket = write.ticket, result] {
                    stack::KeyringStored input{ticket, std::nullopt};
                    if (!*result) input.failure = result->error();
                    step(input);
                    after_steps();
                  });
  }
  for (const auto& answer : output.key_answers) {
    const auto reply = key_replies_.extract(answer.request);
    if (!reply.empty()) reply.mapped()(answer.result);
  }
}

/// `key-rotate [force]`, `key-retire ID [force]`. Whether the command was one of these.
bool Daemon::control_keys(const std::string& command, const Reply& reply) {
  auto parts = words(command);
  if (parts.empty() || (parts[0] != "key-rotate" && parts[0] != "key-retire")) return false;
  const bool force = parts.back() == "force";
  if (force) parts.pop_back();
  const auto request = ++key_requests_;
  if (parts == std::vector<std::string>{"key-rotate"}) {
    key_replies_[request] = reply;
    step(stack::RotateKey{request, force, loop_.wall().seconds});
  } else {
    const auto id = parts.size() == 2 && parts[0] == "key-retire" ? parse_uint(parts[1]) : std::nullopt;
    if (!id || *id < 1 || *id > 255) {
      reply(fail(ErrorKind::invalid, "{}: a key id from 1 to 255, and perhaps force", parts[0]));
      return true;
    }
    key_replies_[request] = reply;
    step(stack::RetireKey{request, static_cast<std::uint8_t>(*id), force});
  }
  after_steps();
  return true;
}

/// Ids, states, dates and holders; no secret is in it.
std::string Daemon::keys_report() const {
  const auto status = stack_->status();
  nlohmann::ordered_json out;
  out["file"] = setup_.key_path;
  out["state"] = status.keys.state;
  if (!status.keys.problem.empty()) out["problem"] = status.keys.problem;
  if (status.keys.asked_by) out["asked_by"] = status.keys.asked_by->value;
  out["nodes"] = nlohmann::ordered_json::array();
  for (const auto& node : setup_.config.nodes) out["nodes"].push_back({{"id", node.id.value}, {"name", node.name}});
  out["members"] = nlohmann::ordered_json::array();
  for (const auto node : status.members) out["members"].push_back(node.value);
  out["keys"] = nlohmann::ordered_json::array();
  for (const auto& [key, holders] : status.keys.keys) {
    nlohmann::ordered_json entry{{"id", key.id}, {"state", seal::name(key.state)}, {"created", seal::time_text(key.created)},
                                 {"fingerprint", seal::short_text(key.fingerprint)}};
    entry["holders"] = nlohmann::ordered_json::array();
    for (const auto node : holders) entry["holders"].push_back(node.value);
    out["keys"].push_back(std::move(entry));
  }
  return out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);  // names are whatever bytes the file has
}

}  // namespace relevo::membership
