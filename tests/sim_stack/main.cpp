// relevo-sim-stack: seeded runs of simulated membership stacks. Exit codes: 0 all good, 1 usage, 3 crash, 4 no progress,
// 5 broken promise, 6 a kind of fault or transition that never came, or a planted bug that was not found.
#include <fmt/core.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

#include "common/base/text.hpp"
#include "tests/sim_stack/growth.hpp"
#include "tests/sim_stack/story.hpp"

namespace relevo::sim {
namespace {

std::uint64_t current_seed = 0;

void on_signal(int) {
  constexpr std::string_view head = "CRASH in seed ";
  char text[24];
  char* end = text + sizeof text;
  *--end = '\n';
  auto seed = current_seed;
  do {
    *--end = static_cast<char>('0' + seed % 10);
    seed /= 10;
  } while (seed != 0);
  (void)!::write(1, head.data(), head.size());
  (void)!::write(1, end, static_cast<std::size_t>(text + sizeof text - end));
  ::_exit(3);
}

enum class Kind { story, standstill, crash };

struct Arguments {
  Kind kind = Kind::story;
  std::uint64_t first = 1, last = 0;
  Plant plant = Plant::none;
  std::string trace;
  bool coverage = false, verbose = false, twice = false, shrink = true, growth = false;
};

constexpr std::array<std::pair<std::string_view, Plant>, 13> plants{{
    {"none", Plant::none}, {"lost", Plant::lost}, {"swapped", Plant::swapped}, {"greedy", Plant::greedy}, {"stale", Plant::stale},
    {"corrupt", Plant::corrupt}, {"repeated", Plant::repeated}, {"other-members", Plant::other_members}, {"old-ring", Plant::old_ring},
    {"no-transitional", Plant::no_transitional}, {"deaf-to-rules", Plant::deaf_to_rules}, {"forget-disk", Plant::forget_disk},
    {"replay", Plant::replay},
}};

bool read_range(std::string_view text, Arguments& a) {
  const auto dots = text.find("..");
  const auto first = parse_uint(text.substr(0, dots));
  const auto last = dots == std::string_view::npos ? first : parse_uint(text.substr(dots + 2));
  if (!first || !last || *last < *first) return false;
  a.first = *first;
  a.last = *last;
  return true;
}

bool read_plant(std::string_view text, Arguments& a) {
  for (const auto& [name, plant] : plants)
    if (name == text) a.plant = plant;
  return a.plant != Plant::none || text == "none";
}

bool read_arguments(int argc, char** argv, Arguments& a) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const std::string_view value = i + 1 < argc ? argv[i + 1] : "";
    if (word == "--coverage") a.coverage = true;
    else if (word == "--verbose") a.verbose = true;
    else if (word == "--twice") a.twice = true;
    else if (word == "--whole") a.shrink = false;
    else if (word == "--growth") a.growth = true;
    else if ((word == "--seeds" || word == "--seed") && read_range(value, a)) ++i;
    else if (word == "--crash-seeds" && read_range(value, a)) a.kind = Kind::crash, ++i;
    else if (word == "--standstill-seeds" && read_range(value, a)) a.kind = Kind::standstill, ++i;
    else if (word == "--trace" && !value.empty()) a.trace = value, ++i;
    else if (word == "--plant" && read_plant(value, a)) ++i;
    else return false;
  }
  return a.growth || a.last >= a.first;
}

int usage() {
  std::string names;
  for (const auto& [name, plant] : plants) names += fmt::format(" {}", name);
  fmt::print(stderr,
             "usage: relevo-sim-stack --seed N | --seeds A..B | --standstill-seeds A..B | --crash-seeds A..B\n"
             "         [--trace FILE] [--plant BUG] [--coverage] [--twice] [--whole] [--verbose]\n"
             "       relevo-sim-stack --growth\n"
             "bugs to plant:{}\n"
             "--coverage: the table of faults and transitions; one that never came is exit 6\n"
             "--twice: each seed runs twice and must do the same; --whole: a failing seed is not made shorter\n"
             "exit: 0 good, 1 usage, 3 crash, 4 no progress, 5 broken promise, 6 not met\n",
             names);
  return 1;
}

class Runner {
 public:
  explicit Runner(Arguments arguments) : arguments_(std::move(arguments)) {
    options_.plant = arguments_.plant;
    if (arguments_.trace.empty()) return;
    file_ = std::fopen(arguments_.trace.c_str(), "w");
    if (file_ != nullptr) options_.trace = [this](const std::string& line) { fmt::print(file_, "{}\n", line); };
  }
  ~Runner() {
    if (file_ != nullptr) std::fclose(file_);
  }
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  int run() {
    int code = 0;
    for (current_seed = arguments_.first; current_seed <= arguments_.last; ++current_seed) {
      auto outcome = one();
      if (arguments_.plant != Plant::none && outcome.code == 5) {
        fmt::print("seed {} found the planted bug: {}\n", current_seed, outcome.text);
        return 0;
      }
      if (arguments_.twice && one().digest != outcome.digest) outcome = {5, "the same seed ran differently", 0, {}};
      if (arguments_.verbose || outcome.code != 0) report(outcome);
      if (outcome.code != 0 && arguments_.plant == Plant::none) code = outcome.code;
    }
    if (arguments_.plant != Plant::none) return 6;
    if (arguments_.kind == Kind::crash) fmt::print("slowest: {} ms\n", to_ms(worst_));
    if (code == 0) fmt::print("seeds {}..{} good\n", arguments_.first, arguments_.last);
    const int covered = arguments_.coverage ? print_coverage() : 0;
    return code == 0 ? covered : code;
  }

 private:
  Outcome one() {
    switch (arguments_.kind) {
      case Kind::crash: return run_crash(current_seed, worst_);
      case Kind::standstill: return run_standstill(current_seed, coverage_, options_);
      case Kind::story: break;
    }
    return run_story(current_seed, coverage_, options_);
  }

  void report(const Outcome& outcome) {
    fmt::print("seed {}: {}\n", current_seed, outcome.text);
    std::fflush(stdout);
    if (outcome.code == 0 || outcome.faults.empty() || !arguments_.shrink) return;
    const auto least = shrink(current_seed, outcome, options_);
    fmt::print("  also with these {} of {} faults: {}\n", least.faults.size(), outcome.faults.size(), least.text);
    for (const auto& fault : least.faults) fmt::print("    {}\n", text_of(fault));
    std::fflush(stdout);
  }

  int print_coverage() {
    fmt::print("{}", coverage_.table());
    const auto missing = coverage_.missing();
    for (const auto& kind : missing) fmt::print("NEVER: {}\n", kind);
    return missing.empty() ? 0 : 6;
  }

  Arguments arguments_;
  RunOptions options_;
  Coverage coverage_;
  Duration worst_{};
  std::FILE* file_ = nullptr;
};

}  // namespace
}  // namespace relevo::sim

int main(int argc, char** argv) {
  relevo::sim::Arguments arguments;
  if (!relevo::sim::read_arguments(argc, argv, arguments)) return relevo::sim::usage();
  if (arguments.growth) {
    fmt::print("{}", relevo::sim::growth_table({2, 4, 8, 16, 32, 64}));
    return 0;
  }
  for (const int number : {SIGSEGV, SIGABRT, SIGFPE, SIGILL, SIGBUS}) std::signal(number, relevo::sim::on_signal);
  return relevo::sim::Runner(std::move(arguments)).run();
}
