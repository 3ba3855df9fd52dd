// Files; see files.hpp.
#include "cli/simulate/files.hpp"

#include <bzlib.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "common/io/file.hpp"
#include "resmgr/policy/unpack/upgrade.hpp"

namespace relevo::cli::simulate {
namespace {

constexpr std::size_t largest_cib = 512U << 20;

Result<std::string> read_standard_input() {
  std::string text, chunk(1U << 16, '\0');
  while (const auto got = std::fread(chunk.data(), 1, chunk.size(), stdin)) {
    text.append(chunk, 0, got);
    if (text.size() > largest_cib) return fail(ErrorKind::invalid, "standard input: more than {} bytes are no CIB", largest_cib);
  }
  if (std::ferror(stdin) != 0) return fail("standard input cannot be read");
  return text;
}

Result<std::string> read_text(const Options& options, const LiveCib& live) {
  switch (options.source) {
    case Options::Source::live:
      if (const char* file = std::getenv("CIB_file"); file != nullptr && *file != '\0') return io::read_file(file, largest_cib);
      return live(options.root);
    case Options::Source::pipe:
      return read_standard_input();
    case Options::Source::file:
      return io::read_file(options.xml_file, largest_cib);
    case Options::Source::none:
      break;
  }
  return fail(ErrorKind::not_found, "no input: name a file (-x FILE), or ask for the running cluster (-L) or standard input (-p)");
}

/// No CIB is as deep; what walks through one may rely on it.
constexpr int deepest = 256;

bool is_too_deep(pugi::xml_node top) {
  int depth = 0;
  for (auto at = top; at;) {
    if (at.first_child()) {
      at = at.first_child();
      if (++depth > deepest) return true;
      continue;
    }
    while (at && at != top && !at.next_sibling()) {
      at = at.parent();
      --depth;
    }
    at = at == top ? pugi::xml_node() : at.next_sibling();
  }
  return false;
}

tl::unexpected<Error> cannot_write(const std::string& path, int why) {
  const auto kind = why == ENOENT ? ErrorKind::not_found : why == EACCES || why == EPERM || why == EROFS ? ErrorKind::permission : ErrorKind::failed;
  return fail(kind, "cannot write {}: {}", path, std::strerror(why));
}

}  // namespace

Result<std::string> unpack_bzip2(const std::string& packed, const std::string& source) {
  bz_stream stream{};
  if (BZ2_bzDecompressInit(&stream, 0, 0) != BZ_OK) return fail("{}: cannot be unpacked: out of memory", source);
  std::string out, chunk(1U << 18, '\0');
  std::string in = packed;
  stream.next_in = in.data();
  stream.avail_in = static_cast<unsigned>(in.size());
  int state = BZ_OK;
  while (state == BZ_OK && out.size() <= largest_cib) {
    stream.next_out = chunk.data();
    stream.avail_out = static_cast<unsigned>(chunk.size());
    state = BZ2_bzDecompress(&stream);
    const auto got = chunk.size() - stream.avail_out;
    out.append(chunk, 0, got);
    if (state == BZ_OK && got == 0 && stream.avail_in == 0) state = BZ_UNEXPECTED_EOF;
  }
  BZ2_bzDecompressEnd(&stream);
  if (state != BZ_STREAM_END) return fail(ErrorKind::invalid, "{}: not a whole bzip2 file", source);
  return out;
}

Result<std::unique_ptr<pugi::xml_document>> parse_cib(std::string_view text, const std::string& source) {
  auto document = std::make_unique<pugi::xml_document>();
  const auto parsed = document->load_buffer(text.data(), text.size());
  if (!parsed) return fail(ErrorKind::invalid, "{}: no XML: {} (byte {})", source, parsed.description(), parsed.offset);
  if (!document->child("cib")) return fail(ErrorKind::not_found, "{}: no CIB: the document has no <cib> element", source);
  if (is_too_deep(document->document_element())) return fail(ErrorKind::invalid, "{}: elements stand inside elements deeper than {} levels", source, deepest);
  policy::upgrade_document(document->child("cib"));
  return document;
}

Result<std::unique_ptr<pugi::xml_document>> read_cib(const Options& options, const LiveCib& live) {
  auto text = read_text(options, live);
  if (!text) return pass(text.error());
  const auto source = options.source == Options::Source::file ? options.xml_file : std::string("input");
  if (text->starts_with("BZh")) {
    text = unpack_bzip2(*text, source);
    if (!text) return pass(text.error());
  }
  return parse_cib(*text, source);
}

Status write_text(const std::string& path, std::string_view text) {
  return write_pieces(path, [&](const PieceWriter& write) { write(text); });
}

Status write_pieces(const std::string& path, const std::function<void(const PieceWriter&)>& produce) {
  if (path == "-") {
    produce([](std::string_view piece) { std::fwrite(piece.data(), 1, piece.size(), stdout); });
    return {};
  }
  errno = 0;
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  if (file) produce([&](std::string_view piece) { file.write(piece.data(), static_cast<std::streamsize>(piece.size())); });
  const int why = errno;
  file.close();
  if (!file) return cannot_write(path, why != 0 ? why : EIO);
  return {};
}

Status can_write(const std::string& path) {
  if (path == "-") return {};
  errno = 0;
  const std::ofstream file(path, std::ios::binary | std::ios::app);
  if (!file) return cannot_write(path, errno);
  return {};
}

}  // namespace relevo::cli::simulate
