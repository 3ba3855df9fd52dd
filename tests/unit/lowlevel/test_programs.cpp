// The programs on a CIB file: exit codes, and what is in the file afterwards.
#include <catch2/catch.hpp>
#include <stdlib.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "cli/lowlevel/lowlevel.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/cib/document.hpp"

using namespace relevo;
using namespace relevo::cli::lowlevel;

namespace {

/// A CIB file of its own, which CIB_file names as long as it lives. What the programs print goes to /dev/null.
class Fixture {
 public:
  Fixture() {
    char name[] = "/tmp/relevo-cib-XXXXXX";
    close(mkstemp(name));
    path_ = name;
    std::ofstream(path_) << "<cib><configuration><nodes><node id='1' uname='n1'/></nodes><resources>"
                            "<primitive id='VIP' class='lsb' type='x'/></resources></configuration></cib>";
    setenv("CIB_file", path_.c_str(), 1);
    out_ = dup(1);
    err_ = dup(2);
    if (freopen("/dev/null", "w", stdout) == nullptr || freopen("/dev/null", "w", stderr) == nullptr) FAIL("no /dev/null");
  }
  ~Fixture() {
    fflush(stdout);
    fflush(stderr);
    dup2(out_, 1);
    dup2(err_, 2);
    close(out_);
    close(err_);
    unsetenv("CIB_file");
    unlink(path_.c_str());
  }
  Fixture(const Fixture&) = delete;
  Fixture& operator=(const Fixture&) = delete;

  [[nodiscard]] cib::Document document() const {
    std::ifstream in(path_);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    auto parsed = cib::Document::parse(text);
    if (!parsed) FAIL(parsed.error().message);
    return std::move(*parsed);
  }
  [[nodiscard]] bool has(const char* element, const char* id) const {
    return !xml::find(document().root(), element, id).empty();
  }

 private:
  std::string path_;
  int out_ = -1, err_ = -1;
};

}  // namespace

TEST_CASE("lowlevel: cibadmin creates, modifies, replaces and deletes in a file", "[cli]") {
  Fixture file;
  CHECK(cibadmin({"-C", "-o", "resources", "-X", "<primitive id='WEB' class='lsb' type='y'/>"}) == 0);
  CHECK(file.has("primitive", "WEB"));
  CHECK(cibadmin({"-M", "-X", "<primitive id='WEB' description='new'/>"}) == 0);
  CHECK(xml::attribute(xml::find(file.document().root(), "primitive", "WEB"), "description") == "new");
  CHECK(cibadmin({"--replace", "--scope", "configuration", "--xml-text", "<tags><tag id='t'><obj_ref id='VIP'/></tag></tags>"}) == 0);
  CHECK(file.has("tag", "t"));
  CHECK(cibadmin({"-o", "resources", "-D", "--xpath", "//primitive[@id='WEB']"}) == 0);
  CHECK_FALSE(file.has("primitive", "WEB"));
  CHECK(to_string(file.document().version()) == "0.4.0");
}

TEST_CASE("lowlevel: cibadmin's exit codes are Pacemaker's", "[cli]") {
  Fixture file;
  CHECK(cibadmin({"-Ql"}) == 0);
  CHECK(cibadmin({"-Q", "-o", "tags"}) == 105);
  CHECK(cibadmin({"-Q", "--xpath", "//clone"}) == 105);
  CHECK(cibadmin({"-C", "-o", "resources", "-X", "<primitive id='VIP' class='lsb' type='y'/>"}) == 108);
  CHECK(cibadmin({"-C", "-o", "resources", "-X", "<primitive id='a' clas='lsb' type='y'/>"}) == 78);
  CHECK(cibadmin({"-M", "-X", "<primitive id='none'/>"}) == 105);
  CHECK(cibadmin({"-D", "-X", "<primitive id='none'/>"}) == 0);
  CHECK(cibadmin({"-E"}) == 64);
  CHECK(cibadmin({"--nonsense"}) == 64);
  CHECK(cibadmin({}) == 64);
}

TEST_CASE("lowlevel: without a cluster the programs say so by their exit codes", "[cli]") {
  Fixture file;
  unsetenv("CIB_file");
  const std::string nowhere = "--root=/nonexistent/relevo";
  CHECK(cibadmin({"-Q", nowhere}) == 102);
  CHECK(crm_verify({"-L", nowhere}) == 66);
  CHECK(crm_node({"-n", nowhere}) == 102);
  CHECK(crm_attribute({"-n", "x", "-G", nowhere}) == 102);
}

TEST_CASE("lowlevel: crm_attribute sets, asks and deletes", "[cli]") {
  Fixture file;
  CHECK(crm_attribute({"-t", "nodes", "--node", "n1", "--name", "standby", "--update", "on"}) == 0);
  CHECK(file.has("nvpair", "nodes-1-standby"));
  CHECK(crm_attribute({"-N", "n1", "-n", "standby", "-G"}) == 0);
  CHECK(crm_attribute({"-N", "n1", "-n", "standby", "-D"}) == 0);
  CHECK(crm_attribute({"-N", "n1", "-n", "standby", "-G"}) == 105);
  CHECK(crm_attribute({"-N", "n1", "-n", "standby", "-G", "-d", "off"}) == 0);
  CHECK(crm_attribute({"-N", "nobody", "-n", "standby", "-G"}) == 105);
  CHECK(crm_attribute({"-n", "stonith-enabled", "-v", "false"}) == 0);
  CHECK(file.has("nvpair", "cib-bootstrap-options-stonith-enabled"));
}

TEST_CASE("lowlevel: crm_verify fails on what is invalid and on fencing without devices", "[cli]") {
  Fixture file;
  CHECK(crm_verify({"-L"}) == 78);
  CHECK(crm_attribute({"-n", "stonith-enabled", "-v", "false"}) == 0);
  CHECK(crm_verify({"-L", "-V"}) == 0);
  CHECK(crm_verify({"-X", "<cib><configuration><x/></configuration></cib>"}) == 78);
  CHECK(crm_verify({"-x", "/nonexistent"}) == 1);
  CHECK(crm_verify({"-X", "garbage"}) == 1);
  CHECK(crm_verify({"-X", "<configuration/>"}) == 76);
  CHECK(crm_verify({}) == 1);
  CHECK(crm_verify({"-p", "-L"}) == 64);
}

TEST_CASE("lowlevel: the table knows its programs", "[cli]") {
  CHECK(find("cibadmin") == cibadmin);
  CHECK(find("crm_nonsense") == nullptr);
}
