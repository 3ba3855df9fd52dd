// Blocks of name-value pairs: precedence by score, references, rules.
#include <algorithm>

#include "common/xml/tree.hpp"
#include "resmgr/cib/unpack_context.hpp"

namespace relevo::cib {
namespace {

struct Block {
  pugi::xml_node xml;
  int rank = 0;
};

int rank_of(const pugi::xml_node& block) {
  // Pacemaker reads this set before all others, whatever their scores.
  if (xml::attribute_or(block, "id") == "cib-bootstrap-options") return model::Score::infinity + 1;
  return model::parse_score(xml::attribute_or(block, "score", "0")).value_or(model::Score()).value;
}

void add_pairs(const UnpackContext& context, const pugi::xml_node& block, model::NvMap& values) {
  // `attributes` is the wrapper of very old documents.
  const pugi::xml_node holder = block.child("attributes") ? block.child("attributes") : block;
  for (const pugi::xml_node& pair : holder.children("nvpair")) {
    const pugi::xml_node target = resolve(context, pair);
    const auto name = xml::attribute_or(pair, "name", xml::attribute_or(target, "name"));
    const auto value = xml::attribute(target, "value");
    if (!name.empty() && value) values.emplace(name, *value);
  }
}

}  // namespace

pugi::xml_node resolve(const UnpackContext& context, const pugi::xml_node& element) {
  const auto reference = xml::attribute(element, "id-ref");
  return reference ? xml::find(context.cib, element.name(), *reference) : element;
}

void add_blocks(UnpackContext& context, const pugi::xml_node& parent, const char* element, const RuleSubject& subject,
                model::NvMap& values) {
  std::vector<Block> blocks;
  for (const pugi::xml_node& child : parent.children(element))
    if (const pugi::xml_node block = resolve(context, child)) blocks.push_back({block, rank_of(block)});
  std::stable_sort(blocks.begin(), blocks.end(), [](const Block& a, const Block& b) { return a.rank > b.rank; });
  for (const Block& block : blocks) {
    const pugi::xml_node rule = block.xml.child("rule");
    if (!rule || rule_holds(context, resolve(context, rule), subject)) add_pairs(context, block.xml, values);
  }
}

}  // namespace relevo::cib
