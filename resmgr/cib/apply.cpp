// A change from its first operation to the new version; see apply.hpp.
#include "resmgr/cib/apply.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <tuple>

#include "common/xml/chars.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/cib/operation.hpp"
#include "resmgr/cib/sections.hpp"
#include "resmgr/cib/validate.hpp"

namespace relevo::cib {
namespace {

std::string_view verb_name(Verb verb) {
  constexpr std::array<std::string_view, 6> names{"create", "modify", "replace", "remove", "erase", "bump"};
  const auto at = static_cast<std::size_t>(verb);
  return at < names.size() ? names[at] : "unknown";
}

std::string context(const Change& change, std::size_t at) {
  const auto& operation = change.operations[at];
  const auto where = operation.target.empty() ? "" : fmt::format(" in '{}'", operation.target);
  if (change.operations.size() == 1) return fmt::format("{}{}", verb_name(operation.verb), where);
  return fmt::format("operation {} of {}, {}{}", at + 1, change.operations.size(), verb_name(operation.verb), where);
}

/// As ctime() writes it, but UTC: every node must write the same.
std::string written_text(WallTime at) {
  using namespace std::chrono;
  constexpr std::array<const char*, 7> weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  constexpr std::int64_t latest = 253402300799;  // the last second of the year 9999
  const auto since = seconds(std::clamp<std::int64_t>(at.seconds, 0, latest));
  const auto day = sys_days(floor<days>(since));
  const year_month_day date(day);
  const hh_mm_ss time(since - floor<days>(since));
  return fmt::format("{} {} {:2} {:02}:{:02}:{:02} {}", weekdays[weekday(day).c_encoding()],
                     months[static_cast<unsigned>(date.month()) - 1], static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count(), static_cast<int>(date.year()));
}

void set_or_remove(pugi::xml_node root, std::string_view name, const std::string& value) {
  if (!value.empty())
    xml::set_attribute(root, name, value);
  else
    root.remove_attribute(std::string(name).c_str());
}

/// Source: resmgr spec 1.1, "cib attributes"; 2(c), "Executing one op".
void bump_version(Document& document, const Change& change, const Version& before, bool configuration_changed) {
  auto root = document.root();
  const auto now = document.version();
  if (!configuration_changed) {
    xml::set_attribute(root, "num_updates", std::to_string(before.num_updates + 1));
    return;
  }
  xml::set_attribute(root, "epoch", std::to_string(now.epoch + 1));
  xml::set_attribute(root, "num_updates", "0");
  xml::set_attribute(root, "cib-last-written", written_text(change.at));
  set_or_remove(root, "update-origin", change.origin);
  set_or_remove(root, "update-client", change.client);
  set_or_remove(root, "update-user", change.user);
}

/// Who asks comes from outside too, and is written into the document.
Status check_names(const Change& change) {
  constexpr std::size_t longest = 256;
  for (const auto* name : {&change.origin, &change.client, &change.user})
    if (name->size() > longest || xml::first_bad_character(*name) != std::string_view::npos)
      return fail(ErrorKind::invalid, "the origin, client and user of a change must be text of at most {} bytes", longest);
  return {};
}

Status check_age(const Version& now, const Version& before) {
  if (std::tie(now.admin_epoch, now.epoch) >= std::tie(before.admin_epoch, before.epoch)) return {};
  return fail(ErrorKind::invalid, "the version {}.{} is older than the cluster's {}.{}", now.admin_epoch, now.epoch,
              before.admin_epoch, before.epoch);
}

}  // namespace

Result<Applied> apply(const Document& document, const Change& change) {
  if (auto ok = check_names(change); !ok) return pass(ok.error());
  Applied result{document.clone()};
  const auto before = document.version();
  Work work{result.document.root()};
  for (std::size_t i = 0; i < change.operations.size(); ++i)
    if (auto ok = perform(work, change.operations[i]); !ok) return in_context(ok.error(), context(change, i));
  result.changed = work.changed;
  result.configuration_changed = work.configuration_changed;
  if (!result.changed) return result;
  complete(work.root);
  if (auto ok = check_age(result.document.version(), before); !ok) return pass(ok.error());
  const auto ok = result.configuration_changed ? check_document(work.root) : check_root_attributes(work.root);
  if (!ok) return tl::unexpected<Error>(to_error(ok.error()));
  bump_version(result.document, change, before, result.configuration_changed);
  return result;
}

}  // namespace relevo::cib
