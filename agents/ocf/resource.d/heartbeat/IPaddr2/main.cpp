// ocf:heartbeat:IPaddr2: a virtual address that lives on one node at a time.
#include "agents/ocf/resource.d/heartbeat/IPaddr2/actions.hpp"
#include "agents/ocf/resource.d/heartbeat/IPaddr2/settings.hpp"

int main(int argc, char** argv) {
  namespace agent = relevo::agents::ipaddr2;
  return relevo::agents::run_agent(argc, argv, agent::metadata(),
                                   {{"start", agent::start},
                                    {"stop", agent::stop},
                                    {"monitor", agent::monitor},
                                    {"status", agent::monitor},
                                    {"validate-all", agent::validate}});
}
