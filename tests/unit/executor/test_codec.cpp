// Operations and results survive the trip as bytes, and broken bytes are refused.
#include <catch2/catch.hpp>

#include "common/base/rng.hpp"
#include "tests/unit/executor/script.hpp"

using namespace relevo;
using namespace relevo::executor;

namespace {

OperationResult sample() {
  OperationResult result;
  result.operation = testing::operation("vip", "monitor", std::chrono::seconds(10));
  result.operation.parameters = {{"ip", "10.0.0.1"}, {"nic", ""}};
  result.operation.meta = {{"on-node", "n1"}};
  result.operation.expected_rc = 7;
  result.operation.transition_key = "1:2:7:x";
  result.call_id = 12;
  result.rc = 0;
  result.status = OpStatus::pending;
  result.exit_reason = "why";
  result.exec_time = std::chrono::milliseconds(3);
  result.last_run = WallTime{1700000000};
  return result;
}

}  // namespace

TEST_CASE("executor codec: what was written is what is read", "[executor]") {
  const auto result = sample();
  const auto bytes = encode(result);
  const auto back = decode_result(bytes);
  REQUIRE(back);
  CHECK(encode(*back) == bytes);
  CHECK(back->operation.parameters == result.operation.parameters);
  CHECK(back->status == OpStatus::pending);
  CHECK(back->last_run.seconds == 1700000000);
  const auto op = decode_operation(encode(result.operation));
  REQUIRE(op);
  CHECK(op->interval == std::chrono::seconds(10));
  CHECK(op->transition_key == "1:2:7:x");
}

TEST_CASE("executor codec: every cut and every appended byte is an error", "[executor]") {
  auto bytes = encode(sample());
  for (std::size_t n = 0; n < bytes.size(); ++n) CHECK_FALSE(decode_result(BytesView(bytes).first(n)));
  bytes.push_back(0);
  CHECK_FALSE(decode_result(bytes));
}

TEST_CASE("executor codec: damaged bytes never do worse than an error", "[executor]") {
  Rng rng(7);
  for (int i = 0; i < 3000; ++i) {
    auto bytes = encode(sample());
    for (int k = 0; k < 4; ++k) bytes[rng.below(bytes.size())] = static_cast<std::uint8_t>(rng.below(256));
    const auto result = decode_result(bytes);
    if (result) CHECK(result->operation.interval >= std::chrono::milliseconds(0));
    (void)decode_operation(bytes);
  }
}

TEST_CASE("executor codec: an operation without a resource and times out of range are refused", "[executor]") {
  auto op = testing::operation("a", "start");
  op.timeout = std::chrono::milliseconds(-1);
  CHECK_FALSE(decode_operation(encode(op)));
  CHECK_FALSE(decode_operation(encode(testing::operation("", "start"))));
}
