// The CIB on disk: cib.xml, a signature beside it, and one older generation. What it means is not known here.
#pragma once

#include <cstdint>
#include <string>

#include "common/base/note.hpp"
#include "common/base/result.hpp"
#include "resmgr/cib/document.hpp"

namespace relevo::resmgr {

/// What was found at the start.
struct StoredCib {
  cib::Document cib;
  std::uint64_t lineage = 0;  ///< 0 = placed there by a person, or nothing there yet
  Notes notes;
};

class CibStore {
 public:
  /// `path` is the cib.xml; the other files stand beside it.
  explicit CibStore(std::string path) : path_(std::move(path)) {}

  /// A file without a signature was placed there by a person and is imported. One that does not match its signature
  /// is set aside and the older generation is used. Never empty when there was something.
  /// Errors: what is there cannot be used; says what to do.
  Result<StoredCib> load() const;
  /// Durable when it returns. Called on the helper thread: touches nothing but the files.
  Status save(const std::string& text, std::uint64_t lineage) const;

 private:
  [[nodiscard]] std::string signature_path(const std::string& file) const { return file + ".sig"; }
  [[nodiscard]] std::string backup_path() const { return path_ + ".1"; }
  Result<StoredCib> read_generation(const std::string& file) const;
  void keep_generation() const;

  std::string path_;
};

}  // namespace relevo::resmgr
