// Timer defaults and their cross-checks; see timers.hpp.
#include "common/config/timers.hpp"

#include "common/base/text.hpp"

namespace relevo::config {
namespace {

std::int64_t ms(const ClusterConfig& config, const char* key, std::int64_t otherwise) {
  const auto found = config.raw.find(fmt::format("totem.{}", key));
  return found == config.raw.end() ? otherwise : parse_int(found->second).value_or(otherwise);
}

}  // namespace

Status fill_timers(ClusterConfig& config, std::string_view file) {
  const auto nodes = static_cast<std::int64_t>(config.nodes.size());
  const auto coefficient = ms(config, "token_coefficient", 650);
  const auto token = ms(config, "token", 3000) + (nodes > 2 ? (nodes - 2) * coefficient : 0);
  const auto retransmits = ms(config, "token_retransmits_before_loss_const", 4);
  const auto retransmit = ms(config, "token_retransmit", std::max<std::int64_t>(30, token * 5 / (retransmits * 5 + 1)));
  const auto hold = ms(config, "hold", std::max<std::int64_t>(14, retransmit * 8 / 10 - 10));
  const auto join = ms(config, "join", 50);
  const auto consensus = ms(config, "consensus", token * 12 / 10);
  const auto heartbeat = ms(config, "heartbeat_interval", 25);
  const auto link_timeout = ms(config, "link_timeout", 150);
  if (consensus < join)
    return fail(ErrorKind::invalid, "{}: consensus ({} ms) is shorter than join ({} ms): make it at least 1.2 * token", file,
                consensus, join);
  if (retransmit >= token)
    return fail(ErrorKind::invalid, "{}: token_retransmit ({} ms) is not shorter than token ({} ms)", file, retransmit, token);
  if (link_timeout < 3 * heartbeat)
    return fail(ErrorKind::invalid,
                "{}: link_timeout ({} ms) is shorter than three heartbeats ({} ms each): one lost packet would cut a node off",
                file, link_timeout, heartbeat);
  const auto to_duration = [](std::int64_t v) { return Duration(std::chrono::milliseconds(v)); };
  auto& t = config.totem;
  t.token = to_duration(token);
  t.token_retransmit = to_duration(retransmit);
  t.hold = to_duration(hold);
  t.join = to_duration(join);
  t.consensus = to_duration(consensus);
  t.merge = to_duration(ms(config, "merge", 200));
  t.heartbeat = to_duration(heartbeat);
  t.link_timeout = to_duration(link_timeout);
  return {};
}

}  // namespace relevo::config
