// The mounts of one host. Runs inside its mount namespace: nothing done here is seen outside.
#include "cli/lab/view.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "cli/lab/store.hpp"
#include "cli/support/self.hpp"
#include "common/base/text.hpp"
#include "common/io/fd.hpp"
#include "common/io/file.hpp"

namespace relevo::cli::lab {
namespace {

namespace fs = std::filesystem;

Status check(int result, std::string_view what) {
  if (result == 0) return {};
  return fail("{}: {}", what, io::errno_text(errno));
}

Status set_read_only(int folder, const char* path, bool read_only) {
  mount_attr attributes{};
  (read_only ? attributes.attr_set : attributes.attr_clr) = MOUNT_ATTR_RDONLY;
  const auto flags = static_cast<unsigned>(AT_RECURSIVE) | (*path == '\0' ? static_cast<unsigned>(AT_EMPTY_PATH) : 0U);
  return check(::mount_setattr(folder, path, flags, &attributes, sizeof attributes),
               fmt::format("changing the mount {}", path));
}

/// mountinfo writes a blank in a path as \040.
std::string unescape(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size()) {
      out += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

/// Detaches everything mounted at or below `folder`: other labs' namespaces and disks must not be held by this one.
void detach_below(const std::string& folder) {
  const auto table = io::read_file("/proc/self/mountinfo");
  if (!table) return;
  std::vector<std::string> points;
  for (const auto& line : split(*table, '\n')) {
    const auto fields = words(line);
    if (fields.size() < 5) continue;
    auto point = unescape(fields[4]);
    if (point == folder || point.starts_with(folder + "/")) points.push_back(std::move(point));
  }
  for (auto it = points.rbegin(); it != points.rend(); ++it) ::umount2(it->c_str(), MNT_DETACH);
}

/// In a user namespace most files belong to users that are not mapped: an overlay would show them and let nobody
/// write beside them.
bool users_are_mapped() {
  const auto map = io::read_file("/proc/self/uid_map", 4096);
  return map && words(*map) == std::vector<std::string>{"0", "0", "4294967295"};
}

/// The private writable copy of a folder where an overlay does not serve. What may not be read is left out.
Status copy_instead(const std::string& folder, const std::string& disk) {
  const auto copy = disk + "/copy";
  std::error_code error;
  if (!fs::exists(copy, error)) {
    const auto made = folder == "/etc" ? run_tool("cp", {"-a", "--no-preserve=ownership", folder, copy})
                                       : run_tool("mkdir", {"-p", copy + "/lib", copy + "/log", copy + "/cache",
                                                            copy + "/spool", copy + "/tmp", copy + "/opt"});
    if (!made && !fs::exists(copy, error)) return pass(made.error());
    if (folder == "/var") fs::create_symlink("/run", copy + "/run", error);
  }
  return check(::mount(copy.c_str(), folder.c_str(), nullptr, MS_BIND, nullptr), folder);
}

/// A folder that keeps its changes on the host's disk and shows the machine's own files below them.
Status mount_persistent(const std::string& folder, const std::string& disk) {
  if (!users_are_mapped()) {
    if (auto made = io::make_directories(disk, 0755); !made) return made;
    return copy_instead(folder, disk);
  }
  for (const auto* part : {"/up", "/work"})
    if (auto made = io::make_directories(disk + part, 0755); !made) return made;
  const auto options = fmt::format("lowerdir={},upperdir={}/up,workdir={}/work", folder, disk, disk);
  if (::mount("overlay", folder.c_str(), "overlay", 0, options.c_str()) == 0) return {};
  return copy_instead(folder, disk);
}

Status mount_fresh(const std::string& folder, const char* options) {
  detach_below(folder);
  return check(::mount("tmpfs", folder.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, options), folder);
}

/// A crash of the whole machine must stay impossible from inside a host.
void mask_kernel_buttons() {
  for (const auto* file : {"/proc/sysrq-trigger", "/proc/sys/kernel/sysrq"})
    if (io::file_exists(file)) ::mount("/dev/null", file, nullptr, MS_BIND, nullptr);
}

/// The folder that must be seen inside: the source tree when the programs were built in one, else the programs'.
std::string shared_tree() {
  const auto build = fs::path(bin_dir()).parent_path();
  const auto source = build.parent_path().parent_path();
  return io::file_exists((source / "CMakePresets.json").string()) ? source.string() : build.string();
}

/// A build below /tmp or /run would be hidden by the private folders: it is put back, read-only.
Status put_back(const std::string& path, int tree) {
  if (io::file_exists(self_path())) return {};
  if (auto made = io::make_directories(path, 0755); !made) return made;
  if (auto set = set_read_only(tree, "", true); !set) return set;
  return check(::move_mount(tree, "", AT_FDCWD, path.c_str(), MOVE_MOUNT_F_EMPTY_PATH), path);
}

Status mount_kernel_views() {
  if (auto done = check(::mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr), "/proc"); !done)
    return done;
  // /sys/class/net shows the network of whoever mounted it.
  return check(::mount("sysfs", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY, nullptr), "/sys");
}

}  // namespace

Status build_view(const Lab& lab, const Host& host) {
  const auto disk = disk_of(lab.name, host.name);
  if (auto done = check(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "making mounts private"); !done)
    return done;
  const auto tree_path = shared_tree();
  const io::Fd tree(::open_tree(AT_FDCWD, tree_path.c_str(), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE));
  if (!tree.valid()) return fail("{}: {}", tree_path, io::errno_text(errno));
  for (const std::string folder : {"/etc", "/var"})
    if (auto done = mount_persistent(folder, disk + folder); !done) return done;
  if (auto done = set_read_only(AT_FDCWD, "/", true); !done) return done;
  for (const auto* folder : {"/etc", "/var"})
    if (auto done = set_read_only(AT_FDCWD, folder, false); !done) return done;
  if (auto done = mount_fresh("/tmp", "mode=1777"); !done) return done;
  if (auto done = mount_fresh("/dev/shm", "mode=1777"); !done) return done;
  if (auto done = mount_kernel_views(); !done) return done;
  mask_kernel_buttons();
  // Last, since the disk itself lies below /run.
  if (auto done = mount_fresh("/run", "mode=0755"); !done) return done;
  for (const auto* folder : {"/run/lock", "/run/resource-agents"})
    if (auto made = io::make_directories(folder, 0755); !made) return made;
  return put_back(tree_path, tree.get());
}

}  // namespace relevo::cli::lab
