// The lab's name server against bytes of RFC 1035.
#include <catch2/catch.hpp>

#include "cli/lab/dns.hpp"

using namespace relevo;
using namespace relevo::cli::lab;

namespace {

Bytes query(const std::vector<std::string>& labels, std::uint8_t type) {
  Bytes out = {0xab, 0xcd, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0};
  for (const auto& label : labels) {
    out.push_back(static_cast<std::uint8_t>(label.size()));
    out.insert(out.end(), label.begin(), label.end());
  }
  for (const int byte : {0, 0, static_cast<int>(type), 0, 1}) out.push_back(static_cast<std::uint8_t>(byte));
  return out;
}

Lab lab_with_vip(const std::string& vip) {
  Lab lab;
  lab.dns = true;
  lab.vip = vip;
  return lab;
}

}  // namespace

TEST_CASE("dns: www is the virtual IP, in any case of letters", "[lab]") {
  const auto answer = answer_dns(lab_with_vip("172.31.0.100/16"), query({"WWW", "Example", "com"}, 1));
  REQUIRE(answer.size() > 16);
  CHECK(answer[0] == 0xab);
  CHECK((answer[2] & 0x80) != 0);
  CHECK((answer[3] & 0x0f) == 0);
  CHECK(answer[7] == 1);
  CHECK(Bytes(answer.end() - 4, answer.end()) == Bytes{172, 31, 0, 100});
}

TEST_CASE("dns: an IPv6 virtual IP is an AAAA record, and asking for A gives an empty answer", "[lab]") {
  const auto lab = lab_with_vip("fd00::100/64");
  const auto answer = answer_dns(lab, query({"www", "example", "com"}, 28));
  CHECK(answer.at(7) == 1);
  CHECK(answer.back() == 0x00);
  CHECK(answer[answer.size() - 2] == 0x01);
  const auto empty = answer_dns(lab, query({"www", "example", "com"}, 1));
  CHECK(empty.at(7) == 0);
  CHECK((empty.at(3) & 0x0f) == 0);
}

TEST_CASE("dns: hosts are found, other names do not exist", "[lab]") {
  const auto lab = lab_with_vip("");
  const auto host = answer_dns(lab, query({"nodo2", "example", "com"}, 1));
  CHECK(Bytes(host.end() - 4, host.end()) == Bytes{172, 31, 0, 12});
  CHECK((answer_dns(lab, query({"nodo9", "example", "com"}, 1)).at(3) & 0x0f) == 3);
}

TEST_CASE("dns: what is no query, is cut short or loops gets no answer", "[lab]") {
  const auto lab = lab_with_vip("");
  const auto whole = query({"nodo2", "example", "com"}, 1);
  for (std::size_t size = 0; size < whole.size(); ++size) CHECK(answer_dns(lab, BytesView(whole).first(size)).empty());
  auto response = whole;
  response[2] |= 0x80;
  CHECK(answer_dns(lab, response).empty());
  auto pointer = whole;
  pointer[12] = 0xc0;
  CHECK(answer_dns(lab, pointer).empty());
}
