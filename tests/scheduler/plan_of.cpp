// plan_of CIB.xml: prints the plan for a CIB as plan.txt and why.txt hold it. A tool for people.
// plan_of --random SEED: prints a random CIB instead, to be given to this and to another scheduler.
#include <cstdio>
#include <ctime>

#include <cstdlib>
#include <cstring>

#include "resmgr/cib/unpack.hpp"
#include "tests/scheduler/random_cib.hpp"
#include "tests/scheduler/support.hpp"

int main(int argc, char** argv) {
  using namespace relevo;
  if (argc == 3 && std::strcmp(argv[1], "--random") == 0) {
    std::puts(test::random_cib(std::strtoull(argv[2], nullptr, 10)).c_str());
    return 0;
  }
  if (argc != 2) {
    std::fputs("usage: plan_of CIB.xml | plan_of --random SEED\n", stderr);
    return 2;
  }
  const auto document = test::lenient(test::read_text(argv[1]));
  const WallTime now{static_cast<std::int64_t>(std::time(nullptr))};
  const auto state =
      document ? cib::unpack(*document, now) : Result<model::ClusterState>(tl::unexpected(document.error()));
  const auto plan = state ? scheduler::plan(*state, now) : Result<scheduler::Plan>(tl::unexpected(state.error()));
  if (!plan) {
    std::fprintf(stderr, "%s\n", plan.error().message.c_str());
    return 1;
  }
  std::fputs(test::plan_text(*plan).c_str(), stdout);
  std::fputs(("Why:\n" + test::why_text(*state, *plan)).c_str(), stdout);
  return 0;
}
