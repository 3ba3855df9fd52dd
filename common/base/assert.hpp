// The always-on assert for broken invariants. Not for anything that network, disk or a person can cause.
#pragma once

#include <fmt/core.h>

#include <string>

namespace relevo {

/// Called once with the message before the process aborts; a shell sets it to dump its black box.
using AssertHook = void (*)(const std::string& message);
void set_assert_hook(AssertHook hook);

[[noreturn]] void assert_failed(const char* file, int line, const char* expression, const std::string& message);

}  // namespace relevo

/// RELEVO_ASSERT(a <= b, "a={} b={}", a, b): prints the values, calls the hook, aborts.
#define RELEVO_ASSERT(condition, ...)                                                            \
  do {                                                                                           \
    if (!(condition)) [[unlikely]]                                                               \
      ::relevo::assert_failed(__FILE__, __LINE__, #condition, ::fmt::format("" __VA_ARGS__)); \
  } while (false)
