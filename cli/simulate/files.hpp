// Reading and writing crm_simulate's files: CIBs (also packed with bzip2), graphs. No meaning here.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <pugixml.hpp>

#include "cli/simulate/options.hpp"
#include "cli/simulate/simulate.hpp"

namespace relevo::cli::simulate {

/// The CIB to work on, from where the options say. Errors: not_found (also: no `cib` in it), not_connected, invalid (no XML).
Result<std::unique_ptr<pugi::xml_document>> read_cib(const Options& options, const LiveCib& live);
/// A CIB's text as a document, read as leniently as the field's programs read it.
Result<std::unique_ptr<pugi::xml_document>> parse_cib(std::string_view text, const std::string& source);
/// `-` writes to standard output. Errors: not_found, permission, failed; which file, and why.
Status write_text(const std::string& path, std::string_view text);
/// The same for what is made piece by piece: `produce` is called once, and gives each piece to the writer that it gets.
using PieceWriter = std::function<void(std::string_view)>;
Status write_pieces(const std::string& path, const std::function<void(const PieceWriter&)>& produce);
/// Opens the file for writing, its content stays. Errors: as write_text().
Status can_write(const std::string& path);
/// Unpacks bzip2. Errors: invalid; larger than a CIB may be.
Result<std::string> unpack_bzip2(const std::string& packed, const std::string& source);

}  // namespace relevo::cli::simulate
