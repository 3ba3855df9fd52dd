// The table of links, and the live table with its rates.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "cli/membership/view.hpp"
#include "common/base/text.hpp"

namespace relevo::cli::membership_view {
namespace {

using Json = nlohmann::json;

std::string ms(std::int64_t us) { return us <= 0 ? "-" : fmt::format("{:.2f}", static_cast<double>(us) / 1000); }

std::string bytes(double n) {
  const char* units[] = {"B", "kB", "MB", "GB"};
  std::size_t unit = 0;
  for (; n >= 1000 && unit + 1 < std::size(units); ++unit) n /= 1000;
  return unit == 0 ? fmt::format("{:.0f} {}", n, units[unit]) : fmt::format("{:.1f} {}", n, units[unit]);
}

std::string state_of(const Json& link) {
  if (!link.value("up", false)) return "DOWN";
  if (link.value("probation_us", std::int64_t{0}) > 0) return "waits";
  return link.value("active", false) ? "active" : "up";
}

/// The numbers of a link by their names, which are the same in the daemon's report and in ours.
constexpr std::pair<const char*, std::uint64_t LinkRow::*> numbers[] = {
    {"link", &LinkRow::link},
    {"mtu", &LinkRow::mtu},
    {"loss_permille", &LinkRow::loss_permille},
    {"down_count", &LinkRow::down_count},
    {"sent_packets", &LinkRow::sent_packets},
    {"sent_bytes", &LinkRow::sent_bytes},
    {"received_packets", &LinkRow::received_packets},
    {"received_bytes", &LinkRow::received_bytes},
};
constexpr std::pair<const char*, std::int64_t LinkRow::*> times[] = {
    {"latency_us", &LinkRow::latency_us}, {"latency_average_us", &LinkRow::average_us}, {"latency_max_us", &LinkRow::max_us},
    {"jitter_us", &LinkRow::jitter_us},   {"timeout_us", &LinkRow::timeout_us},
};

LinkRow row_of(const Json& peer, const Json& link) {
  LinkRow row;
  row.node = peer.value("name", std::string("?"));
  row.remote = link.value("remote", std::string());
  row.state = state_of(link);
  for (const auto& [key, field] : numbers) row.*field = link.value(key, std::uint64_t{0});
  for (const auto& [key, field] : times) row.*field = link.value(key, std::int64_t{0});
  return row;
}

std::size_t width_of(const std::vector<LinkRow>& rows, std::string LinkRow::*field, std::size_t least) {
  for (const auto& row : rows) least = std::max(least, (row.*field).size());
  return least;
}

double rate(std::uint64_t now, std::uint64_t before, double seconds) {
  return seconds <= 0 || now < before ? 0 : static_cast<double>(now - before) / seconds;
}

std::uint64_t counter(const Json& report, const char* name) {
  return report.value("counters", Json::object()).value(name, std::uint64_t{0});
}

double counter_rate(const Json& now, const Json* before, const char* name, double seconds) {
  return before == nullptr ? 0 : rate(counter(now, name), counter(*before, name), seconds);
}

/// The row of the same link in the earlier report; itself when there is none: then all rates are 0.
const LinkRow& same(const std::vector<LinkRow>& before, const LinkRow& row) {
  for (const auto& old : before)
    if (old.node == row.node && old.link == row.link) return old;
  return row;
}

std::string pulse(const Json& now, const Json* before, double seconds) {
  const auto quorum = now.value("quorum", Json::object());
  return fmt::format("Cluster {}  ring {} ({})  {} of {} nodes  {}\n", now.value("cluster_name", std::string()),
                     now.value("ring_id", std::string("-")), now.value("state", std::string("?")),
                     now.value("members", Json::array()).size(), now.value("nodes", Json::array()).size(),
                     quorum.value("quorate", false) ? "with quorum" : "WITHOUT quorum") +
         fmt::format("Rotation {} ms (average {})  delivered {:.0f}/s  frames sent {:.0f}/s, again {:.0f}/s  tokens {:.0f}/s  queued {}\n\n",
                     ms(static_cast<std::int64_t>(counter(now, "ring.rotation_us"))),
                     ms(static_cast<std::int64_t>(counter(now, "ring.average_rotation_us"))),
                     counter_rate(now, before, "ring.delivered", seconds), counter_rate(now, before, "ring.frames_sent", seconds),
                     counter_rate(now, before, "ring.resent", seconds), counter_rate(now, before, "ring.tokens", seconds),
                     bytes(static_cast<double>(counter(now, "ring.queued_bytes"))));
}

}  // namespace

Result<std::vector<LinkRow>> link_rows(const Json& report, Sort sort) {
  std::vector<LinkRow> rows;
  try {
    for (const auto& peer : report.at("peers"))
      for (const auto& link : peer.at("links")) rows.push_back(row_of(peer, link));
  } catch (const Json::exception& e) {
    return fail(ErrorKind::invalid, "the report of relevo-membershipd cannot be read: {}", e.what());
  }
  std::stable_sort(rows.begin(), rows.end(), [sort](const LinkRow& a, const LinkRow& b) {
    if (sort == Sort::loss) return a.loss_permille > b.loss_permille;
    if (sort == Sort::latency) return a.latency_us > b.latency_us;
    return sort == Sort::traffic && a.sent_bytes + a.received_bytes > b.sent_bytes + b.received_bytes;
  });
  return rows;
}

std::string links_text(const std::vector<LinkRow>& rows) {
  const auto node = width_of(rows, &LinkRow::node, 4), remote = width_of(rows, &LinkRow::remote, 7);
  std::string out = fmt::format("{:<{}}  LINK  {:<{}}  STATE   LOSS %  LATENCY ms     AVG     MAX  TIMEOUT ms    MTU  DOWNS  PACKETS OUT/IN\n",
                                "NODE", node, "ADDRESS", remote);
  for (const auto& r : rows)
    out += fmt::format("{:<{}}  {:>4}  {:<{}}  {:<6}  {:>6.1f}  {:>10} {:>7} {:>7}  {:>10}  {:>5}  {:>5}  {}/{}\n", r.node, node, r.link,
                       r.remote, remote, r.state, static_cast<double>(r.loss_permille) / 10, ms(r.latency_us), ms(r.average_us), ms(r.max_us),
                       ms(r.timeout_us), r.mtu == 0 ? "-" : std::to_string(r.mtu), r.down_count, r.sent_packets, r.received_packets);
  return out;
}

Json links_json(const std::vector<LinkRow>& rows) {
  Json list = Json::array();
  for (const auto& row : rows) {
    Json link = {{"node", row.node}, {"remote", row.remote}, {"state", row.state}, {"up", row.state != "DOWN"}};
    for (const auto& [key, field] : numbers) link[key] = row.*field;
    for (const auto& [key, field] : times) link[key] = row.*field;
    list.push_back(std::move(link));
  }
  return {{"links", std::move(list)}};
}

Result<std::string> top_text(const Json& now, const Json* before, Duration between, Sort sort) {
  const auto rows = link_rows(now, sort);
  if (!rows) return pass(rows.error());
  const auto old = before == nullptr ? Result<std::vector<LinkRow>>(std::vector<LinkRow>()) : link_rows(*before);
  if (!old) return pass(old.error());
  const double seconds = std::chrono::duration<double>(between).count();
  const auto node = width_of(*rows, &LinkRow::node, 4);
  auto out = pulse(now, before, seconds);
  out += fmt::format("{:<{}}  LINK  STATE   LOSS %  LATENCY ms     AVG     MAX    MTU  DOWNS        OUT/s         IN/s  PKT OUT/s  PKT IN/s\n", "NODE", node);
  for (const auto& r : *rows) {
    const auto& was = same(*old, r);
    out += fmt::format("{:<{}}  {:>4}  {:<6}  {:>6.1f}  {:>10} {:>7} {:>7}  {:>5}  {:>5}  {:>11}  {:>11}  {:>9.0f}  {:>8.0f}\n", r.node, node, r.link,
                       r.state, static_cast<double>(r.loss_permille) / 10, ms(r.latency_us), ms(r.average_us), ms(r.max_us),
                       r.mtu == 0 ? "-" : std::to_string(r.mtu), r.down_count, bytes(rate(r.sent_bytes, was.sent_bytes, seconds)),
                       bytes(rate(r.received_bytes, was.received_bytes, seconds)), rate(r.sent_packets, was.sent_packets, seconds),
                       rate(r.received_packets, was.received_packets, seconds));
  }
  return out;
}

Result<Json> top_json(const Json& now, const Json* before, Duration between) {
  const auto rows = link_rows(now);
  if (!rows) return pass(rows.error());
  const double seconds = std::chrono::duration<double>(between).count();
  auto out = links_json(*rows);
  out["ring"] = {{"id", now.value("ring_id", std::string())},
                 {"state", now.value("state", std::string())},
                 {"rotation_us", counter(now, "ring.rotation_us")},
                 {"average_rotation_us", counter(now, "ring.average_rotation_us")},
                 {"delivered_per_second", counter_rate(now, before, "ring.delivered", seconds)},
                 {"frames_sent_per_second", counter_rate(now, before, "ring.frames_sent", seconds)},
                 {"resent_per_second", counter_rate(now, before, "ring.resent", seconds)},
                 {"queued_bytes", counter(now, "ring.queued_bytes")}};
  out["quorate"] = now.value("quorum", Json::object()).value("quorate", false);
  return out;
}

}  // namespace relevo::cli::membership_view
