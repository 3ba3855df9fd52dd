// The report `groups` as JSON, written and read.
#include "membership/client/listing.hpp"

#include <nlohmann/json.hpp>

#include "common/base/text.hpp"

namespace relevo::membership {
namespace {

using Json = nlohmann::ordered_json;

std::string to_hex(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return out;
}

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

Result<std::string> from_hex(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    const int high = digit(text[i]), low = digit(text[i + 1]);
    if (high < 0 || low < 0) return fail(ErrorKind::invalid, "a group's name is not in hexadecimal: {}", text);
    out += static_cast<char>(high * 16 + low);
  }
  return out;
}

Result<GroupInfo> read_group(const Json& json) {
  auto name = from_hex(json.at("name_hex").get<std::string>());
  if (!name) return pass(name.error());
  GroupInfo group{std::move(*name), {}};
  for (const auto& m : json.at("members"))
    group.members.push_back({{NodeId(m.at("node").get<std::uint32_t>()), m.at("client").get<std::uint32_t>()},
                             m.at("pid").get<std::uint32_t>()});
  return group;
}

}  // namespace

std::string write_groups(const std::vector<GroupInfo>& groups) {
  Json list = Json::array();
  for (const auto& group : groups) {
    Json members = Json::array();
    for (const auto& m : group.members)
      members.push_back({{"node", m.member.node.value}, {"client", m.member.client}, {"pid", m.pid}});
    list.push_back({{"name", group.name}, {"name_hex", to_hex(group.name)}, {"members", std::move(members)}});
  }
  return Json{{"groups", std::move(list)}}.dump(2, ' ', false, Json::error_handler_t::replace);
}

Result<std::vector<GroupInfo>> read_groups(std::string_view json) {
  try {
    std::vector<GroupInfo> out;
    const auto document = Json::parse(json);
    for (const auto& entry : document.at("groups")) {
      auto group = read_group(entry);
      if (!group) return pass(group.error());
      out.push_back(std::move(*group));
    }
    return out;
  } catch (const Json::exception& e) {
    return fail(ErrorKind::invalid, "the list of groups cannot be read: {}", e.what());
  }
}

}  // namespace relevo::membership
