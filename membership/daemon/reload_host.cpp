// The host's part of a change of the configuration; see reload.hpp.
#include <sys/stat.h>

#include <algorithm>

#include "common/io/file.hpp"
#include "membership/daemon/reload.hpp"
#include "membership/reload/in_force.hpp"

namespace relevo::membership {
namespace {

bool has_local(const stack::Settings& settings, NodeId self, std::size_t link, const Address& address) {
  const auto found = settings.addresses.find(self);
  return found != settings.addresses.end() && link < found->second.size() && found->second[link] == address;
}

/// A socket would open on any address (the kernel may not have it yet); that it is this host's is worth a look.
std::string strange_address(const stack::Settings& now, const stack::Settings& next, NodeId self) {
  const auto host = host_facts();
  const auto found = next.addresses.find(self);
  if (found == next.addresses.end()) return {};
  for (std::size_t link = 0; link < found->second.size(); ++link) {
    if (has_local(now, self, link, found->second[link])) continue;
    auto address = found->second[link];
    address.port = 0;
    address.scope = 0;
    if (std::find(host.addresses.begin(), host.addresses.end(), address) == host.addresses.end())
      return fmt::format("ring{}_addr of this node, {}, is not an address of this host", link, ip_text(address));
  }
  return {};
}

}  // namespace

Looked look_at(const std::string& text, const std::string& path, const stack::SettingsPtr& now, NodeId self) {
  const auto no = [](std::string words) { return Looked{std::move(words), nullptr, {}}; };
  auto config = config::parse_cluster_config(text, path);
  if (!config) return no(config.error().message);
  const auto difference = reload::compare(now->config, *config, self);
  if (!difference) return no(difference.error().message);
  auto addresses = resolve_nodes(*config);
  if (!addresses) return no(addresses.error().message);
  auto settings = std::make_shared<stack::Settings>(stack::Settings{std::move(*config), std::move(*addresses)});
  if (auto strange = strange_address(*now, *settings, self); !strange.empty()) return no(std::move(strange));
  return {{}, std::move(settings), difference->restart};
}

Result<Sockets> open_new_sockets(io::Loop& loop, const stack::Settings& now, const stack::Settings& next, NodeId self) {
  Sockets out;
  const auto local = next.addresses.find(self);
  if (local == next.addresses.end()) return out;
  for (std::size_t i = 0; i < local->second.size(); ++i) {
    if (has_local(now, self, i, local->second[i])) continue;
    auto socket = io::UdpSocket::bind(loop, local->second[i]);
    if (!socket) return in_context(socket.error(), fmt::format("link {}", i));
    out[LinkId(static_cast<std::uint8_t>(i))] = std::move(*socket);
  }
  return out;
}

Status write_config(const std::string& path, const std::string& text) {
  const auto old = io::read_file(path, 1U << 20);
  if (old && *old == text) return {};
  struct stat status {};
  const mode_t mode = ::stat(path.c_str(), &status) == 0 ? status.st_mode & 0777 : 0644;
  if (old)
    if (auto kept = io::write_file_durably(path + ".bak", *old, mode); !kept) return kept;
  return io::write_file_durably(path, text, mode);
}

}  // namespace relevo::membership
