// Who may use the local socket; see access.hpp. Source: corosync.conf(5), "uidgid".
#include "membership/daemon/access.hpp"

#include <dirent.h>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "common/base/text.hpp"
#include "common/config/syntax.hpp"
#include "common/io/file.hpp"

namespace relevo::membership {
namespace {

/// The files of a folder by name, so that every start sees them in the same order.
std::vector<std::string> files_in(const std::string& folder) {
  std::vector<std::string> out;
  const std::unique_ptr<DIR, int (*)(DIR*)> dir(::opendir(folder.c_str()), ::closedir);
  if (!dir) return out;
  while (const auto* entry = ::readdir(dir.get()))
    if (entry->d_name[0] != '.') out.push_back(folder + "/" + entry->d_name);
  std::sort(out.begin(), out.end());
  return out;
}

void read_file_of(const std::string& path, config::AccessConfig& out, Notes& notes) {
  constexpr std::size_t longest = 64U << 10;
  const auto text = io::read_file(path, longest);
  const auto parsed = text ? config::parse_sections(*text, path) : Result<config::Section>(pass(text.error()));
  if (!parsed) return notes.push_back(note(Level::warning, "{}: it grants nothing", parsed.error().message));
  for (const auto& section : parsed->sections) {
    if (section.name != "uidgid") {
      notes.push_back(note(Level::warning, "{}: line {}: '{}': only uidgid sections stand here", path, section.line, section.name));
      continue;
    }
    for (const auto& entry : section.entries) {
      if (entry.key == "uid") out.users.push_back(entry.value);
      else if (entry.key == "gid") out.groups.push_back(entry.value);
      else notes.push_back(note(Level::warning, "{}: line {}: '{}': only uid and gid stand here", path, entry.line, entry.key));
    }
  }
}

}  // namespace

Access Access::load(const config::AccessConfig& configured, const io::Root& root, Notes& notes) {
  auto names = configured;
  for (const auto& folder : {root.config_dir() + "/uidgid.d", root.prefix + "/etc/corosync/uidgid.d"})
    for (const auto& path : files_in(folder)) read_file_of(path, names, notes);
  Access out;
  for (const auto& name : names.users) out.take_user(name, notes);
  for (const auto& name : names.groups) out.take_group(name, notes);
  return out;
}

void Access::take_user(const std::string& name, Notes& notes) {
  if (const auto number = parse_uint(name); number && *number < UINT32_MAX) {
    users_.insert(static_cast<uid_t>(*number));
  } else if (const auto* user = ::getpwnam(name.c_str()); user != nullptr) {
    users_.insert(user->pw_uid);
  } else {
    notes.push_back(note(Level::warning, "uidgid: this host has no user '{}'", name));
  }
}

void Access::take_group(const std::string& name, Notes& notes) {
  if (const auto number = parse_uint(name); number && *number < UINT32_MAX) {
    groups_.insert(static_cast<gid_t>(*number));
  } else if (const auto* group = ::getgrnam(name.c_str()); group != nullptr) {
    groups_.insert(group->gr_gid);
  } else {
    notes.push_back(note(Level::warning, "uidgid: this host has no group '{}'", name));
  }
}

std::string Access::refusal(const io::PeerCredentials& peer, std::size_t open) const {
  if (peer.uid == 0 || peer.uid == ::geteuid()) return {};
  const bool known = users_.contains(peer.uid) || groups_.contains(peer.gid) ||
                     std::any_of(peer.groups.begin(), peer.groups.end(), [&](gid_t g) { return groups_.contains(g); });
  if (!known)
    return fmt::format("user {} may not use the membership daemon: name it, or a group of it, in a uidgid section or in uidgid.d",
                       peer.uid);
  if (open >= max_sessions_of_user)
    return fmt::format("user {} has {} connections already, as many as one user can have", peer.uid, open);
  return {};
}

}  // namespace relevo::membership
