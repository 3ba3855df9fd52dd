// The end of a process whose invariants broke: fail-stop is the protocol's own failure model.
#include "common/base/assert.hpp"

#include <cstdlib>

namespace relevo {
namespace {
AssertHook the_hook = nullptr;  // set once by main, before any thread; a core never reads it
}

void set_assert_hook(AssertHook hook) { the_hook = hook; }

void assert_failed(const char* file, int line, const char* expression, const std::string& message) {
  const std::string text = fmt::format("{}:{}: broken invariant: {} {}", file, line, expression, message);
  if (the_hook != nullptr) the_hook(text);
  fmt::print(stderr, "{}\n", text);
  std::abort();
}

}  // namespace relevo
