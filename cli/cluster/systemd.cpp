// Calling systemctl. Nothing is decided here but whether it is there.
#include "cli/cluster/systemd.hpp"

#include "cli/support/process.hpp"
#include "common/io/file.hpp"

namespace relevo::cli::cluster {
namespace {

constexpr const char* unit = "relevo-resmgrd.service";  // it requires relevo-membershipd.service

}  // namespace

bool systemd_manages(const io::Root& root) {
  if (!root.prefix.empty() || !io::file_exists("/run/systemd/system")) return false;
  for (const auto* folder : {"/etc/systemd/system/", "/lib/systemd/system/", "/usr/lib/systemd/system/"})
    if (io::file_exists(std::string(folder) + unit)) return true;
  return false;
}

Status systemd_order(const std::string& verb) {
  const std::string first = verb == "start" ? "relevo-membershipd.service" : unit;
  const std::string second = verb == "start" ? unit : "relevo-membershipd.service";
  for (const auto& name : {first, second})
    if (auto done = run_tool("systemctl", {verb, name}); !done) return pass(done.error());
  return {};
}

}  // namespace relevo::cli::cluster
