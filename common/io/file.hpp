// Files: whole reads with a limit, atomic durable writes.
#pragma once

#include <string>
#include <string_view>

#include <sys/types.h>

#include "common/base/bytes.hpp"
#include "common/base/result.hpp"

namespace relevo::io {

/// The whole file. Errors: not_found, permission, larger than `limit`; each names the path.
Result<std::string> read_file(const std::string& path, std::size_t limit = 64U << 20);
/// Temp file in the same folder, fsync, rename, fsync of the folder: after success it survives a power cut,
/// after an error the old content is untouched.
Status write_file_durably(const std::string& path, std::string_view content, mode_t mode);
/// mkdir -p with a mode for what is made.
Status make_directories(const std::string& path, mode_t mode = 0755);
[[nodiscard]] bool file_exists(const std::string& path);

}  // namespace relevo::io
