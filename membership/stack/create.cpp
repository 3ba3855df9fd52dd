// From the configuration to the parts: what is checked before a stack exists.
#include "membership/seal/keys.hpp"
#include "membership/stack/impl.hpp"
#include "membership/stack/translate.hpp"

namespace relevo::stack {

Result<std::unique_ptr<Stack>> Stack::create(Options options, Random& random) {
  if (auto ok = check(options); !ok) return pass(ok.error());
  const auto votes = quorum_options(options.config);
  auto ring_of_keys = options.key;
  seal::assign_ids(ring_of_keys, options.config.totem.cluster_name);
  const seal::ClusterKeys key(ring_of_keys, options.config.totem.cluster_name);
  Incarnation incarnation{random.number()};
  if (incarnation == Incarnation{}) incarnation.value = 1;  // 0 means unknown on the wire
  auto impl = std::make_unique<Impl>(Impl{
      .self = options.self,
      .incarnation = incarnation,
      .links = links::Links(link_options(options), key, incarnation, random),
      .ring = totem::Ring(ring_options(options.config.totem)),
      .groups = groups::Groups(options.self),
      .quorum = quorum::Quorum(votes, options.self),
      .regular = {},
      .out = {},
      .agreement = reload::Agreement(options.self, reload::in_force_of(options.config), options.config_text),
      .prepared = {},
      .to_apply = {},
      .keys = keys::Rotation({.self = options.self, .configured = {}, .grace = 60s}, ring_of_keys, random),
      .cluster_name = options.config.totem.cluster_name,
  });
  impl->configure_arbiter(options.config);
  return std::make_unique<Stack>(std::move(impl));
}

}  // namespace relevo::stack
