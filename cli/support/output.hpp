// What every command says to people: lines on standard output, errors with a hint on standard error.
#pragma once

#include <fmt/core.h>

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "common/base/result.hpp"

namespace relevo::cli {

/// `Error: MESSAGE` and, when there is one, `Hint: HINT`, on standard error. Gives the exit code of the error.
int print_error(const Error& error, std::string_view hint = {});
/// The same for a mistake in the words of the command. Gives exit_usage.
int print_usage_error(std::string_view message, std::string_view hint = {});
void print_warning(std::string_view message);
/// One line on standard output, flushed: a reader behind a pipe sees it at once.
void print_line(std::string_view line);
/// Pretty-printed, one document, with a final newline.
void print_json(const nlohmann::json& document);

template <class... Args>
void say(fmt::format_string<Args...> format, Args&&... args) {
  print_line(fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace relevo::cli
