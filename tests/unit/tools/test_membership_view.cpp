// `relevo membership`: what is said of a report, and what is advised.
#include <catch2/catch.hpp>

#include "cli/membership/view.hpp"
#include "tests/unit/tools/report.hpp"

using namespace relevo;
using namespace relevo::cli::membership_view;

namespace {
bool has(const std::string& text, const std::string& word) { return text.find(word) != std::string::npos; }
const nlohmann::json keys = nlohmann::json::parse(R"({"state": "settled", "keys": [{"id": 7, "state": "active"}]})");
}  // namespace

TEST_CASE("membership status: ring, quorum and why, timers, keys, programs, and what to do", "[tools]") {
  const auto text = status_text(test::report(), keys).value();
  CHECK(has(text, "Cluster demo, this node is one (id 1)\n"));
  CHECK(has(text, "Ring      1.10 (operational), 2 of 3 nodes: one, two\n          not in it: three\n"));
  CHECK(has(text, "Quorum    yes: 2 of 3 votes, 2 needed\n          2 of 3 votes are present, 2 are needed\n"));
  CHECK(has(text, "Links     1 of 4 up, worst loss 100.0 %, mode passive\n"));
  CHECK(has(text, "out of the ring after about 165 ms\n"));
  CHECK(has(text, "Keys      7 (active); settled\n"));
  CHECK(has(text, "relevo-resmgrd (77)"));
  CHECK(has(text, "  * three is not reachable\n"));
  CHECK(has(text, "  * link 1 to two is down: the other links carry on\n"));
  CHECK_FALSE(status_text(nlohmann::json::object(), {}));
}

TEST_CASE("membership status: the expected detection time is that of the slowest path that is up", "[tools]") {
  auto report = test::report();
  CHECK(expected_detection_ms(report) == 160 + 5);
  report["peers"][0]["links"][0]["timeout_us"] = 700'000;
  report["counters"]["ring.average_rotation_us"] = 10'000;
  CHECK(expected_detection_ms(report) == 700 + 50);
}

TEST_CASE("membership status: no quorum comes first, with what is waited for and the way out", "[tools]") {
  auto report = test::report();
  report["quorum"]["quorate"] = false;
  report["quorum"]["waiting_for_all"] = true;
  const auto list = advice(report, {});
  REQUIRE_FALSE(list.empty());
  CHECK(has(list[0].problem, "may not act"));
  CHECK(has(list[0].action, "cancel_wait_for_all"));
}

TEST_CASE("membership status: a healthy cluster of one network is advised a second one, and nothing else", "[tools]") {
  auto report = test::report();
  report["nodes"][2]["member"] = true;
  for (auto& peer : report["peers"]) {
    peer["up"] = true;
    peer["links"].erase(1);
    peer["links"][0]["up"] = true;
  }
  auto list = advice(report, {});
  REQUIRE(list.size() == 1);
  CHECK(has(list[0].problem, "one link only"));
}

TEST_CASE("membership links: a row a link, with its state and numbers", "[tools]") {
  const auto rows = link_rows(test::report()).value();
  REQUIRE(rows.size() == 4);
  CHECK(rows[0].state == "active");
  CHECK(rows[1].state == "DOWN");
  const auto text = links_text(rows);
  CHECK(has(text, "two       0  10.66.0.2  active     0.0        0.21    0.25    1.90      160.00   1472      0  1000/900\n"));
  CHECK(link_rows(test::report(), Sort::loss).value()[0].link == 1);
  CHECK(links_json(rows)["links"].size() == 4);
}

TEST_CASE("membership top: rates come from two reports and the time between them", "[tools]") {
  const auto before = test::report();
  auto now = before;
  now["counters"]["ring.delivered"] = 700;
  now["peers"][0]["links"][0]["sent_bytes"] = 300'000;
  const auto text = top_text(now, &before, std::chrono::seconds(2), Sort::node).value();
  CHECK(has(text, "delivered 100/s"));
  CHECK(has(text, "100.0 kB"));
  const auto json = top_json(now, &before, std::chrono::seconds(2)).value();
  CHECK(json["ring"]["delivered_per_second"] == 100.0);
  CHECK(top_json(now, nullptr, {}).value()["ring"]["delivered_per_second"] == 0.0);
  CHECK_FALSE(top_text(nlohmann::json::object(), nullptr, {}, Sort::node));
}
