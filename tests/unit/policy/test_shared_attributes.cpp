// Attributes that are kept once for many: who sees a change, and who shares again.
#include <catch2/catch.hpp>

#include "resmgr/policy/set/shared_attributes.hpp"

using namespace relevo::policy;

TEST_CASE("policy shared attributes: a change of a copy is not seen by the original or by other copies", "[policy]") {
  const SharedAttributes original{{"timeout", "20000"}};
  SharedAttributes a = original, b = original;
  CHECK(&a.get() == &b.get());
  a.insert_or_assign("timeout", "5000");
  b.insert_or_assign("interval", "0");
  CHECK(original.get() == Attributes{{"timeout", "20000"}});
  CHECK(a.get() == Attributes{{"timeout", "5000"}});
  CHECK(b.get() == Attributes{{"interval", "0"}, {"timeout", "20000"}});
}

TEST_CASE("policy shared attributes: copies that are changed alike share what came of it", "[policy]") {
  const SharedAttributes original{{"timeout", "20000"}};
  SharedAttributes a = original, b = original, c = original;
  a.insert_or_assign("op_target_rc", "7");
  b.insert_or_assign("op_target_rc", "7");
  c.insert_or_assign("op_target_rc", "8");
  CHECK(&a.get() == &b.get());
  CHECK(&a.get() != &c.get());
  CHECK(c.at("op_target_rc") == "8");
  b.insert_or_assign("more", "x");
  CHECK(a.get() == Attributes{{"op_target_rc", "7"}, {"timeout", "20000"}});
}

TEST_CASE("policy shared attributes: what was derived before the original itself was changed is not taken for it", "[policy]") {
  SharedAttributes original{{"timeout", "20000"}};
  SharedAttributes copy = original;
  copy.insert_or_assign("op_target_rc", "7");
  original.insert_or_assign("timeout", "1");  // nobody shares it any more
  SharedAttributes again = original;
  again.insert_or_assign("op_target_rc", "7");
  CHECK(again.get() == Attributes{{"op_target_rc", "7"}, {"timeout", "1"}});
}

TEST_CASE("policy shared attributes: none at all can be read, asked and filled", "[policy]") {
  SharedAttributes none;
  CHECK(none.find("x") == none.end());
  CHECK(none.get().empty());
  none.try_emplace("x", "1");
  none.try_emplace("x", "2");
  CHECK(none.at("x") == "1");
  CHECK(SharedAttributes().get().empty());
}
