// See digests.hpp. The text that is hashed is an element `parameters` with its attributes sorted by name.
#include "resmgr/policy/actions/digests.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "common/xml/tree.hpp"
#include "resmgr/policy/set/actions.hpp"
#include "resmgr/policy/set/values.hpp"
#include "resmgr/model/digest.hpp"

namespace relevo::policy {
namespace {

constexpr std::string_view timeout_name = "CRM_meta_timeout";

/// Sorted by name, each name once.
using Items = std::vector<std::pair<std::string_view, std::string_view>>;

std::string hash(const Items& parameters) {
  std::string text = " <parameters";
  for (const auto& [name, value] : parameters) {
    text.append(1, ' ').append(name).append("=\"");
    xml::append_escaped(text, value);
    text.append(1, '"');
  }
  text += "/>\n";
  return model::md5_hex(text);
}

/// Attributes that say where and how an operation runs, not with what.
bool is_never_hashed(std::string_view name) {
  constexpr std::array<std::string_view, 6> names{"id",      "crm_feature_set", "op-digest",
                                                  "on_node", "on_node_uuid",    "pcmk_external_ip"};
  return name.starts_with("CRM_meta_") || std::find(names.begin(), names.end(), name) != names.end();
}

/// Parameters that the fencer handles itself and that no fence agent is told. Older histories did not hash them.
bool is_fencer_parameter(std::string_view name) {
  if (name == "provides" || name == "stonith-timeout") return true;
  if (!name.starts_with("pcmk_")) return false;
  name.remove_prefix(5);
  constexpr std::array<std::string_view, 7> fixed{"action_limit", "delay_base", "delay_max", "host_argument",
                                                  "host_check",   "host_list",  "host_map"};
  return std::find(fixed.begin(), fixed.end(), name) != fixed.end() || name.ends_with("_action") ||
         name.ends_with("_timeout") || name.ends_with("_retries");
}

/// Is `name` one of the words of `list`, which has a blank before and behind each?
bool is_listed(std::string_view list, std::string_view name) {
  return list.find(fmt::format(" {} ", name)) != std::string_view::npos;
}

/// Compares versions such as 3.16.1 number by number.
bool is_older(std::string_view version, std::array<int, 3> than) {
  const char* at = version.data();
  const char* const end = at + version.size();
  for (const int wanted : than) {
    int number = 0;
    at = std::from_chars(at, end, number).ptr;
    if (number != wanted) return number < wanted;
    if (at != end) ++at;
  }
  return false;
}

/// What the agent would be called with for this operation, without anything of the cluster's.
struct Hashed {
  Action probe{};          ///< only to read what is configured; it is no part of the plan
  Attributes parameters{};   ///< of the resource alone
  Items all{};             ///< and of the operation; points into the others
};

void add(Items& items, std::string_view name, std::string_view value) {
  const bool known = std::any_of(items.begin(), items.end(), [&](const auto& item) { return item.first == name; });
  if (!known) items.emplace_back(name, value);
}

void gather(WorkingSet& set, Resource& rsc, Node& node, const DigestQuery& query, Hashed& hashed) {
  Action& probe = hashed.probe;
  probe.rsc = &rsc;
  probe.node = &node;
  probe.task = query.task;
  probe.interval = query.interval;
  probe.key = op_key(rsc.id, query.task, query.interval);
  read_operation_options(set, probe);
  if (probe.op) read_blocks(set, probe.op, "instance_attributes", Asking{.node = &node}, probe.extra);
  hashed.parameters = parameters_of(set, rsc, &node);
  if (const auto host = host_address(set, rsc); !host.empty()) add(hashed.all, "addr", host);
  for (const auto& [name, value] : hashed.parameters) add(hashed.all, name, value);
  for (const auto& [name, value] : probe.extra) add(hashed.all, name, value);
  std::erase_if(hashed.all, [](const auto& item) { return is_never_hashed(item.first); });
  if (query.interval.count() > 0) {
    if (const auto* timeout = find(probe.meta, "timeout"); timeout != nullptr) add(hashed.all, timeout_name, *timeout);
  }
  std::sort(hashed.all.begin(), hashed.all.end());
}

/// Without what the agent calls private. The timeout of a recurring operation has never been part of this one.
std::string secure_digest(const Resource& rsc, const Hashed& hashed, pugi::xml_node entry, std::string_view version) {
  const bool old = is_older(version, {3, 16, 0});
  Items shown = old ? Items(hashed.parameters.begin(), hashed.parameters.end()) : hashed.all;
  const std::string_view secret = entry ? entry.attribute("op-secure-params").value() : " passwd password user ";
  std::erase_if(shown, [&](const auto& item) {
    return item.first == timeout_name || is_listed(secret, item.first) ||
           (old && (is_never_hashed(item.first) || (rsc.klass == "stonith" && is_fencer_parameter(item.first))));
  });
  return hash(shown);
}

/// Only what cannot be reloaded.
std::string restart_digest(const Hashed& hashed, pugi::xml_node entry) {
  if (!entry.attribute("op-restart-digest")) return {};
  Items shown = hashed.all;
  if (const auto list = entry.attribute("op-force-restart"); list) {
    std::erase_if(shown, [&](const auto& item) { return !is_listed(list.value(), item.first); });
  }
  return hash(shown);
}

std::string_view version_of(const WorkingSet& set, pugi::xml_node entry) {
  const auto own = entry.attribute("crm_feature_set");
  const auto chosen = own ? own : set.cib.attribute("crm_feature_set");
  return chosen ? std::string_view(chosen.value()) : std::string_view("3.16.1");
}

}  // namespace

OperationDigests operation_digests(WorkingSet& set, Resource& rsc, Node& node, const DigestQuery& query) {
  Hashed hashed;
  gather(set, rsc, node, query, hashed);
  OperationDigests digests;
  // A changed parameter of the operation itself takes effect only when it is run again: never a mere reload
  if (!hashed.probe.extra.empty() && query.interval.count() == 0) digests.match = DigestMatch::restart;
  digests.all = hash(hashed.all);
  if (query.with_secure) digests.secure = secure_digest(rsc, hashed, query.entry, version_of(set, query.entry));
  if (query.entry) digests.restart = restart_digest(hashed, query.entry);
  return digests;
}

OperationDigests compare_digests(WorkingSet& set, Resource& rsc, Node& node, pugi::xml_node entry) {
  const DigestQuery query{.task = entry.attribute("operation").value(),
                          .interval = std::chrono::milliseconds(entry.attribute("interval").as_llong()),
                          .entry = entry};
  OperationDigests now = operation_digests(set, rsc, node, query);
  const auto then = entry.attribute("op-digest");
  const auto then_restart = entry.attribute("op-restart-digest");
  const bool expired = set.expired_recurring.contains(entry.hash_value());
  // Of several entries of one operation the first says whether there is a digest for restarts at all
  const bool may_restart =
      set.restart_digests
          .try_emplace(fmt::format("{}@{}", op_key(rsc.id, query.task, query.interval), node.index),
                       expired || then_restart)
          .first->second;
  if (expired && may_restart) {
    now.match =
        DigestMatch::restart;  // its failure is forgotten: only a fresh start of it tells whether it fails still
  } else if (then_restart && may_restart && !now.restart.empty() && now.restart != then_restart.value()) {
    now.match = DigestMatch::restart;
  } else if (!then) {
    now.match = DigestMatch::unknown;
  } else if (now.all == then.value()) {
    now.match = DigestMatch::same;
  } else if (now.match != DigestMatch::restart) {
    now.match = DigestMatch::changed;
  }
  if (set.sanitized && now.match != DigestMatch::same) {
    DigestQuery without_secrets = query;
    without_secrets.with_secure = true;
    now.secure = operation_digests(set, rsc, node, without_secrets).secure;
  }
  return now;
}

OperationDigests compare_unfencing_digests(WorkingSet& set, Resource& device, std::string_view agent, Node& node) {
  OperationDigests now = operation_digests(set, device, node, {.task = "stonith-on", .with_secure = true});
  const auto recorded = [&](std::string_view name, const std::string& digest) {
    const auto* summary = find(node.attributes, name);
    return summary != nullptr && summary->find(fmt::format("{}:{}:{},", device.id, agent, digest)) != std::string::npos;
  };
  if (find(node.attributes, "#digests-all") == nullptr) {
    now.match = DigestMatch::unknown;
  } else if (recorded("#digests-all", now.all)) {
    now.match = DigestMatch::same;
  } else if (recorded("#digests-secure", now.secure)) {
    now.match = DigestMatch::same;
    set.say(Notice::Level::info,
            fmt::format("Only 'private' parameters to {} for unfencing {} changed", device.id, node.name));
  } else {
    now.match = DigestMatch::changed;
  }
  return now;
}

bool needs_host_address(WorkingSet& set, const Resource& connection) {
  if (!connection.is_remote_connection || connection.klass != "ocf" || connection.provider != "pacemaker" ||
      connection.type != "remote") {
    return false;
  }
  const Attributes parameters = parameters_of(set, connection, nullptr);
  const auto* address = find(parameters, "addr");
  return address != nullptr && *address == "#uname";
}

std::string_view host_address(WorkingSet& set, const Resource& connection) {
  if (connection.container == nullptr || !needs_host_address(set, connection)) return {};
  const Resource& container = *connection.container;
  if (container.assigned_to != nullptr) return container.assigned_to->name;
  return container.running_on.empty() ? std::string_view() : std::string_view(container.running_on.front()->name);
}

}  // namespace relevo::policy
