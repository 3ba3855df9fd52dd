// Files of the CIB. The signature is written after the text: a crash between the two shows as a mismatch.
#include "resmgr/daemon/cib_store.hpp"

#include <filesystem>

#include "common/base/text.hpp"
#include "common/io/file.hpp"
#include "resmgr/controller/digest.hpp"

namespace relevo::resmgr {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view first_line = "relevo cib signature 1";
constexpr mode_t file_mode = 0640;

struct Signature {
  std::string digest;
  std::uint64_t lineage = 0;
};

Result<Signature> parse_signature(const std::string& text) {
  const auto lines = split(text, '\n');
  if (lines.size() < 3 || lines[0] != first_line) return fail(ErrorKind::invalid, "not a signature");
  const auto digest = words(lines[1]);
  const auto lineage = words(lines[2]);
  if (digest.size() != 2 || lineage.size() != 2) return fail(ErrorKind::invalid, "not a signature");
  const auto number = parse_uint(lineage[1]);
  if (!number) return fail(ErrorKind::invalid, "not a signature");
  return Signature{digest[1], *number};
}

/// A second name for the same content: atomic, and nothing is copied.
void link_over(const std::string& from, const std::string& to) {
  std::error_code ignored;
  const auto temporary = to + ".new";
  fs::remove(temporary, ignored);
  fs::create_hard_link(from, temporary, ignored);
  if (!ignored) fs::rename(temporary, to, ignored);
}

}  // namespace

Result<StoredCib> CibStore::read_generation(const std::string& file) const {
  const auto text = io::read_file(file);
  if (!text) return pass(text.error());
  StoredCib stored;
  if (io::file_exists(signature_path(file))) {
    const auto raw = io::read_file(signature_path(file), 4096);
    if (!raw) return pass(raw.error());
    const auto signature = parse_signature(*raw);
    if (!signature) return in_context(signature.error(), signature_path(file));
    if (signature->digest != controller::text_digest(*text))
      return fail(ErrorKind::invalid, "{}: its content does not match its signature: torn or changed by hand", file);
    stored.lineage = signature->lineage;
  } else {
    stored.notes.push_back(note(Level::notice, "{}: no signature beside it: imported", file));
  }
  auto document = cib::Document::parse(*text);
  if (!document) return in_context(document.error(), file);
  stored.cib = std::move(*document);
  return stored;
}

Result<StoredCib> CibStore::load() const {
  const bool any = io::file_exists(path_) || io::file_exists(backup_path());
  if (!any) {
    StoredCib fresh;
    fresh.notes.push_back(note(Level::notice, "{}: not there: starting with an empty configuration", path_));
    return fresh;
  }
  auto newest = read_generation(path_);
  if (newest) return newest;
  if (!io::file_exists(backup_path()))
    return fail(newest.error().kind,
                "{}; mend it, or remove {} to take the file as it is, or remove both to start with an empty "
                "configuration (another node's copy is then taken when one is reached)",
                newest.error().message, signature_path(path_));
  auto older = read_generation(backup_path());
  if (!older) return in_context(older.error(), newest.error().message + "; and the older generation");
  std::error_code ignored;
  fs::rename(path_, path_ + ".bad", ignored);
  fs::rename(signature_path(path_), signature_path(path_ + ".bad"), ignored);
  older->notes.push_back(note(Level::error, "{}; set aside as {}.bad: going on with the older generation, version {}",
                              newest.error().message, path_, cib::to_string(older->cib.version())));
  return older;
}

void CibStore::keep_generation() const {
  if (!io::file_exists(path_) || !io::file_exists(signature_path(path_))) return;
  link_over(path_, backup_path());
  link_over(signature_path(path_), signature_path(backup_path()));
}

Status CibStore::save(const std::string& text, std::uint64_t lineage) const {
  if (auto made = io::make_directories(fs::path(path_).parent_path().string(), 0750); !made) return made;
  keep_generation();
  if (auto written = io::write_file_durably(path_, text, file_mode); !written) return written;
  const auto signature =
      fmt::format("{}\ndigest {}\nlineage {}\n", first_line, controller::text_digest(text), lineage);
  return io::write_file_durably(signature_path(path_), signature, file_mode);
}

}  // namespace relevo::resmgr
