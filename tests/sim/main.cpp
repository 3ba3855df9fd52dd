// relevo-sim: seeded runs of simulated rings. Exit codes: 0 all good, 1 usage, 3 crash, 4 no progress, 5 broken safety.
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

#include "common/base/assert.hpp"
#include "common/base/text.hpp"
#include "tests/sim/chaos.hpp"

namespace {

using relevo::sim::Plant;
using relevo::sim::Verdict;

std::uint64_t current_seed = 0;

void say_crash() {
  char text[64];
  char* end = text + sizeof text;
  *--end = '\n';
  auto seed = current_seed;
  do {
    *--end = static_cast<char>('0' + seed % 10);
    seed /= 10;
  } while (seed != 0);
  constexpr std::string_view head = "CRASH in seed ";
  (void)!::write(1, head.data(), head.size());
  (void)!::write(1, end, static_cast<std::size_t>(text + sizeof text - end));
}

void on_signal(int) {
  say_crash();
  ::_exit(3);
}

struct Arguments {
  std::uint64_t first = 1;
  std::uint64_t last = 200;
  std::string trace;
  Plant plant = Plant::none;
  bool verbose = false;
};

int usage() {
  std::string plants;
  for (const auto name : relevo::sim::plant_names()) plants += fmt::format(" {}", name);
  fmt::print(stderr,
             "usage: relevo-sim [--seed N | --seeds A..B] [--trace FILE] [--plant BUG] [--verbose]\n"
             "bugs to plant:{}\n"
             "exit: 0 good, 1 usage, 3 crash, 4 no progress, 5 broken safety\n",
             plants);
  return 1;
}

bool read_seeds(const std::string& text, Arguments& arguments) {
  const auto dots = text.find("..");
  const auto first = relevo::parse_uint(text.substr(0, dots));
  const auto last = dots == std::string::npos ? first : relevo::parse_uint(text.substr(dots + 2));
  if (!first || !last || *last < *first) return false;
  arguments.first = *first;
  arguments.last = *last;
  return true;
}

bool read_arguments(int argc, char** argv, Arguments& arguments) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--verbose") {
      arguments.verbose = true;
      continue;
    }
    if (i + 1 >= words.size()) return false;
    const auto& value = words[++i];
    if (words[i - 1] == "--seed" || words[i - 1] == "--seeds") {
      if (!read_seeds(value, arguments)) return false;
    } else if (words[i - 1] == "--trace") {
      arguments.trace = value;
    } else if (words[i - 1] == "--plant") {
      const auto plant = relevo::sim::plant_named(value);
      if (!plant) return false;
      arguments.plant = *plant;
    } else {
      return false;
    }
  }
  return true;
}

int run(const Arguments& arguments) {
  std::FILE* file = arguments.trace.empty() ? nullptr : std::fopen(arguments.trace.c_str(), "w");
  std::function<void(const std::string&)> trace;
  if (file != nullptr) trace = [file](const std::string& line) { fmt::print(file, "{}\n", line); };
  std::uint64_t steps = 0;
  std::uint64_t deliveries = 0;
  for (current_seed = arguments.first; current_seed <= arguments.last; ++current_seed) {
    const auto result = relevo::sim::run_seed(current_seed, arguments.plant, trace);
    steps += result.steps;
    deliveries += result.deliveries;
    if (arguments.verbose) fmt::print("seed {}: {} ({} steps)\n", current_seed, result.what, result.steps);
    if (result.verdict == Verdict::good) continue;
    const bool is_broken = result.verdict == Verdict::broken;
    // A run that a planted bug has stopped is not what a planted bug is to be found by.
    if (!is_broken && arguments.plant != Plant::none) continue;
    fmt::print("{} in seed {}: {}\n", is_broken ? "BROKEN" : "NO PROGRESS", current_seed, result.what);
    if (file != nullptr) std::fclose(file);
    return is_broken ? 5 : 4;
  }
  if (file != nullptr) std::fclose(file);
  fmt::print("{} seeds good, {} steps, {} deliveries\n", arguments.last - arguments.first + 1, steps, deliveries);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  if (!read_arguments(argc, argv, arguments)) return usage();
  for (const int number : {SIGSEGV, SIGABRT, SIGFPE, SIGILL, SIGBUS}) std::signal(number, on_signal);
  std::setvbuf(stdout, nullptr, _IOLBF, 1 << 12);
  fmt::print("seeds {}..{}\n", arguments.first, arguments.last);
  std::fflush(stdout);
  return run(arguments);
}
