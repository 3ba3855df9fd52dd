// Any text as a date, a duration, a score or a comparison, and any document as rules: an answer or an error, never a crash; a
// date that was understood is the same again when its fields are written down. The first byte says which.
#include <cstdint>
#include <cstdlib>
#include <string>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "common/base/bytes.hpp"
#include "common/base/text.hpp"
#include "resmgr/policy/set/rule_check.hpp"
#include "resmgr/policy/set/working_set.hpp"
#include "resmgr/rules/compare.hpp"
#include "resmgr/rules/date.hpp"
#include "resmgr/rules/rule.hpp"

using namespace relevo;

namespace {

constexpr WallTime now{1'700'000'000};

void require(bool condition) {
  if (!condition) std::abort();
}

void try_date(std::string_view text) {
  const auto at = rules::parse_date(text, std::chrono::seconds(3600));
  if (!at) return;
  const auto c = rules::calendar(*at);
  require(c.month >= 1 && c.month <= 12 && c.monthday >= 1 && c.monthday <= 31 && c.week >= 1 && c.week <= 53 && c.weekday >= 1 && c.weekday <= 7);
  require(c.yearday >= 1 && c.yearday <= 366 && c.hour >= 0 && c.hour < 24 && c.minute >= 0 && c.minute < 60 && c.second >= 0 && c.second < 60);
  if (c.year < 1970 || c.year > 9998) return;
  const auto day = fmt::format("{:04}-{:02}-{:02}", c.year, c.month, c.monthday);
  const auto week = fmt::format("{:04}-W{:02}-{}", c.weekyear, c.week, c.weekday);
  const auto yearday = fmt::format("{:04}-{:03}", c.year, c.yearday);
  const auto time = fmt::format("T{:02}:{:02}:{:02}Z", c.hour, c.minute, c.second);
  require(rules::parse_date(day + time).value() == *at);
  require(rules::parse_date(yearday + time).value() == *at);
  if (c.weekyear >= 1970 && c.weekyear <= 9998) require(rules::parse_date(week + time).value() == *at);
}

void try_numbers(std::string_view text) {
  const auto cut = text.find('\n');
  const auto left = text.substr(0, cut), right = cut == std::string_view::npos ? std::string_view() : text.substr(cut + 1);
  for (const auto* type : {"", "string", "integer", "number", "version"})
    for (const bool ordering : {true, false}) {
      const auto order = rules::compare(type, ordering, left, right), turned = rules::compare(type, ordering, right, left);
      require((order < 0) == (turned > 0) && (order == 0) == (turned == 0));
    }
  if (const auto number = parse_int(right)) (void)rules::in_range(left, *number);
  if (const auto span = parse_duration(left)) require(span->count() >= 0);
  pugi::xml_document empty;
  const policy::WorkingSet set(empty.append_child("cib"), now);
  const auto score = policy::score_of(set, left);
  require(score >= -policy::Score::infinity && score <= policy::Score::infinity);
}

rules::Facts facts() {
  rules::Facts facts;
  facts.node = {{"#uname", "n1"}, {"a", "5"}, {"version", "1.2.3"}};
  facts.parameters = {{"p", "5"}};
  facts.meta = {{"m", "n1"}};
  facts.subject = rules::Subject{"ocf", "heartbeat", "IPaddr2", "monitor", std::chrono::seconds(10)};
  return facts;
}

/// Every rule of the document, by both of those who evaluate rules.
void try_rules(std::string_view text) {
  pugi::xml_document document;
  if (!document.load_buffer(text.data(), text.size()) || !document.child("cib")) return;
  policy::WorkingSet set(document.child("cib"), now);
  auto& node = set.new_node("1", "n1", policy::NodeKind::cluster);
  node.attributes = {{"#uname", "n1"}, {"a", "5"}, {"version", "1.2.3"}};
  policy::Asking asking;
  asking.node = &node;
  asking.op_name = "monitor";
  asking.op_interval = std::chrono::seconds(10);
  const policy::Attributes parameters{{"p", "5"}}, meta{{"m", "n1"}};
  for (auto rule = document.child("cib").child("rule"); rule; rule = rule.next_sibling("rule")) {
    (void)rules::evaluate(rule, facts(), now);
    (void)policy::rule_holds(set, rule, asking, &parameters, &meta);
  }
  require(!set.recheck_by || *set.recheck_by > now);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const BytesView rest(data + 1, size - 1);
  const auto text = std::string(as_text(rest));
  switch (data[0] % 4) {
    case 0: try_date(text); break;
    case 1: try_numbers(text); break;
    default: try_rules(text);
  }
  return 0;
}
