// Reading and changing the CIB for one command; see session.hpp.
#include "cli/pcs/session.hpp"

#include <ctime>

#include <fmt/format.h>

#include "cli/view/plan_text.hpp"
#include "common/io/file.hpp"

namespace relevo::cli::pcs {
namespace {

WallTime wall_now() { return WallTime{std::time(nullptr)}; }

}  // namespace

Result<Session> Session::open(const Arguments& arguments) {
  Session session;
  session.file_ = arguments.file;
  if (session.file_.empty()) {
    auto client = resmgr::Client::connect(io::find_root(arguments.root).resmgr_socket());
    if (!client) return pass(client.error());
    session.client_.emplace(std::move(*client));
  }
  if (auto ok = session.refresh(); !ok) return pass(ok.error());
  return session;
}

Status Session::refresh() {
  if (client_) {
    auto snapshot = client_->snapshot();
    if (!snapshot) return pass(snapshot.error());
    snapshot_ = std::move(*snapshot);
  } else {
    auto text = io::read_file(file_);
    if (!text) return in_context(text.error(), "reading the CIB");
    snapshot_.cib = std::move(*text);
  }
  auto document = cib::Document::parse(snapshot_.cib);
  if (!document) return in_context(document.error(), file_.empty() ? "the cluster's CIB" : file_);
  document_ = std::move(*document);
  return {};
}

Status Session::commit(std::vector<cib::Operation> operations, const Arguments& arguments) {
  cib::Change change{std::move(operations), snapshot_.local_node, "pcs", "root", wall_now()};
  if (arguments.plan) return show_plan(change);
  if (client_) {
    auto version = client_->apply(change);
    if (!version) return pass(version.error());
    if (!arguments.wait) return {};
    fmt::print(stderr, "Waiting for the cluster to apply configuration changes (timeout: {} seconds)...\n",
               to_ms(*arguments.wait) / 1000);
    return client_->wait_idle(*arguments.wait);
  }
  if (arguments.wait) return fail(ErrorKind::invalid, "Cannot use '-f' together with '--wait'");
  auto applied = cib::apply(document_, change);
  if (!applied) return pass(applied.error());
  document_ = std::move(applied->document);
  return io::write_file_durably(file_, document_.text(), 0600);
}

Status Session::show_plan(const cib::Change& change) {
  auto applied = cib::apply(document_, change);
  if (!applied) return pass(applied.error());
  auto text = view::plan_difference(document_, applied->document, wall_now());
  if (!text) return pass(text.error());
  fmt::print("{}", *text);
  return {};
}

Status need_live(const Arguments& arguments) {
  if (arguments.file.empty()) return {};
  return fail(ErrorKind::invalid, "Specified option '-f' is not supported in this command");
}

}  // namespace relevo::cli::pcs
