// The scheduler's cases: each folder has a cib.xml and the plan that it must give.
// UPDATE_GOLDEN=1 rewrites plan.txt; the difference is reviewed like code.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>

#include "common/base/text.hpp"
#include "resmgr/scheduler/scheduler.hpp"
#include "tests/scheduler/support.hpp"

namespace {

using namespace relevo;
namespace fs = std::filesystem;

std::vector<fs::path> cases() {
  std::vector<fs::path> all;
  for (const auto& entry : fs::directory_iterator(std::string(RELEVO_TEST_DATA) + "/cases"))
    all.push_back(entry.path());
  std::sort(all.begin(), all.end());
  return all;
}

void compare(const fs::path& file, const std::string& text) {
  if (std::getenv("UPDATE_GOLDEN")) test::write_text(file, text);
  INFO(file);
  CHECK(text == test::read_text(file));
}

/// A guarded.txt names the lost nodes whose guard time still runs.
scheduler::PlanOptions options_of(const fs::path& folder) {
  scheduler::PlanOptions options;
  for (const std::string& node : words(test::read_text(folder / "guarded.txt"))) options.guarded_nodes.insert(node);
  return options;
}

}  // namespace

TEST_CASE("scheduler: every case gives its plan", "[scheduler]") {
  REQUIRE(cases().size() >= 30);
  for (const fs::path& folder : cases()) {
    INFO(folder.filename());
    const auto document = cib::Document::parse(test::read_text(folder / "cib.xml"));
    if (!document) FAIL(document.error().message);
    const auto plan = scheduler::plan(*document, test::some_time, options_of(folder));
    REQUIRE(plan);
    compare(folder / "plan.txt", test::plan_text(*plan));
  }
}
