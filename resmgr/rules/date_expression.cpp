// Date expressions; see date_expression.hpp.
#include "resmgr/rules/date_expression.hpp"

#include <array>

#include "common/base/text.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/rules/compare.hpp"
#include "resmgr/rules/date.hpp"

namespace relevo::rules {
namespace {

tl::unexpected<Error> at(const pugi::xml_node& node, Error error) { return in_context(std::move(error), xml::path_of(node)); }

Result<std::optional<WallTime>> bound(const pugi::xml_node& node, const char* name, std::chrono::seconds utc_offset) {
  const auto text = xml::attribute(node, name);
  if (!text) return std::optional<WallTime>{};
  auto date = parse_date(*text, utc_offset);
  if (!date) return at(node, date.error());
  return std::optional(*date);
}

Result<Span> read_span(const pugi::xml_node& node) {
  Span span;
  const std::array<std::pair<const char*, std::int64_t*>, 7> fields{
      {{"years", &span.years}, {"months", &span.months}, {"weeks", &span.weeks}, {"days", &span.days},
       {"hours", &span.hours}, {"minutes", &span.minutes}, {"seconds", &span.seconds}}};
  constexpr std::int64_t most = 1'000'000'000;
  for (const auto& [name, value] : fields) {
    const auto text = xml::attribute(node, name);
    if (!text) continue;
    const auto number = parse_int(*text);
    if (!number || *number < 0 || *number > most)
      return at(node, Error{fmt::format("{}=\"{}\" must be a whole number from 0 to {}", name, *text, most), ErrorKind::invalid});
    *value = *number;
  }
  return span;
}

WallTime next(WallTime time) { return WallTime{time.seconds + 1}; }

Result<Answer> in_bounds(const pugi::xml_node& node, std::optional<WallTime> start, std::optional<WallTime> end,
                         std::chrono::seconds utc_offset, WallTime now) {
  if (const auto duration = xml::child(node, "duration"); duration && start && !end) {
    const auto span = read_span(duration);
    if (!span) return pass(span.error());
    end = after(*start, *span, utc_offset);
  }
  if (start && now < *start) return Answer{false, start};
  if (end && now > *end) return Answer{false, std::nullopt};
  return Answer{start || end, end ? std::optional(next(*end)) : std::nullopt};
}

/// The instant at which the smallest field that the spec looks at changes.
WallTime next_boundary(const pugi::xml_node& spec, const Calendar& c, WallTime now) {
  if (xml::attribute(spec, "seconds")) return next(now);
  if (xml::attribute(spec, "minutes")) return WallTime{now.seconds + 60 - c.second};
  const auto into_hour = c.minute * 60 + c.second;
  if (xml::attribute(spec, "hours")) return WallTime{now.seconds + 3600 - into_hour};
  return WallTime{now.seconds + 86400 - (c.hour * 3600 + into_hour)};
}

/// 0 is the new moon, 4 the full moon: eighths of a month. The golden number says where in the cycle of 19 years the year stands,
/// the epact how old the moon is as it begins. Source: the rule for Easter; Pacemaker Explained, "Date Specifications", `moon`.
std::int64_t moon_phase(const Calendar& c) {
  const auto golden = c.year % 19 + 1;
  auto epact = (11 * golden + 18) % 30;
  if ((epact == 25 && golden > 11) || epact == 24) ++epact;
  return ((c.yearday + epact) * 6 + 11) % 177 / 22 % 8;
}

Result<Answer> matches_spec(const pugi::xml_node& spec, std::chrono::seconds utc_offset, WallTime now) {
  const auto c = calendar(now, utc_offset);
  const std::array<std::pair<const char*, std::int64_t>, 11> fields{
      {{"seconds", c.second}, {"minutes", c.minute}, {"hours", c.hour}, {"monthdays", c.monthday}, {"weekdays", c.weekday},
       {"yeardays", c.yearday}, {"months", c.month}, {"weeks", c.week}, {"weekyears", c.weekyear}, {"years", c.year},
       {"moon", moon_phase(c)}}};
  bool holds = true;
  for (const auto& [name, value] : fields) {
    const auto text = xml::attribute(spec, name);
    if (!text) continue;
    const auto inside = in_range(*text, value);
    if (!inside)
      return at(spec, Error{fmt::format("{}=\"{}\" must be a number or a range such as 9-17", name, *text), ErrorKind::invalid});
    holds = holds && *inside;
  }
  return Answer{holds, next_boundary(spec, c, now)};
}

}  // namespace

Result<Answer> evaluate_date(const pugi::xml_node& node, std::chrono::seconds utc_offset, WallTime now) {
  const auto operation = xml::attribute_or(node, "operation", "in_range");
  const auto start = bound(node, "start", utc_offset);
  if (!start) return pass(start.error());
  const auto end = bound(node, "end", utc_offset);
  if (!end) return pass(end.error());
  if (operation == "date_spec") return matches_spec(xml::child(node, "date_spec"), utc_offset, now);
  if (operation == "gt" && *start)
    return now > **start ? Answer{true, std::nullopt} : Answer{false, next(**start)};
  if (operation == "lt" && *end) return now < **end ? Answer{true, *end} : Answer{false, std::nullopt};
  if (operation == "in_range") return in_bounds(node, *start, *end, utc_offset, now);
  return at(node, Error{fmt::format("operation '{}' needs another bound", operation), ErrorKind::invalid});
}

}  // namespace relevo::rules
