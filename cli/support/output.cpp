// Printing. Nothing here decides what is worth saying.
#include "cli/support/output.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/support/exit_codes.hpp"

namespace relevo::cli {
namespace {

void put(std::FILE* stream, std::string_view word, std::string_view text) {
  const auto line = fmt::format("{}{}\n", word, text);
  std::fwrite(line.data(), 1, line.size(), stream);
  std::fflush(stream);
}

}  // namespace

int print_error(const Error& error, std::string_view hint) {
  put(stderr, "Error: ", error.message);
  if (!hint.empty()) put(stderr, "Hint: ", hint);
  return exit_code_of(error.kind);
}

int print_usage_error(std::string_view message, std::string_view hint) {
  put(stderr, "Error: ", message);
  if (!hint.empty()) put(stderr, "Hint: ", hint);
  return exit_usage;
}

void print_warning(std::string_view message) { put(stderr, "Warning: ", message); }

void print_line(std::string_view line) { put(stdout, "", line); }

void print_json(const nlohmann::json& document) {
  // Names and paths come from the system and may be no UTF-8: replaced, never thrown about.
  print_line(document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
}

}  // namespace relevo::cli
