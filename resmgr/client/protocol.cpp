// JSON of the local socket. Every read tolerates what it does not expect.
#include "resmgr/client/protocol.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

namespace relevo::resmgr {
namespace {

using nlohmann::json;

constexpr std::array<std::pair<cib::Verb, std::string_view>, 6> verbs{{
    {cib::Verb::create, "create"},
    {cib::Verb::modify, "modify"},
    {cib::Verb::replace, "replace"},
    {cib::Verb::remove, "remove"},
    {cib::Verb::erase, "erase"},
    {cib::Verb::bump, "bump"},
}};

constexpr std::array<std::pair<ErrorKind, std::string_view>, 10> kinds{{
    {ErrorKind::failed, "failed"},
    {ErrorKind::invalid, "invalid"},
    {ErrorKind::not_found, "not_found"},
    {ErrorKind::exists, "exists"},
    {ErrorKind::not_connected, "not_connected"},
    {ErrorKind::no_quorum, "no_quorum"},
    {ErrorKind::permission, "permission"},
    {ErrorKind::timeout, "timeout"},
    {ErrorKind::unsupported, "unsupported"},
    {ErrorKind::try_again, "try_again"},
}};

const json* member(const json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

Result<cib::Operation> operation_from(const json& value) {
  cib::Operation operation;
  const auto verb = text_of(value, "verb");
  bool known = false;
  for (const auto& [v, word] : verbs) {
    if (word != verb) continue;
    operation.verb = v;
    known = true;
  }
  if (!known) return fail(ErrorKind::invalid, "operations: unknown verb '{}'", verb);
  operation.target = text_of(value, "target");
  operation.xml = text_of(value, "xml");
  operation.allow_create = flag_of(value, "allow_create");
  operation.if_exists = flag_of(value, "if_exists");
  operation.all_matches = flag_of(value, "all_matches");
  return operation;
}

}  // namespace

Result<json> read_json(std::string_view text) {
  auto value = json::parse(text, nullptr, false);
  if (value.is_discarded() || !value.is_object()) return fail(ErrorKind::invalid, "not a JSON object");
  return value;
}

std::string write_json(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

std::string text_of(const json& object, const char* name, std::string_view fallback) {
  const auto* value = member(object, name);
  return value != nullptr && value->is_string() ? value->get_ref<const std::string&>() : std::string(fallback);
}

std::uint64_t number_of(const json& object, const char* name, std::uint64_t fallback) {
  const auto* value = member(object, name);
  return value != nullptr && value->is_number_unsigned() ? value->get<std::uint64_t>() : fallback;
}

bool flag_of(const json& object, const char* name, bool fallback) {
  const auto* value = member(object, name);
  return value != nullptr && value->is_boolean() ? value->get<bool>() : fallback;
}

json to_json(const cib::Change& change) {
  auto operations = json::array();
  for (const auto& op : change.operations) {
    std::string_view word = "modify";
    for (const auto& [verb, name] : verbs)
      if (verb == op.verb) word = name;
    operations.push_back({{"verb", word},
                          {"target", op.target},
                          {"xml", op.xml},
                          {"allow_create", op.allow_create},
                          {"if_exists", op.if_exists},
                          {"all_matches", op.all_matches}});
  }
  return {{"operations", std::move(operations)},
          {"origin", change.origin},
          {"client", change.client},
          {"user", change.user},
          {"at", change.at.seconds}};
}

Result<cib::Change> change_from(const json& value) {
  const auto* operations = member(value, "operations");
  if (operations == nullptr || !operations->is_array())
    return fail(ErrorKind::invalid, "a change needs a list of operations");
  cib::Change change;
  for (const auto& item : *operations) {
    auto operation = operation_from(item);
    if (!operation) return pass(operation.error());
    change.operations.push_back(std::move(*operation));
  }
  change.origin = text_of(value, "origin");
  change.client = text_of(value, "client");
  change.user = text_of(value, "user");
  const auto* at = member(value, "at");
  if (at != nullptr && at->is_number_integer()) change.at.seconds = at->get<std::int64_t>();
  return change;
}

json to_json(const cib::Version& version) {
  return {{"admin_epoch", version.admin_epoch}, {"epoch", version.epoch}, {"num_updates", version.num_updates}};
}

cib::Version version_from(const json& value) {
  return {number_of(value, "admin_epoch"), number_of(value, "epoch"), number_of(value, "num_updates")};
}

json to_json(const Snapshot& snapshot) {
  return {{"cib", snapshot.cib},
          {"local_node", snapshot.local_node},
          {"dc", snapshot.dc},
          {"quorate", snapshot.quorate},
          {"quorum_reason", snapshot.quorum_reason},
          {"synced", snapshot.synced},
          {"idle", snapshot.idle}};
}

Snapshot snapshot_from(const json& value) {
  Snapshot snapshot;
  snapshot.cib = text_of(value, "cib");
  snapshot.local_node = text_of(value, "local_node");
  snapshot.dc = text_of(value, "dc");
  snapshot.quorate = flag_of(value, "quorate");
  snapshot.quorum_reason = text_of(value, "quorum_reason");
  snapshot.synced = flag_of(value, "synced");
  snapshot.idle = flag_of(value, "idle");
  return snapshot;
}

json to_json(const Error& error) {
  std::string_view word = "failed";
  for (const auto& [kind, name] : kinds)
    if (kind == error.kind) word = name;
  return {{"kind", word}, {"message", error.message}};
}

Error error_from(const json& value) {
  Error error{text_of(value, "message", "no reason given"), ErrorKind::failed};
  const auto word = text_of(value, "kind");
  for (const auto& [kind, name] : kinds)
    if (name == word) error.kind = kind;
  return error;
}

}  // namespace relevo::resmgr
