// Options as getopt_long reads them.
#include <catch2/catch.hpp>

#include "cli/lowlevel/arguments.hpp"

using relevo::cli::lowlevel::Arguments;
using relevo::cli::lowlevel::Option;

namespace {
const std::vector<Option> options{{'Q', "query"}, {'l', "local"}, {'o', "scope", true}, {'A', "xpath", true}, {0, "xml-text", true}, {'V', "verbose"}};
std::string error_of(const std::vector<std::string>& args) {
  const auto parsed = Arguments::parse(args, options);
  return parsed ? "" : parsed.error().message;
}
}  // namespace

TEST_CASE("lowlevel: letters may stand together and carry their value", "[cli]") {
  const auto parsed = Arguments::parse({"-Qlonodes", "-VV", "word"}, options);
  REQUIRE(parsed);
  CHECK(parsed->has("query"));
  CHECK(parsed->has("local"));
  CHECK(parsed->value("scope") == "nodes");
  CHECK(parsed->count("verbose") == 2);
  CHECK(parsed->words() == std::vector<std::string>{"word"});
}

TEST_CASE("lowlevel: long options take their value after a sign or as the next word, and may be shortened", "[cli]") {
  CHECK(Arguments::parse({"--scope=a=b"}, options)->value("scope") == "a=b");
  CHECK(Arguments::parse({"--scope", "-x"}, options)->value("scope") == "-x");
  CHECK(Arguments::parse({"--sco", "x"}, options)->value("scope") == "x");
  CHECK(Arguments::parse({"--", "--scope"}, options)->words().front() == "--scope");
}

TEST_CASE("lowlevel: a wrong option is named, with the near one", "[cli]") {
  CHECK(error_of({"--scop3", "x"}) == "unknown option '--scop3' (did you mean '--scope'?)");
  CHECK(error_of({"--x"}) == "option '--x' may be --xpath or --xml-text");
  CHECK(error_of({"-Z"}) == "unknown option '-Z'");
  CHECK(error_of({"-o"}) == "option '-o' needs a value");
  CHECK(error_of({"--query=1"}) == "option '--query' takes no value");
}
