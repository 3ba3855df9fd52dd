// cluster.conf: the sections beside the timers, and the whole table of options held against Corosync's own list.
#include <catch2/catch.hpp>

#include "common/config/options.hpp"
#include "tests/unit/config/files.hpp"

using namespace relevo;
using namespace relevo::config_test;

namespace {

std::string quorum(const std::string& lines) { return "quorum {\nprovider: corosync_votequorum\n" + lines + "}\n"; }

const std::string device = "device {\nmodel: net\nnet {\nhost: arb.example.com\n}\n}\n";

}  // namespace

TEST_CASE("options: every option of corosync.conf is known", "[config]") {
  const std::vector<std::pair<std::string, std::string>> known = {
      {"totem",
       "version token token_coefficient token_warning token_retransmits_before_loss_const token_retransmit hold join "
       "send_join consensus merge downcheck fail_recv_const seqno_unchanged_const heartbeat_failures_allowed "
       "max_network_delay window_size max_messages miss_count_const cancel_token_hold_on_retransmit netmtu cluster_name "
       "config_version transport ip_version ip_dscp block_unlisted_ips nodeid clear_node_high_bit threads secauth "
       "crypto_model crypto_cipher crypto_hash keyfile key link_mode knet_compression_model knet_compression_threshold "
       "knet_compression_level knet_pmtud_interval knet_mtu rrp_mode cluster_uuid"},
      {"totem.interface",
       "linknumber ringnumber knet_link_priority knet_ping_interval knet_ping_timeout knet_ping_precision knet_pong_count "
       "knet_transport mcastport bindnetaddr broadcast mcastaddr ttl"},
      {"nodelist.node", "ring0_addr ring7_addr nodeid name quorum_votes"},
      {"system", "qb_ipc_type sched_rr priority move_to_root_cgroup allow_knet_handle_fallback state_dir"},
      {"quorum",
       "provider expected_votes votes two_node wait_for_all last_man_standing last_man_standing_window auto_tie_breaker "
       "auto_tie_breaker_node allow_downscale expected_votes_tracking leaving_timeout"},
      {"quorum.device", "model votes timeout sync_timeout master_wins"},
      {"quorum.device.net",
       "host port algorithm tie_breaker tls connect_timeout force_ip_version keep_active_partition_tie_breaker"},
      {"logging",
       "timestamp fileline function_name blackbox to_stderr to_logfile to_syslog logfile logfile_priority "
       "syslog_facility syslog_priority debug"},
      {"logging.logger_subsys", "subsys debug"},
      {"uidgid", "uid gid"},
  };
  for (const auto& [section, keys] : known)
    for (const auto& key : words(keys)) {
      INFO(section << "." << key);
      CHECK(config::find_option(section, key) != nullptr);
    }
}

TEST_CASE("options: what is refused or has no effect says why", "[config]") {
  for (const auto& row : config::option_table()) {
    INFO(row.section << "." << row.key);
    CHECK((row.use == config::Use::used || !row.why.empty()));
  }
  CHECK_THAT(error_of("key: secret\n", 2), Catch::Contains("keyfile"));
  CHECK_THAT(error_of("interface {\nknet_transport: sctp\n}\n", 2), Catch::Contains("links are UDP"));
  CHECK_THAT(error_of("", 2, 1, "resources {\nwatchdog_device: off\n}\n"), Catch::Contains("no watchdog"));
}

TEST_CASE("options: a key of the raw map leads back to its row", "[config]") {
  REQUIRE(config::find_raw_option("totem.interface.3.mcastport") != nullptr);
  CHECK(config::find_raw_option("totem.interface.3.mcastport")->section == "totem.interface");
  CHECK(config::find_raw_option("nodelist.node.12.name")->key == "name");
  CHECK(config::find_raw_option("totem.cluster_name")->change == config::Change::never);
  CHECK(config::find_raw_option("totem.token")->change == config::Change::running);
  CHECK(config::find_raw_option("nonsense") == nullptr);
}

TEST_CASE("options: link mode, resolver preference and pmtud interval are read", "[config]") {
  const auto t = totem_of("link_mode: rr\nip_version: ipv6-4\nknet_pmtud_interval: 5\n", 2, 2);
  CHECK(t.link_mode == config::LinkMode::round_robin);
  CHECK(t.ip_version == config::IpVersion::ipv6_4);
  CHECK(t.pmtud_interval == 5s);
}

TEST_CASE("options: the device section is read, defaults included", "[config]") {
  const auto config = parse("", 4, 1, quorum("device {\nmodel: net\nvotes: 3\nsync_timeout: 60000\nnet {\nhost: arb\nport: 6403\nalgorithm: lms\ntie_breaker: 2\n}\n}\n"));
  REQUIRE(config);
  const auto& d = config->quorum.device;
  CHECK(d.configured);
  CHECK(d.host == "arb");
  CHECK(d.port == 6403);
  CHECK(d.algorithm == "lms");
  CHECK(d.tie_breaker == "2");
  CHECK(d.votes == 3);
  CHECK(d.timeout == 10s);
  CHECK(d.sync_timeout == 60s);
  const auto plain = parse("", 2, 1, quorum(device));
  REQUIRE(plain);
  CHECK(plain->quorum.device.algorithm == "ffsplit");
  CHECK_FALSE(plain->quorum.device.votes);
}

TEST_CASE("options: a device that cannot work is refused with what is missing", "[config]") {
  CHECK_THAT(error_of("", 2, 1, quorum("device {\nmodel: net\n}\n")), Catch::Contains("host"));
  CHECK_THAT(error_of("", 2, 1, quorum("device {\nvotes: 1\n}\n")), Catch::Contains("model: net"));
  CHECK_THAT(error_of("", 2, 1, quorum("device {\nmodel: disk\n}\n")), Catch::Contains("allowed is net"));
  CHECK_THAT(error_of("", 2, 1, quorum("two_node: 1\n" + device)), Catch::Contains("two_node and a quorum device"));
  CHECK_THAT(error_of("", 4, 1, quorum("last_man_standing: 1\n" + device)), Catch::Contains("lms"));
  CHECK_THAT(error_of("", 2, 1, quorum("device {\nmodel: net\nnet {\nhost: a\ntie_breaker: 9\n}\n}\n")),
             Catch::Contains("tie_breaker"));
  CHECK_THAT(error_of("", 2, 1, quorum("device {\nmodel: net\nheuristics {\nmode: on\n}\n}\n")), Catch::Contains("heuristics"));
}

TEST_CASE("options: who may use the socket is collected from all uidgid sections", "[config]") {
  const auto config = parse("", 2, 1, "uidgid {\nuid: hacluster\ngid: 990\n}\nuidgid {\nuid: 1000\n}\n");
  REQUIRE(config);
  CHECK(config->access.users == std::vector<std::string>{"hacluster", "1000"});
  CHECK(config->access.groups == std::vector<std::string>{"990"});
  CHECK(config->raw.at("uidgid.config.uid.1000") == "1");
}

TEST_CASE("options: real-time scheduling can be switched off", "[config]") {
  REQUIRE(parse("", 2));
  CHECK(parse("", 2)->system.sched_rr);
  CHECK_FALSE(parse("", 2, 1, "system {\nsched_rr: no\n}\n")->system.sched_rr);
}

TEST_CASE("options: any single byte of a file changed gives a configuration or an error, never a crash", "[config]") {
  const auto text = file_text("token: 1000\nlink_mode: active\ninterface {\nlinknumber: 1\nmcastport: 6000\n}\n", 3, 2,
                              quorum("wait_for_all: 1\n") + "uidgid {\nuid: 1\n}\n");
  REQUIRE(config::parse_cluster_config(text, "f"));
  std::size_t refused = 0;
  for (std::size_t i = 0; i < text.size(); ++i)
    for (const char byte : {'\0', '{', '}', '\n', ':', '9', '-', '\xff'}) {
      auto other = text;
      other[i] = byte;
      const auto result = config::parse_cluster_config(other, "f");
      if (!result) {
        ++refused;
        CHECK_FALSE(result.error().message.empty());
      }
    }
  CHECK(refused > text.size());
}

TEST_CASE("options: a file that ends anywhere gives a configuration or an error that names it", "[config]") {
  const auto text = file_text("", 2, 2, quorum(device + "wait_for_all: 1\n"));
  for (std::size_t length = 0; length < text.size(); ++length) {
    const auto result = config::parse_cluster_config(text.substr(0, length), "half.conf");
    if (!result) CHECK_THAT(result.error().message, Catch::StartsWith("half.conf:"));
  }
}
