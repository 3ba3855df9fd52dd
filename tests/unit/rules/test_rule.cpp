// Rules over attributes, dates, resources and operations, and when their answer may change.
#include <catch2/catch.hpp>

#include "common/xml/parse.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/rules/date.hpp"
#include "resmgr/rules/rule.hpp"

using namespace relevo;
using namespace relevo::rules;

namespace {

constexpr const char* noon = "2026-11-21T12:30:15Z";  // a Saturday

Result<Answer> answer(std::string_view xml, const Facts& facts = {}, const char* now = noon) {
  const auto tree = xml::parse(xml);
  REQUIRE(tree);
  return evaluate(xml::first_element(**tree), facts, *parse_date(now));
}

bool holds(std::string_view inner, const Facts& facts = {}, std::string_view op = "and") {
  const auto found = answer(fmt::format("<rule id='r' boolean-op='{}'>{}</rule>", op, inner), facts);
  INFO(inner);
  REQUIRE(found);
  return found->holds;
}

std::optional<std::int64_t> changes_at(std::string_view inner, const char* now = noon) {
  const auto found = answer(fmt::format("<rule id='r'>{}</rule>", inner), {}, now);
  REQUIRE(found);
  return found->changes_at ? std::optional(found->changes_at->seconds) : std::nullopt;
}

std::string expression(const char* attribute, const char* operation, const char* value = "", const char* more = "") {
  return fmt::format("<expression id='e' attribute='{}' operation='{}' value='{}' {}/>", attribute, operation, value, more);
}

std::int64_t at(std::string_view text) { return parse_date(text)->seconds; }

}  // namespace

TEST_CASE("rules: expressions look at a node's attributes", "[rules]") {
  const Facts facts{.node = {{"#uname", "n1"}, {"cpu", "8"}, {"os", "2.10.1"}}};
  CHECK(holds(expression("#uname", "eq", "N1"), facts));
  CHECK(holds(expression("#uname", "ne", "n2"), facts));
  CHECK(holds(expression("cpu", "gt", "10", "type='string'"), facts));
  CHECK_FALSE(holds(expression("cpu", "gt", "10"), facts));
  CHECK(holds(expression("cpu", "gte", "8"), facts));
  CHECK(holds(expression("cpu", "lte", "8.0"), facts));
  CHECK(holds(expression("os", "lt", "2.11", "type='version'"), facts));
  CHECK(holds("<expression id='e' attribute='cpu' operation='defined'/>", facts));
  CHECK(holds("<expression id='e' attribute='gpu' operation='not_defined'/>", facts));
}

TEST_CASE("rules: an attribute that is not there is unequal and neither less nor more", "[rules]") {
  CHECK_FALSE(holds(expression("x", "eq", "1")));
  CHECK(holds(expression("x", "ne", "1")));
  for (const auto* operation : {"lt", "lte", "gt", "gte"}) CHECK_FALSE(holds(expression("x", operation, "1")));
}

TEST_CASE("rules: the value may come from the resource's parameters or meta attributes", "[rules]") {
  const Facts facts{.node = {{"site", "a"}}, .parameters = {{"where", "a"}}, .meta = {{"where", "b"}}};
  CHECK(holds(expression("site", "eq", "where", "value-source='param'"), facts));
  CHECK_FALSE(holds(expression("site", "eq", "where", "value-source='meta'"), facts));
}

TEST_CASE("rules: and, or and rules inside rules", "[rules]") {
  const Facts facts{.node = {{"a", "1"}}};
  const auto yes = expression("a", "eq", "1"), no = expression("a", "eq", "2");
  CHECK_FALSE(holds(yes + no, facts));
  CHECK(holds(yes + no, facts, "or"));
  CHECK(holds(yes + "<rule id='s' boolean-op='or'>" + no + yes + "</rule>", facts));
  CHECK_FALSE(holds(yes + "<rule id='s'>" + no + yes + "</rule>", facts));
}

TEST_CASE("rules: date bounds, and the second at which they are crossed", "[rules]") {
  const auto lt = "<date_expression id='d' operation='lt' end='2026-11-21T12:30:25Z'/>";
  CHECK(holds(lt));
  CHECK(changes_at(lt) == at("2026-11-21T12:30:25Z"));
  CHECK_FALSE(changes_at(lt, "2026-11-21T12:30:25Z"));
  const auto gt = "<date_expression id='d' operation='gt' start='2026-11-22'/>";
  CHECK_FALSE(holds(gt));
  CHECK(changes_at(gt) == at("2026-11-22") + 1);
  const auto range = "<date_expression id='d' operation='in_range' start='2026-11-21' end='2026-11-22'/>";
  CHECK(holds(range));
  CHECK(changes_at(range) == at("2026-11-22") + 1);
  CHECK(changes_at(range, "2026-11-20") == at("2026-11-21"));
  CHECK_FALSE(changes_at(range, "2026-11-23"));
}

TEST_CASE("rules: the answer is another one exactly at the second that was named", "[rules]") {
  for (const auto* inner : {"<date_expression id='d' operation='lt' end='2026-11-21T12:30:25Z'/>",
                            "<date_expression id='d' operation='gt' start='2026-11-21T12:30:25Z'/>",
                            "<date_expression id='d' operation='in_range' start='2026-11-21' end='2026-11-21T12:30:25Z'/>"}) {
    const auto tree = xml::parse(fmt::format("<rule id='r'>{}</rule>", inner));
    const auto rule = xml::first_element(**tree);
    const auto before = evaluate(rule, {}, *parse_date(noon));
    REQUIRE(before->changes_at);
    CHECK(evaluate(rule, {}, {before->changes_at->seconds - 1})->holds == before->holds);
    CHECK(evaluate(rule, {}, *before->changes_at)->holds != before->holds);
  }
}

TEST_CASE("rules: a range may end by a duration", "[rules]") {
  const auto range = "<date_expression id='d' operation='in_range' start='2026-11-21T12:00:00Z'><duration id='u' hours='1'/></date_expression>";
  CHECK(holds(range));
  CHECK(changes_at(range) == at("2026-11-21T13:00:01Z"));
}

TEST_CASE("rules: a date_spec looks at calendar fields and changes at the next boundary", "[rules]") {
  const auto spec = [](const char* fields) {
    return fmt::format("<date_expression id='d' operation='date_spec'><date_spec id='s' {}/></date_expression>", fields);
  };
  CHECK(holds(spec("hours='9-16' weekdays='6-7'")));
  CHECK_FALSE(holds(spec("hours='9-16' weekdays='1-5'")));
  CHECK(holds(spec("years='2026-' months='11' monthdays='20-22'")));
  CHECK(changes_at(spec("hours='9-16'")) == at("2026-11-21T13:00:00Z"));
  CHECK(changes_at(spec("weekdays='6'")) == at("2026-11-22"));
  CHECK(changes_at(spec("minutes='30'")) == at("2026-11-21T12:31:00Z"));
  Facts east;
  east.utc_offset = std::chrono::hours(8);
  CHECK(holds(spec("hours='20'"), east));
}

TEST_CASE("rules: resources and operations", "[rules]") {
  Facts facts;
  facts.subject = Subject{"ocf", "heartbeat", "IPaddr2", "monitor", std::chrono::seconds(10)};
  CHECK(holds("<rsc_expression id='e' class='ocf' type='IPaddr2'/>", facts));
  CHECK_FALSE(holds("<rsc_expression id='e' provider='pacemaker'/>", facts));
  CHECK(holds("<op_expression id='e' name='monitor' interval='10s'/>", facts));
  CHECK_FALSE(holds("<op_expression id='e' name='monitor' interval='20s'/>", facts));
  CHECK_FALSE(holds("<rsc_expression id='e' class='ocf'/>"));
}

TEST_CASE("rules: an id-ref is followed, also when it leads nowhere or in a circle", "[rules]") {
  const auto tree = xml::parse(
      "<c><rule id='a' boolean-op='or'><expression id='e' attribute='x' operation='not_defined'/></rule>"
      "<rule id-ref='a'/><rule id-ref='b'/><rule id='c'><rule id-ref='c'/></rule></c>");
  std::vector<pugi::xml_node> rules;
  for (const auto& rule : xml::first_element(**tree).children()) rules.push_back(rule);
  CHECK(evaluate(rules[1], {}, {})->holds);
  CHECK_FALSE(evaluate(rules[2], {}, {}));
  CHECK_FALSE(evaluate(rules[3], {}, {}));
}

TEST_CASE("rules: errors name the element", "[rules]") {
  const auto bad = answer("<rule id='r'><date_expression id='d' operation='lt' end='soon'/></rule>");
  REQUIRE_FALSE(bad);
  CHECK(bad.error().message ==
        "/rule[@id='r']/date_expression[@id='d']: 'soon' is no date; write it as 2026-11-21 or 2026-11-21T12:30:00Z");
}

TEST_CASE("rules: what stands behind the digits of a number does not count", "[rules]") {
  const auto holds = [](std::string_view left, std::string_view rest) {
    const auto text = fmt::format("<rule id='r'><expression id='e' attribute='a' {}/></rule>", rest);
    return answer(text, {.node = {{"a", std::string(left)}}})->holds;
  };
  CHECK(holds("5x", "operation='eq' value='5' type='integer'"));
  CHECK(holds("5.9", "operation='eq' value='5' type='integer'"));
  CHECK(holds("5x", "operation='lt' value='5.5' type='number'"));
  CHECK_FALSE(holds("1.2", "operation='lt' value='1.2.3'"));
  CHECK(holds("5", "operation='lt' value='x'"));  // no digits: texts
}

TEST_CASE("rules: the moon is new at 0 and full at 4", "[rules]") {
  const auto phase = [](std::string_view day) {
    for (int moon = 0; moon < 8; ++moon) {
      const auto rule = fmt::format("<rule id='r'><date_expression id='d' operation='date_spec'><date_spec id='s' moon='{}'/></date_expression></rule>", moon);
      if (evaluate(xml::first_element(**xml::parse(rule)), {}, *parse_date(day))->holds) return moon;
    }
    return -1;
  };
  CHECK(phase("2026-05-31") == 4);  // a full moon, by the almanac
  CHECK(phase("2026-06-15") == 0);  // and a new one
  CHECK(phase("2025-01-29") == 0);
  CHECK(phase("2025-10-07") == 4);
}

TEST_CASE("rules: an element without rules holds for ever, with several when one does", "[rules]") {
  const auto all = [](const char* text) { return evaluate_children(xml::first_element(**xml::parse(text)), {}, {})->holds; };
  const std::string yes = "<rule id='a'><expression id='e' attribute='x' operation='not_defined'/></rule>";
  const std::string no = "<rule id='b'><expression id='f' attribute='x' operation='defined'/></rule>";
  CHECK(all("<s/>"));
  CHECK(all(("<s>" + no + yes + "</s>").c_str()));
  CHECK_FALSE(all(("<s>" + no + "</s>").c_str()));
}
