// Options of verbs, and tables of verbs.
#include <catch2/catch.hpp>

#include "cli/support/commands.hpp"
#include "cli/support/exit_codes.hpp"
#include "cli/support/options.hpp"

using namespace relevo;
using namespace relevo::cli;

namespace {

struct Sample {
  std::string name = "lab";
  std::uint32_t nodes = 3;
  bool bare = false;
  Options options{"relevo sample", "A sample."};
  Sample() {
    options.value("-n,--name", "LAB", "a name", name);
    options.number("--nodes", "a number", nodes, 1, 64);
    options.flag("--bare", "a flag", bare);
  }
};

}  // namespace

TEST_CASE("options: values come after a blank or an equals sign, words stay in order", "[cli]") {
  Sample s;
  const auto words = s.options.parse({"a", "--nodes=5", "-n", "x", "b", "--bare"});
  REQUIRE(words);
  CHECK(*words == std::vector<std::string>{"a", "b"});
  CHECK(s.nodes == 5);
  CHECK(s.name == "x");
  CHECK(s.bare);
}

TEST_CASE("options: a mistyped option names the near one", "[cli]") {
  Sample s;
  const auto words = s.options.parse({"--noes", "5"});
  REQUIRE_FALSE(words);
  CHECK(words.error().message.find("did you mean '--nodes'") != std::string::npos);
}

TEST_CASE("options: numbers out of range, missing values and values for flags are refused", "[cli]") {
  for (const std::vector<std::string>& args :
       {std::vector<std::string>{"--nodes", "0"}, {"--nodes", "65"}, {"--nodes", "3x"}, {"--nodes"}, {"--bare=1"}}) {
    Sample s;
    CHECK_FALSE(s.options.parse(args));
  }
}

TEST_CASE("options: what follows two dashes, or the last own word, is not taken for options", "[cli]") {
  Sample s;
  CHECK(s.options.parse({"a", "--", "--bare"}).value() == std::vector<std::string>{"a", "--bare"});
  CHECK_FALSE(s.bare);
  Sample t;
  t.options.stop_after(1);
  CHECK(t.options.parse({"nodo1", "ls", "--bare"}).value() == std::vector<std::string>{"nodo1", "ls", "--bare"});
  CHECK_FALSE(t.bare);
}

TEST_CASE("options: too few and too many words are refused", "[cli]") {
  for (const std::vector<std::string>& args : {std::vector<std::string>{}, {"a", "b", "c"}}) {
    Sample s;
    s.options.words(1, 2);
    CHECK_FALSE(s.options.parse(args));
  }
}

TEST_CASE("options: help and wrong words end a verb with their codes, good words do not end it", "[cli]") {
  std::vector<std::string> words;
  CHECK(Sample().options.parse_or_end({"--help", "--nodes=5"}, words) == exit_ok);
  CHECK(Sample().options.parse_or_end({"--nodes=99"}, words) == exit_usage);
  CHECK(Sample().options.words(0, 0).parse_or_end({"a"}) == exit_usage);
  CHECK(words.empty());
  CHECK(Sample().options.parse_or_end({"a", "--bare", "b"}, words) == std::nullopt);
  CHECK(words == std::vector<std::string>{"a", "b"});
}

TEST_CASE("commands: a verb gets its words, a wrong verb is a usage error, a hidden one works", "[cli]") {
  std::vector<std::string> got;
  const CommandTable table = {{"start", "start it",
                               [&](const auto& args) {
                                 got = args;
                                 return 7;
                               }},
                              {"inner", "", [](const auto&) { return 9; }}};
  CHECK(run_command("relevo", table, {"start", "a"}) == 7);
  CHECK(got == std::vector<std::string>{"a"});
  CHECK(run_command("relevo", table, {"inner"}) == 9);
  CHECK(run_command("relevo", table, {"strat"}) == exit_usage);
  CHECK(run_command("relevo", table, {}) == exit_usage);
  CHECK(run_command("relevo", table, {"help"}) == exit_ok);
}
