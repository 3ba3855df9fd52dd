// crm_mon's modes; see mon.hpp.
#include "cli/mon/mon.hpp"

#include <unistd.h>

#include <cstdlib>
#include <ctime>

#include <fmt/format.h>

#include "cli/mon/live.hpp"
#include "cli/mon/options.hpp"
#include "cli/view/json.hpp"
#include "cli/view/xml.hpp"
#include "common/io/file.hpp"
#include "common/io/root.hpp"
#include "resmgr/client/client.hpp"

namespace relevo::cli::mon {
namespace {

constexpr int exit_usage = 64, exit_no_input = 66, exit_data = 65, exit_disconnected = 102;

Result<resmgr::Snapshot> read_snapshot(const Options& options) {
  if (!options.cib_file.empty()) {
    auto text = io::read_file(options.cib_file);
    if (!text) return pass(text.error());
    resmgr::Snapshot snapshot;
    snapshot.cib = std::move(*text);
    return snapshot;
  }
  auto client = resmgr::Client::connect(io::find_root(options.root).resmgr_socket());
  if (!client) return pass(client.error());
  return client->snapshot();
}

int print_once(const Options& options) {
  auto snapshot = read_snapshot(options);
  if (!snapshot) {
    fmt::print(stderr, "crm_mon: Connection to cluster failed: {}\n", snapshot.error().message);
    return options.cib_file.empty() ? exit_disconnected : exit_no_input;
  }
  const auto now = WallTime{std::time(nullptr)};
  auto document = cib::Document::parse(snapshot->cib);
  auto cluster = document ? view::build(*document, *snapshot, now) : Result<view::ClusterView>(pass(document.error()));
  if (!cluster) {
    fmt::print(stderr, "crm_mon: {}\n", cluster.error().message);
    return exit_data;
  }
  if (options.simple) {
    int code = 0;
    fmt::print("{}", view::render_one_line(*cluster, code));
    return code;
  }
  switch (options.format) {
    case Format::xml: fmt::print("{}", view::to_xml(*cluster, options.request, options.text)); break;
    case Format::json: fmt::print("{}\n", view::to_json(*cluster)); break;
    default: fmt::print("{}", view::render(*cluster, options.text));
  }
  return 0;
}

}  // namespace

int run(const std::vector<std::string>& args) {
  auto options = parse_options(args);
  if (!options) {
    fmt::print(stderr, "crm_mon: {}\n", options.error().message);
    return exit_usage;
  }
  if (options->help || options->version) {
    fmt::print("{}", options->help ? help_text() : "crm_mon of relevo " RELEVO_VERSION " (speaks crm_mon 2.1.5)\n");
    return 0;
  }
  if (const char* file = std::getenv("CIB_file"); file != nullptr && options->cib_file.empty()) options->cib_file = file;
  const bool live = !options->one_shot && options->cib_file.empty() && isatty(STDOUT_FILENO) == 1;
  return live ? run_live(std::move(*options)) : print_once(*options);
}

}  // namespace relevo::cli::mon
