// The CIB of the cluster or of a file; see source.hpp.
#include "cli/lowlevel/source.hpp"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <ctime>

#include <nlohmann/json.hpp>

#include "common/io/file.hpp"
#include "common/io/root.hpp"

namespace relevo::cli::lowlevel {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string user_name() {
  if (auto name = environment("CIB_user"); !name.empty()) return name;
  const auto* entry = getpwuid(geteuid());
  return entry == nullptr ? std::to_string(geteuid()) : entry->pw_name;
}

}  // namespace

Result<Source> Source::open(const std::string& root) {
  Source source;
  source.file_ = environment("CIB_file");
  const auto ok = source.is_file() ? source.load_file() : source.load_live(root);
  if (!ok) return pass(ok.error());
  return source;
}

Status Source::load_file() {
  auto text = io::read_file(file_);
  if (!text) return pass(text.error());
  auto document = cib::Document::parse(*text);
  if (!document) return in_context(document.error(), file_);
  document_ = std::move(*document);
  return {};
}

Status Source::load_live(const std::string& root) {
  auto client = resmgr::Client::connect(io::find_root(root).resmgr_socket());
  if (!client) return pass(client.error());
  client_.emplace(std::move(*client));
  auto snapshot = client_->snapshot();
  if (!snapshot) return pass(snapshot.error());
  snapshot_ = std::move(*snapshot);
  auto document = cib::Document::parse(snapshot_.cib);
  if (!document) return in_context(document.error(), "the cluster's CIB");
  document_ = std::move(*document);
  return {};
}

Status Source::set_transient(const std::string& node, const std::string& name, const std::optional<std::string>& value) {
  if (!client_) return fail(ErrorKind::unsupported, "attributes that last until a reboot can only be set in a running cluster");
  nlohmann::json request{{"op", "attribute"}, {"node", node}, {"name", name}};
  if (value) request["value"] = *value;
  auto answer = client_->request(request);
  return answer ? Status{} : pass(answer.error());
}

Status Source::apply(std::vector<cib::Operation> operations, const std::string& program) {
  const cib::Change change{std::move(operations), snapshot_.local_node, program, user_name(), WallTime{std::time(nullptr)}};
  if (client_) {
    const auto version = client_->apply(change);
    if (!version) return pass(version.error());
    return {};
  }
  auto applied = cib::apply(document_, change);
  if (!applied) return pass(applied.error());
  document_ = std::move(applied->document);
  return applied->changed ? io::write_file_durably(file_, document_.text(), 0600) : Status{};
}

Result<std::string> read_input() {
  constexpr std::size_t limit = 64U << 20;
  std::string text;
  std::array<char, 1U << 16> buffer;
  for (;;) {
    const auto n = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail("standard input cannot be read");
    if (n == 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(n));
    if (text.size() > limit) return fail(ErrorKind::invalid, "standard input has more than {} bytes", limit);
  }
  return text;
}

}  // namespace relevo::cli::lowlevel
