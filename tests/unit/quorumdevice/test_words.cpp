// The words after `quorum device add`.
#include <catch2/catch.hpp>

#include "cli/quorum/words.hpp"

using namespace relevo;
using cli::quorum::read_device_words;

namespace {

ErrorKind kind_of(const std::vector<std::string>& words) {
  const auto read = read_device_words(words);
  REQUIRE_FALSE(read.has_value());
  return read.error().kind;
}

std::string refusal(const std::vector<std::string>& words) {
  const auto read = read_device_words(words);
  REQUIRE_FALSE(read.has_value());
  return read.error().message;
}

}  // namespace

TEST_CASE("quorum device words: options of the device stand before the model, those of the model after it", "[quorumdevice]") {
  const auto words = read_device_words({"timeout=5000", "model", "net", "host=q", "algorithm=lms", "port=99"});
  REQUIRE(words.has_value());
  CHECK(words->device == cli::quorum::NamedValues{{"timeout", "5000"}});
  CHECK(words->net == cli::quorum::NamedValues{{"host", "q"}, {"algorithm", "lms"}, {"port", "99"}});
}

TEST_CASE("quorum device words: without an algorithm the even split is decided by ffsplit", "[quorumdevice]") {
  const auto words = read_device_words({"model", "net", "host=q"});
  REQUIRE(words.has_value());
  CHECK(words->net.back() == std::pair<std::string, std::string>{"algorithm", "ffsplit"});
}

TEST_CASE("quorum device words: heuristics and other models are refused as what this version does not have", "[quorumdevice]") {
  CHECK(kind_of({"model", "net", "host=q", "heuristics", "mode=on"}) == ErrorKind::unsupported);
  CHECK(kind_of({"model", "disk", "host=q"}) == ErrorKind::unsupported);
}

TEST_CASE("quorum device words: each mistake is named", "[quorumdevice]") {
  CHECK(refusal({"model", "net", "hots=q"}).find("did you mean 'host'?") != std::string::npos);
  CHECK(refusal({"model", "net", "host=q", "host=r"}) == "host is given twice");
  CHECK(refusal({"model", "net", "host="}) == "host cannot be empty");
  CHECK(refusal({"model", "net", "host"}).find("missing value of 'host' option") == 0);
  CHECK(refusal({"model", "net", "port=1"}).find("'host' is missing") != std::string::npos);
  CHECK(refusal({"host=q", "model", "net"}).find("invalid quorum device option 'host'") == 0);
  CHECK(refusal({"model"}).find("the model is missing") == 0);
  CHECK(refusal({}).find("the model is missing") == 0);
}

TEST_CASE("quorum device words: a value cannot bring a line or a section of its own into the configuration", "[quorumdevice]") {
  for (const std::string value : {"q\n}\nnodelist {", "q {", "q{", "q}", "q r", "q\t", "q\x7f"})
    CHECK(kind_of({"model", "net", "host=" + value}) == ErrorKind::invalid);
}
