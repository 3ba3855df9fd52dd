// The file of perhaps running resources: a magic word, the node's name, the operations.
#include "resmgr/daemon/actives_file.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "common/base/bytes.hpp"
#include "common/io/file.hpp"

namespace relevo::resmgr {
namespace {
constexpr std::uint64_t magic = 0x3156544341564c52ULL;  // "RLVACTV1"
constexpr auto owner_only = std::filesystem::perms::owner_read | std::filesystem::perms::owner_write;
}  // namespace

Status save_actives(const std::string& path, const Actives& actives) {
  Writer out;
  out.u64(magic);
  out.text(actives.node);
  out.u32(static_cast<std::uint32_t>(actives.operations.size()));
  for (const auto& operation : actives.operations) out.bytes(executor::encode(operation));
  const auto temporary = path + ".new";
  {
    std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
    // Parameters may hold passwords.
    std::error_code ignored;
    std::filesystem::permissions(temporary, owner_only, ignored);
    const auto text = as_text(out.view());
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    file.flush();
    if (!file) return fail("{}: cannot be written", temporary);
  }
  if (std::rename(temporary.c_str(), path.c_str()) != 0) return fail("{}: cannot be replaced", path);
  return {};
}

Result<Actives> load_actives(const std::string& path) {
  if (!io::file_exists(path)) return Actives{};
  const auto text = io::read_file(path);
  if (!text) return pass(text.error());
  Reader in(as_bytes(*text));
  Actives actives;
  const bool known = in.u64() == magic;
  actives.node = in.text(4096);
  const auto count = in.count(in.u32(), 4);
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    auto operation = executor::decode_operation(in.bytes());
    if (!operation) return in_context(operation.error(), path);
    actives.operations.push_back(std::move(*operation));
  }
  if (!known || !in.done()) return fail(ErrorKind::invalid, "{}: not a list of running resources", path);
  return actives;
}

}  // namespace relevo::resmgr
