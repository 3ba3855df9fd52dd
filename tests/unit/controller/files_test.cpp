// The daemon's files: generations and signatures of the CIB, the list of running resources.
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "resmgr/daemon/actives_file.hpp"
#include "resmgr/daemon/cib_store.hpp"

using namespace relevo;
using namespace relevo::resmgr;
namespace fs = std::filesystem;

namespace {

struct Folder {
  fs::path path = fs::temp_directory_path() / fmt::format("relevo-files-{}", ::getpid());
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  [[nodiscard]] std::string cib() const { return (path / "cib" / "cib.xml").string(); }
};

void write(const std::string& path, const std::string& text) {
  fs::create_directories(fs::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

std::string text_with_epoch(const std::string& epoch) {
  cib::Document cib;
  cib.root().attribute("epoch") = epoch.c_str();
  return cib.disk_text();
}

}  // namespace

TEST_CASE("cib store: nothing there gives an empty configuration and says so", "[daemon]") {
  const Folder folder;
  const auto stored = CibStore(folder.cib()).load();
  REQUIRE(stored.has_value());
  CHECK(stored->lineage == 0);
  CHECK(stored->notes.size() == 1);
}

TEST_CASE("cib store: what was saved is loaded, with its lineage", "[daemon]") {
  const Folder folder;
  const CibStore store(folder.cib());
  REQUIRE(store.save(text_with_epoch("7"), 12).has_value());
  const auto stored = store.load();
  REQUIRE(stored.has_value());
  CHECK(stored->cib.version().epoch == 7);
  CHECK(stored->lineage == 12);
}

TEST_CASE("cib store: a file without signature is imported", "[daemon]") {
  const Folder folder;
  write(folder.cib(), text_with_epoch("9"));
  const auto stored = CibStore(folder.cib()).load();
  REQUIRE(stored.has_value());
  CHECK(stored->cib.version().epoch == 9);
  CHECK(stored->lineage == 0);
}

TEST_CASE("cib store: a torn file falls back to the older generation, loudly", "[daemon]") {
  const Folder folder;
  const CibStore store(folder.cib());
  REQUIRE(store.save(text_with_epoch("7"), 12).has_value());
  REQUIRE(store.save(text_with_epoch("8"), 13).has_value());
  const auto half = text_with_epoch("8").substr(0, 60);
  write(folder.cib(), half);
  const auto stored = store.load();
  REQUIRE(stored.has_value());
  CHECK(stored->cib.version().epoch == 7);
  CHECK(stored->lineage == 12);
  REQUIRE_FALSE(stored->notes.empty());
  CHECK(stored->notes.back().level == Level::error);
  CHECK(fs::exists(folder.cib() + ".bad"));
}

TEST_CASE("cib store: a damaged file without an older one is refused, never taken for empty", "[daemon]") {
  const Folder folder;
  const CibStore store(folder.cib());
  REQUIRE(store.save(text_with_epoch("7"), 12).has_value());
  write(folder.cib(), text_with_epoch("6"));
  const auto stored = store.load();
  REQUIRE_FALSE(stored.has_value());
  CHECK(stored.error().message.find("does not match its signature") != std::string::npos);
}

TEST_CASE("cib store: a crash between text and signature falls back to what was acknowledged", "[daemon]") {
  const Folder folder;
  const CibStore store(folder.cib());
  REQUIRE(store.save(text_with_epoch("7"), 12).has_value());
  REQUIRE(store.save(text_with_epoch("8"), 12).has_value());
  // The third save kept the second generation and wrote its text; then the power went.
  fs::copy_file(folder.cib(), folder.cib() + ".1", fs::copy_options::overwrite_existing);
  fs::copy_file(folder.cib() + ".sig", folder.cib() + ".1.sig", fs::copy_options::overwrite_existing);
  fs::remove(folder.cib());
  write(folder.cib(), text_with_epoch("9"));
  const auto stored = store.load();
  REQUIRE(stored.has_value());
  CHECK(stored->cib.version().epoch == 8);
}

TEST_CASE("actives: the list comes back, no file is an empty list, garbage is an error", "[daemon]") {
  const Folder folder;
  const auto path = (folder.path / "executor-state").string();
  CHECK(load_actives(path)->operations.empty());
  executor::Operation op;
  op.resource = "VIP";
  op.task = "start";
  op.parameters = {{"ip", "172.31.0.100"}};
  REQUIRE(save_actives(path, {"nodo1", {op}}).has_value());
  const auto back = load_actives(path);
  REQUIRE(back.has_value());
  CHECK(back->node == "nodo1");
  REQUIRE(back->operations.size() == 1);
  CHECK(back->operations[0].parameters.at("ip") == "172.31.0.100");
  write(path, "garbage");
  CHECK_FALSE(load_actives(path).has_value());
}
