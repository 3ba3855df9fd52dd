// One report of a daemon as the tools get it: three nodes, two links; node 3 is away, link 1 to node 2 is down.
#pragma once

#include <nlohmann/json.hpp>

namespace relevo::test {

inline nlohmann::json report() {
  return nlohmann::json::parse(R"({
    "node_id": 1, "name": "one", "cluster_name": "demo", "ring_id": "1.10", "state": "operational", "synced": true,
    "members": [{"id": 1, "name": "one", "votes": 1, "local": true}, {"id": 2, "name": "two", "votes": 1, "local": false}],
    "nodes": [
      {"id": 1, "name": "one", "addresses": ["10.66.0.1", "10.67.0.1"], "votes": 1, "local": true, "member": true},
      {"id": 2, "name": "two", "addresses": ["10.66.0.2", "10.67.0.2"], "votes": 1, "local": false, "member": true},
      {"id": 3, "name": "three", "addresses": ["10.66.0.3", "10.67.0.3"], "votes": 1, "local": false, "member": false}],
    "peers": [
      {"id": 2, "name": "two", "up": true, "links": [
        {"link": 0, "local": "10.66.0.1", "remote": "10.66.0.2", "up": true, "active": true, "latency_us": 210,
         "latency_average_us": 250, "latency_max_us": 1900, "timeout_us": 160000, "mtu": 1472, "loss_permille": 0,
         "down_count": 0, "sent_packets": 1000, "sent_bytes": 100000, "received_packets": 900, "received_bytes": 90000},
        {"link": 1, "local": "10.67.0.1", "remote": "10.67.0.2", "up": false, "active": false, "latency_us": 0,
         "timeout_us": 150000, "mtu": 0, "loss_permille": 1000, "down_count": 3}]},
      {"id": 3, "name": "three", "up": false, "links": [
        {"link": 0, "local": "10.66.0.1", "remote": "10.66.0.3", "up": false, "timeout_us": 150000},
        {"link": 1, "local": "10.67.0.1", "remote": "10.67.0.3", "up": false, "timeout_us": 150000}]}],
    "quorum": {"provider": "corosync_votequorum", "quorate": true, "expected_votes": 3, "highest_expected": 3,
               "total_votes": 2, "quorum": 2, "reason": "2 of 3 votes are present, 2 are needed"},
    "options": {"profile": "default", "link_mode": "passive", "heartbeat_ms": 25, "link_timeout_ms": 150, "token_ms": 3650,
                "consensus_ms": 4380},
    "programs": [{"client": 1, "pid": 77, "name": "relevo-resmgrd"}],
    "counters": {"ring.average_rotation_us": 400, "ring.rotation_us": 380, "ring.delivered": 500, "links.stalls": 0}})");
}

}  // namespace relevo::test
