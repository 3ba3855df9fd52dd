// corosync-cmapctl's lines and checks.
#include "cli/lowlevel/cmap_text.hpp"

#include <limits>
#include <nlohmann/json.hpp>

#include "common/base/text.hpp"

namespace relevo::cli::lowlevel {
namespace {

bool is_number(const std::string& type, const std::string& value) {
  const auto fits_unsigned = [&](std::uint64_t most) {
    const auto v = parse_uint(value);
    return v && *v <= most;
  };
  const auto fits_signed = [&](std::int64_t least, std::int64_t most) {
    const auto v = parse_int(value);
    return v && *v >= least && *v <= most;
  };
  if (type == "u8") return fits_unsigned(UINT8_MAX);
  if (type == "u16") return fits_unsigned(UINT16_MAX);
  if (type == "u32") return fits_unsigned(UINT32_MAX);
  if (type == "u64") return fits_unsigned(UINT64_MAX);
  if (type == "i8") return fits_signed(INT8_MIN, INT8_MAX);
  if (type == "i16") return fits_signed(INT16_MIN, INT16_MAX);
  if (type == "i32") return fits_signed(INT32_MIN, INT32_MAX);
  return fits_signed(INT64_MIN, INT64_MAX);
}

bool is_decimal(const std::string& value) {
  const auto digits = value.find_first_not_of("+-");
  const auto dot = value.find('.');
  const auto rest = value.substr(digits == std::string::npos ? value.size() : digits);
  return !rest.empty() && digits <= 1 && rest.find_first_not_of("0123456789.") == std::string::npos &&
         (dot == std::string::npos || value.find('.', dot + 1) == std::string::npos) && rest != ".";
}

}  // namespace

Result<CmapEntries> read_cmap(const nlohmann::json& report) {
  CmapEntries out;
  for (const auto& [key, entry] : report.items()) {
    if (!entry.is_object() || !entry.contains("type") || !entry["type"].is_string() || !entry.contains("value") || !entry["value"].is_string())
      return fail(ErrorKind::invalid, "the keys of relevo-membershipd cannot be read: '{}'", key);
    out[key] = {entry["type"].get<std::string>(), entry["value"].get<std::string>()};
  }
  return out;
}

std::string cmap_line(const std::string& key, const CmapEntry& entry, bool value_only) {
  if (value_only) return entry.value + "\n";
  return fmt::format("{} ({}) = {}\n", key, entry.type, entry.value);
}

std::string cmap_list(const CmapEntries& entries, const std::string& prefix, bool value_only) {
  std::string out;
  for (auto it = entries.lower_bound(prefix); it != entries.end() && it->first.starts_with(prefix); ++it)
    out += cmap_line(it->first, it->second, value_only);
  return out;
}

std::string cmap_changes(const CmapEntries& before, const CmapEntries& now, const std::string& wanted, bool prefix) {
  const auto is_wanted = [&](const std::string& key) { return prefix ? key.starts_with(wanted) : key == wanted; };
  std::string out;
  for (const auto& [key, entry] : before)
    if (is_wanted(key) && !now.contains(key)) out += fmt::format("delete> {} ({})\n", key, entry.type);
  for (const auto& [key, entry] : now) {
    const auto was = before.find(key);
    if (!is_wanted(key) || (was != before.end() && was->second == entry)) continue;
    out += (was == before.end() ? "create> " : "modify> ") + cmap_line(key, entry);
  }
  return out;
}

Status check_cmap_value(const std::string& type, const std::string& value) {
  if (type == "str" || type == "bin") return {};
  if (type == "flt" || type == "dbl") {
    if (!is_decimal(value)) return fail(ErrorKind::invalid, "{} is not valid {}", value, type == "flt" ? "float" : "double");
    return {};
  }
  for (const auto* known : {"u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64"}) {
    if (type != known) continue;
    if (!is_number(type, value)) return fail(ErrorKind::invalid, "{} is not valid {} integer", value, type);
    return {};
  }
  return fail(ErrorKind::invalid, "Unknown type {}", type);
}

Result<std::string> command_to_set(const std::string& key, const std::string& value) {
  if (key == "quorum.cancel_wait_for_all") {
    if (value == "1") return "cancel-wait-for-all";
    return fail(ErrorKind::unsupported, "quorum.cancel_wait_for_all is an order: only 1 means something, set it to 1");
  }
  if (key == "quorum.expected_votes") return "expected-votes " + value;
  if (key.starts_with("stats.")) return fail(ErrorKind::unsupported, "statistics are only read; -C clears them");
  if (key.starts_with("runtime.")) return fail(ErrorKind::unsupported, "{} says how things are; what asked for it stands in the configuration file: change it there, then run 'corosync-cfgtool -R'", key);
  for (const auto* section : {"totem.", "nodelist.", "quorum.", "logging.", "system.", "uidgid.", "resources."})
    if (key.starts_with(section))
      return fail(ErrorKind::unsupported,
                  "{} belongs to the configuration: change it in the file, then run 'corosync-cfgtool -R', which the whole cluster follows or nobody", key);
  return fail(ErrorKind::unsupported, "no key is called {}, and keys of users' own are not kept here: 'crm_attribute -N NODE -n NAME -v VALUE' keeps values of your own", key);
}

std::string why_not_deleted(const std::string& key) {
  if (key.starts_with("stats.")) return "statistics are only read; -C clears them";
  if (key.starts_with("runtime.")) return "it says how things are and cannot be deleted; what asked for it stands in the configuration file: change it there, then run 'corosync-cfgtool -R'";
  return "take it out of the configuration file, then run 'corosync-cfgtool -R'";
}

Result<std::vector<CmapSetting>> read_cmap_settings(std::string_view text) {
  std::vector<CmapSetting> out;
  std::size_t number = 0;
  for (const auto& line : split(text, '\n')) {
    ++number;
    const std::string content(trim(line));
    if (content.empty() || content[0] == '#') continue;
    const auto parts = words(content);
    CmapSetting setting;
    setting.key = parts[0];
    if (setting.key.starts_with("^")) {
      const bool prefix = setting.key.starts_with("^^");
      setting.kind = prefix ? CmapSetting::Kind::erase_prefix : CmapSetting::Kind::erase;
      setting.key.erase(0, prefix ? 2 : 1);
    } else if (parts.size() < 3) {
      return fail(ErrorKind::invalid, "line {}: Both type and value for key {} are required", number, parts[0]);
    } else {
      setting.type = parts[1];
      const auto after_type = content.find(parts[1], parts[0].size()) + parts[1].size();
      setting.value = trim(std::string_view(content).substr(after_type));
    }
    if (setting.key.empty()) return fail(ErrorKind::invalid, "line {}: a key is missing", number);
    out.push_back(std::move(setting));
  }
  return out;
}

}  // namespace relevo::cli::lowlevel
