// Fuzz target: any bytes as cluster.conf give a configuration or an error that names the file, never anything else.
#include <cstdint>
#include <cstdlib>

#include "common/base/bytes.hpp"
#include "common/config/cluster_config.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto config = relevo::config::parse_cluster_config(relevo::as_text({data, size}), "f");
  if (!config && !config.error().message.starts_with("f:")) std::abort();
  if (config && (config->nodes.empty() || config->links == 0 || config->totem.token.count() <= 0)) std::abort();
  return 0;
}
