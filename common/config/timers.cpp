// Timer defaults of each profile, the formulas between them, and the cross-checks; see timers.hpp.
#include "common/config/timers.hpp"

#include <algorithm>

#include "common/base/text.hpp"
#include "common/config/raw_values.hpp"

namespace relevo::config {
namespace {

/// What a profile sets, in ms; everything else follows. docs/guide/cluster-conf.md has the same table.
struct ProfileTimers {
  std::int64_t heartbeat, link_timeout, token, coefficient, join, merge;
};

ProfileTimers timers_of(Profile profile) {
  switch (profile) {
    case Profile::fast: return {5, 20, 300, 65, 10, 50};
    case Profile::wan: return {300, 3000, 15'000, 1500, 300, 1000};
    case Profile::standard: break;
  }
  return {110, 280, 3000, 650, 50, 200};
}

Duration to_duration(std::int64_t ms) { return std::chrono::milliseconds(ms); }

/// Who gives one of the two moves the other along, so that one option alone is never a contradiction. A short `token`, as
/// a corosync.conf may have it, moves both: there it was the time in which a dead node is noticed.
Status fill_heartbeat(ClusterConfig& config, const ProfileTimers& base, std::int64_t token, std::string_view file) {
  auto heartbeat = number_of(config, "totem.heartbeat_interval", base.heartbeat);
  auto timeout = number_of(config, "totem.link_timeout", base.link_timeout);
  const bool beats = has_value(config, "totem.heartbeat_interval");
  const bool waits = has_value(config, "totem.link_timeout");
  if (!beats && waits) heartbeat = std::min(heartbeat, std::max<std::int64_t>(timeout * 2 / 5, 1));
  if (beats && !waits) timeout = std::max(timeout, heartbeat * 4);
  if (!waits && token <= timeout) {
    timeout = token * 4 / 5;
    if (!beats) heartbeat = std::min(heartbeat, std::max<std::int64_t>(timeout * 2 / 5, 1));
    config.notes.push_back(note(Level::notice, "{}: token is {} ms, so link_timeout is {} ms and heartbeats go every {} ms: the links notice a dead node first",
                                file, token, timeout, heartbeat));
  }
  if (2 * timeout < 5 * heartbeat)
    return fail(ErrorKind::invalid,
                "{}: link_timeout ({} ms) is shorter than two and a half heartbeats ({} ms each): one lost packet would cut a node off",
                file, timeout, heartbeat);
  config.totem.heartbeat = to_duration(heartbeat);
  config.totem.link_timeout = to_duration(timeout);
  return {};
}

/// A lost token is sent again as soon as a dead link would be noticed, unless the number of tries was asked for.
std::int64_t retransmit_of(const ClusterConfig& config, std::int64_t token, std::int64_t link_timeout) {
  const auto tries = number_of(config, "totem.token_retransmits_before_loss_const", 4);
  const auto spread = token * 5 / (tries * 5 + 1);  // token / (tries + 0.2)
  const bool tries_given = has_value(config, "totem.token_retransmits_before_loss_const");
  return std::max<std::int64_t>(5, tries_given ? spread : std::min(spread, link_timeout));
}

/// Whole heartbeats, because a held token leaves with them. Where none fits, or the number of tries was asked for, nearly as
/// long as a lost token waits.
std::int64_t hold_of(const ClusterConfig& config, std::int64_t retransmit) {
  const auto longest = retransmit * 8 / 10;
  const auto heartbeat = to_ms(config.totem.heartbeat);
  const bool tries_given = has_value(config, "totem.token_retransmits_before_loss_const");
  if (heartbeat <= longest && !tries_given) return longest / heartbeat * heartbeat;
  return std::max(longest - 10, std::max<std::int64_t>(retransmit / 2, 1));
}

}  // namespace

Status fill_timers(ClusterConfig& config, std::string_view file) {
  auto& t = config.totem;
  const auto base = timers_of(t.profile);
  const auto nodes = static_cast<std::int64_t>(config.nodes.size());
  const auto coefficient = number_of(config, "totem.token_coefficient", base.coefficient);
  const auto token = number_of(config, "totem.token", base.token) + (nodes > 2 ? (nodes - 2) * coefficient : 0);
  if (auto ok = fill_heartbeat(config, base, token, file); !ok) return ok;
  const auto retransmit = number_of(config, "totem.token_retransmit", retransmit_of(config, token, to_ms(t.link_timeout)));
  const auto hold = number_of(config, "totem.hold", hold_of(config, retransmit));
  const auto join = number_of(config, "totem.join", std::min(base.join, std::max<std::int64_t>(token / 6, 1)));
  const auto consensus = number_of(config, "totem.consensus", token * 12 / 10);
  if (consensus < join)
    return fail(ErrorKind::invalid, "{}: consensus ({} ms) is shorter than join ({} ms): make it at least 1.2 * token", file,
                consensus, join);
  if (retransmit >= token)
    return fail(ErrorKind::invalid, "{}: token_retransmit ({} ms) is not shorter than token ({} ms)", file, retransmit, token);
  if (hold >= retransmit)
    return fail(ErrorKind::invalid, "{}: hold ({} ms) is not shorter than token_retransmit ({} ms)", file, hold, retransmit);
  if (token <= to_ms(t.link_timeout))
    return fail(ErrorKind::invalid,
                "{}: token ({} ms) is not longer than link_timeout ({} ms): the links are to notice a dead node first", file,
                token, to_ms(t.link_timeout));
  if (consensus < token * 12 / 10)
    config.notes.push_back(note(Level::warning, "{}: consensus ({} ms) is shorter than 1.2 * token ({} ms): a slow node may be left out",
                                file, consensus, token * 12 / 10));
  t.token = to_duration(token);
  t.token_retransmit = to_duration(retransmit);
  t.hold = to_duration(hold);
  t.join = to_duration(join);
  t.consensus = to_duration(consensus);
  t.merge = to_duration(number_of(config, "totem.merge", base.merge));
  return {};
}

}  // namespace relevo::config
