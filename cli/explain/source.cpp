// Reading the CIB; see source.hpp.
#include "cli/explain/source.hpp"

#include <cstdlib>
#include <ctime>

#include "cli/simulate/files.hpp"
#include "common/io/root.hpp"
#include "resmgr/client/client.hpp"
#include "resmgr/rules/date.hpp"

namespace relevo::cli::explain {
namespace {

Result<std::string> running_cib(const std::string& root) {
  auto client = resmgr::Client::connect(io::find_root(root).resmgr_socket());
  if (!client) return pass(client.error());
  auto snapshot = client->snapshot();
  if (!snapshot) return pass(snapshot.error());
  return std::move(snapshot->cib);
}

Result<WallTime> planning_time(const Source& source, const pugi::xml_document& cib) {
  const WallTime now{std::time(nullptr)};
  if (!source.at.empty()) {
    auto at = rules::parse_date(source.at, std::chrono::seconds(0));
    if (!at) return in_context(at.error(), "--at");
    return *at;
  }
  const auto recorded = cib.child("cib").attribute("execution-date").as_llong(0);
  return recorded > 0 ? WallTime{recorded} : now;
}

}  // namespace

void Source::declare(Options& options) {
  options.value("--file,-f", "FILE", "a CIB or a saved input instead of the running cluster (- is standard input)", file)
      .value("--root", "DIR", "the cluster whose files are below DIR", root)
      .value("--at", "TIME", "plan for that time (ISO 8601, UTC)", at)
      .flag("--json", "as data", json);
}

Result<Input> read_input(const Source& source) {
  simulate::Options options;
  options.root = source.root;
  options.xml_file = source.file;
  options.source = source.file.empty() ? simulate::Options::Source::live
                   : source.file == "-" ? simulate::Options::Source::pipe
                                        : simulate::Options::Source::file;
  auto cib = simulate::read_cib(options, running_cib);
  if (!cib) return pass(cib.error());
  const auto at = planning_time(source, **cib);
  if (!at) return pass(at.error());
  return Input{std::move(*cib), *at, source.file.empty()};
}

}  // namespace relevo::cli::explain
